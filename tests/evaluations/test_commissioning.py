"""What applicants say of evaluations, and their evaluations of themselves (第十二条)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from agency.models import Place
from core import clock
from core.db import db, transaction
from core.errors import Conflict, DomainError, Refusals
from evaluations.entries import ReportEntry, Upload
from evaluations.models import Evaluation
from evaluations.rules.gate import GateClosed
from evaluations.rules.states import Conclusion, Level, Mode, State
from evaluations.services import commissioning, deciding, self_evaluating
from notices.models import Notice
from tests.factories import Make
from tests.factories.agencies import TINY_PDF

pytestmark = pytest.mark.usefixtures("context")
REPORT = Upload(TINY_PDF, "报告.pdf")


def unconfirmed(make: Make) -> Evaluation:
    return make.evaluation(State.REPORT_ISSUED)


def test_an_applicant_confirms_once(make: Make) -> None:
    evaluation = unconfirmed(make)
    user = make.user_of_applicant(evaluation.applicant)
    commissioning.confirm(evaluation.id, version=evaluation.version, by=user)
    now = make.evaluation_now(evaluation.id)
    assert now.confirmation is not None
    assert (now.confirmation.by, now.confirmation.file_id) == (evaluation.applicant.name, None)
    with pytest.raises(commissioning.AlreadyConfirmed):
        commissioning.confirm(evaluation.id, version=now.version, by=user)


def test_a_letter_stands_for_the_login(make: Make) -> None:
    evaluation = unconfirmed(make)
    officer = make.officer("municipal", bureau="changchun")
    letter = Upload(TINY_PDF, "确认函.pdf")
    commissioning.add_letter(evaluation.id, letter, version=evaluation.version, by=officer, name="长春市工信局")
    now = make.evaluation_now(evaluation.id)
    assert now.confirmation is not None
    assert now.confirmation.file_id is not None


def test_a_letter_that_is_none_is_refused_at_its_field(make: Make) -> None:
    evaluation = unconfirmed(make)
    with pytest.raises(DomainError) as refusal:
        commissioning.add_letter(
            evaluation.id, Upload(b"no", "x.pdf"), version=evaluation.version, by=make.officer("approver"), name="厅"
        )
    assert refusal.value.field == "letter"


def test_while_it_disputes_it_does_not_confirm(make: Make) -> None:
    evaluation = unconfirmed(make)
    user = make.user_of_applicant(evaluation.applicant)
    commissioning.dispute(evaluation.id, version=evaluation.version, reason="级别不符", by=user)
    with pytest.raises(commissioning.NothingToConfirm):
        commissioning.confirm(evaluation.id, version=evaluation.version + 1, by=user)
    with pytest.raises(Conflict):
        commissioning.dispute(evaluation.id, version=evaluation.version + 1, reason="级别不符", by=user)


def own_entry(make: Make, **changed: object):  # type: ignore[no-untyped-def]
    applicant = make.applicant()
    entry = make.entry(make.filed_agency(), applicant, level=Level.NATIONAL)
    entry = replace(entry, agency_ids=(), team=(), leader_id=None, amount_fen=0)
    return applicant, replace(entry, **changed)  # type: ignore[arg-type]


def report_entry(**changed: object) -> ReportEntry:
    entry = ReportEntry(number="ZP-1", issued_on=clock.today(), score=905, conclusion=Conclusion.CONFORMS)
    return replace(entry, **changed)  # type: ignore[arg-type]


@pytest.mark.clause("JL-12-1")
def test_an_applicant_evaluates_itself_without_agency_and_place_and_is_adopted(make: Make) -> None:
    applicant, entry = own_entry(make)
    user = make.user_of_applicant(applicant)
    evaluation_id = self_evaluating.register(entry, team=("罗企业", "韩联络"), by=user)
    evaluation = make.evaluation_now(evaluation_id)
    assert (evaluation.mode, evaluation.parties, evaluation.bureau) == (Mode.SELF, [], "changchun")
    assert [(member.name, member.leads) for member in evaluation.team] == [("罗企业", True), ("韩联络", False)]
    assert db.session.scalar(select(Place.id)) is None
    self_evaluating.report(evaluation_id, report_entry(), REPORT, version=evaluation.version, by=user)
    version = make.evaluation_now(evaluation_id).version
    self_evaluating.hand_over(evaluation_id, version=version, by=user)
    deciding.adopt(evaluation_id, version=version + 1, reason="符合", by=make.officer("approver"))
    now = make.evaluation_now(evaluation_id)
    assert (now.state, len(now.reports)) == (State.ADOPTED, 1)


@pytest.mark.clause("JL-11")
def test_an_excluded_applicant_does_not_evaluate_itself_either(make: Make) -> None:
    applicant, entry = own_entry(make)
    make.exclusion(applicant)
    with pytest.raises(GateClosed) as refusal:
        self_evaluating.register(entry, team=("罗企业",), by=make.user_of_applicant(applicant))
    assert refusal.value.clause == "JL-11"
    assert db.session.scalar(select(Evaluation.id)) is None


@pytest.mark.clause("JL-12-1")
@pytest.mark.parametrize(("team", "field"), [((), "team"), (("罗企业", "罗企业"), "team")])
def test_a_team_has_people_each_once(make: Make, team: tuple[str, ...], field: str) -> None:
    applicant, entry = own_entry(make)
    with pytest.raises(DomainError) as refusal:
        self_evaluating.register(entry, team=team, by=make.user_of_applicant(applicant))
    assert refusal.value.field == field


def test_the_same_form_twice_is_registered_once(make: Make) -> None:
    applicant, entry = own_entry(make)
    user = make.user_of_applicant(applicant)
    self_evaluating.register(entry, team=("罗企业",), by=user)
    with pytest.raises(self_evaluating.AlreadyRegistered):
        self_evaluating.register(entry, team=("罗企业",), by=user)


@pytest.mark.clause("JL-12-1")
@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"issued_on": clock.today() + timedelta(days=1)}, "issued_on"),
        ({"issued_on": clock.today() - timedelta(days=1)}, "issued_on"),
        ({"number": "  "}, "number"),
        ({"score": 1001}, "score"),
    ],
)
def test_a_report_that_cannot_be_is_refused_at_its_field(make: Make, changed: dict[str, object], field: str) -> None:
    applicant, entry = own_entry(make)
    user = make.user_of_applicant(applicant)
    evaluation_id = self_evaluating.register(entry, team=("罗企业",), by=user)
    with pytest.raises(DomainError) as refusal:
        self_evaluating.report(evaluation_id, report_entry(**changed), REPORT, version=1, by=user)
    assert refusal.value.field == field
    assert make.evaluation_now(evaluation_id).state is State.REGISTERED


@pytest.mark.clause("JL-12-1")
def test_a_corrected_report_says_why_and_is_handed_over_anew(make: Make) -> None:
    applicant, entry = own_entry(make)
    user = make.user_of_applicant(applicant)
    evaluation_id = self_evaluating.register(entry, team=("罗企业",), by=user)
    self_evaluating.report(evaluation_id, report_entry(), REPORT, version=1, by=user)
    self_evaluating.hand_over(evaluation_id, version=2, by=user)
    with pytest.raises((DomainError, Refusals)) as refusal:
        self_evaluating.report(evaluation_id, report_entry(), REPORT, version=3, by=user)
    assert refusal.value.field == "reason"
    self_evaluating.report(evaluation_id, report_entry(reason="笔误"), REPORT, version=3, by=user)
    now = make.evaluation_now(evaluation_id)
    assert (now.state, now.handed_over_on, len(now.reports)) == (State.REPORT_ISSUED, None, 2)
    desk = select(Notice.event).where(
        Notice.about_kind == "evaluation", Notice.about_id == evaluation_id, Notice.audience_kind == "role"
    )
    assert set(db.session.scalars(desk)) == {"self_evaluation_handed_over", "evaluation_report_corrected"}


def test_what_an_agency_makes_is_not_reported_by_the_applicant(make: Make) -> None:
    evaluation = make.evaluation(State.REPORT_ISSUED)
    user = make.user_of_applicant(evaluation.applicant)
    with pytest.raises(self_evaluating.NotItsOwn):
        self_evaluating.hand_over(evaluation.id, version=evaluation.version, by=user)


def test_a_withdrawn_self_evaluation_is_restored_where_it_was(make: Make) -> None:
    applicant, entry = own_entry(make)
    user = make.user_of_applicant(applicant)
    evaluation_id = self_evaluating.register(entry, team=("罗企业",), by=user)
    self_evaluating.withdraw(evaluation_id, version=1, reason="不再申报", by=user)
    deciding.restore(evaluation_id, version=2, reason="继续", by=make.officer("approver"))
    assert make.evaluation_now(evaluation_id).state is State.REGISTERED


def test_an_act_on_what_was_not_seen_is_a_conflict(make: Make) -> None:
    evaluation = unconfirmed(make)
    with transaction() as session:
        session.get_one(Evaluation, evaluation.id).version += 1
    with pytest.raises(Conflict):
        commissioning.confirm(
            evaluation.id, version=evaluation.version, by=make.user_of_applicant(evaluation.applicant)
        )
