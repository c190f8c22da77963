"""The work on an evaluation: what gets in, what is refused at which field, and who is told."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from accounts.models import User
from agency.models import Place, StaffMember
from applicants.models import Applicant
from core import clock
from core.audit import AuditEntry
from core.db import db, transaction
from core.documents import DocumentRefused
from core.errors import DomainError, Refusals
from evaluations.entries import AdviceEntry, ReviewEntry, Upload, VisitEntry
from evaluations.models import Evaluation, Hold
from evaluations.rules.adopting import NotAdoptable
from evaluations.rules.course import NotPossibleNow
from evaluations.rules.states import Action, AdviceKind, HoldKind, Level, Release, State
from evaluations.rules.working import NoLetterNeeded
from evaluations.services import deciding, handing_over, withdrawing, working
from notices.models import Notice
from tests.factories import Make
from tests.factories.agencies import TINY_PDF

pytestmark = pytest.mark.usefixtures("context")

BEGUN = 30  # days ago
FILE = Upload(TINY_PDF, "扫描件.pdf")


def begun(make: Make, state: State = State.REGISTERED, **given: Any) -> Evaluation:
    return make.evaluation(state, begun_on=clock.today() - timedelta(days=BEGUN), **given)


def ago(days: int) -> date:
    return clock.today() - timedelta(days=days)


def user(make: Make) -> User:
    return make.user_of(make.filed_agency())


def staff(make: Make) -> list[int]:
    """Persons on the filed roster, the team's two first."""
    asked = select(StaffMember.person_id).where(StaffMember.agency_id == make.filed_agency().id)
    return list(db.session.scalars(asked.order_by(StaffMember.id)))


def told(error: DomainError) -> dict[str | None, str]:
    each = error.refusals if isinstance(error, Refusals) else (error,)
    return {one.field: one.message for one in each}


def visited(on: date) -> VisitEntry:
    return VisitEntry(on, "一号车间", "高职员01", "查看能源计量台账")


def events(evaluation: Evaluation) -> set[tuple[str, str]]:
    rows = db.session.execute(select(Notice.event, Notice.audience_kind).where(Notice.about_id == evaluation.id))
    return {(row.event, row.audience_kind) for row in rows}


def logged(evaluation: Evaluation) -> list[str]:
    asked = select(AuditEntry.action).where(
        AuditEntry.object_kind == "evaluation", AuditEntry.object_id == evaluation.id
    )
    return list(db.session.scalars(asked.order_by(AuditEntry.number)))


def test_the_first_visit_starts_the_evaluation_and_the_second_does_not_start_it_again(make: Make) -> None:
    evaluation = begun(make)
    working.visit(evaluation.id, visited(ago(20)), version=evaluation.version, by=user(make))
    now = make.evaluation_now(evaluation.id)
    assert (now.state, now.steps[-1].action) == (State.IN_PROGRESS, Action.START)
    assert ("evaluation_started", "applicant") in events(evaluation)
    working.visit(evaluation.id, visited(ago(19)), version=now.version, by=user(make))
    now = make.evaluation_now(evaluation.id)
    assert [visit.on for visit in now.visits] == [ago(20), ago(19)]
    assert [step.action for step in now.steps] == [Action.REGISTER, Action.START]
    assert logged(evaluation)[-1] == "evaluation.visited"


@pytest.mark.parametrize(("days", "said"), [(-1, "今天之后"), (BEGUN + 1, "早于协议日期")])
def test_nobody_was_on_site_tomorrow_or_before_the_agreement(make: Make, days: int, said: str) -> None:
    evaluation = begun(make)
    with pytest.raises(DomainError) as caught:
        working.visit(evaluation.id, visited(ago(days)), version=evaluation.version, by=user(make))
    assert said in told(caught.value)["on"]
    now = make.evaluation_now(evaluation.id)
    assert (now.state, now.version, now.visits) == (State.REGISTERED, evaluation.version, [])


def test_who_saw_an_older_version_adds_nothing(make: Make) -> None:
    evaluation = begun(make)
    working.visit(evaluation.id, visited(ago(20)), version=evaluation.version, by=user(make))
    with pytest.raises(NotPossibleNow):
        working.visit(evaluation.id, visited(ago(20)), version=evaluation.version, by=user(make))
    assert len(make.evaluation_now(evaluation.id).visits) == 1


def test_a_plan_is_in_order_and_changes_until_the_report(make: Make) -> None:
    evaluation = begun(make)
    with pytest.raises(DomainError) as caught:
        working.change_plan(evaluation.id, ago(BEGUN + 1), ago(BEGUN + 2), version=evaluation.version, by=user(make))
    assert set(told(caught.value)) == {"planned_from", "planned_until"}
    working.change_plan(evaluation.id, ago(20), ago(10), version=evaluation.version, by=user(make))
    now = make.evaluation_now(evaluation.id)
    assert (now.planned_from, now.planned_until) == (ago(20), ago(10))
    reported = begun(make, State.REPORT_ISSUED)
    with pytest.raises(NotPossibleNow):
        working.change_plan(reported.id, None, None, version=reported.version, by=user(make))


@pytest.mark.clause("JL-12-2")
@pytest.mark.clause("JL-21-2")
def test_a_team_is_changed_among_the_filed_staff_and_has_one_leader(make: Make) -> None:
    evaluation, agency = begun(make), make.filed_agency()
    people = staff(make)
    wanted = [(agency.id, people[1]), (agency.id, people[2])]
    working.change_team(evaluation.id, wanted, people[2], version=evaluation.version, by=user(make))
    now = make.evaluation_now(evaluation.id)
    assert {(member.person_id, member.leads) for member in now.team} == {(people[1], False), (people[2], True)}
    assert now.team[0].id == evaluation.team[1].id, "who stays keeps the row"
    stranger = make.staff_member(agency)  # on the roster, but not on the filing
    for team, leader, field in (
        ([(agency.id, stranger.person_id)], stranger.person_id, "team"),
        ([(agency.id, people[0])], people[1], "leader_id"),
        ([(agency.id, people[0])], None, "leader_id"),
        ([], None, "team"),
    ):
        with pytest.raises(DomainError) as caught:
            working.change_team(evaluation.id, team, leader, version=now.version, by=user(make))
        assert field in told(caught.value)


def test_who_has_left_leaves_the_team_and_who_is_no_longer_filed_may_stay(make: Make) -> None:
    evaluation, agency = begun(make), make.filed_agency()
    people = staff(make)
    with transaction() as session:
        session.scalars(select(StaffMember).where(StaffMember.person_id == people[0])).one().left_on = ago(1)
        session.flush()
    team = [(agency.id, people[0]), (agency.id, people[1])]
    with pytest.raises(DomainError) as caught:
        working.change_team(evaluation.id, team, people[1], version=evaluation.version, by=user(make))
    assert "离职" in told(caught.value)["team"]
    working.change_team(evaluation.id, team[1:], people[1], version=evaluation.version, by=user(make))
    assert [member.person_id for member in make.evaluation_now(evaluation.id).team] == [people[1]]


@pytest.mark.clause("JL-22-1a")
def test_who_has_reviewed_does_not_join_the_team(make: Make) -> None:
    evaluation, agency = begun(make, State.IN_PROGRESS), make.filed_agency()
    people = staff(make)
    entry = ReviewEntry(people[5], "", ago(10), "证据充分")
    working.review(evaluation.id, entry, version=evaluation.version, by=user(make))
    now = make.evaluation_now(evaluation.id)
    assert now.reviews[-1].name, "read from the roster"
    with pytest.raises(DomainError) as caught:
        working.change_team(evaluation.id, [(agency.id, people[5])], people[5], version=now.version, by=user(make))
    assert "复核" in told(caught.value)["team"]


@pytest.mark.clause("JL-22-1a")
def test_a_review_is_by_a_filed_person_who_is_not_on_the_team_after_the_last_visit(make: Make) -> None:
    evaluation = begun(make, State.IN_PROGRESS)
    working.visit(evaluation.id, visited(ago(15)), version=evaluation.version, by=user(make))
    people, version = staff(make), make.evaluation_now(evaluation.id).version
    stranger = make.staff_member(make.filed_agency()).person_id
    for person, on, opinions, fields in (
        (people[0], ago(10), "无意见", {"person_id"}),
        (stranger, ago(10), "无意见", {"person_id"}),
        (people[5], ago(16), "无意见", {"on"}),
        (people[5], ago(-1), " ", {"on", "opinions"}),
    ):
        with pytest.raises(DomainError) as caught:
            working.review(evaluation.id, ReviewEntry(person, "", on, opinions), version=version, by=user(make))
        assert set(told(caught.value)) == fields
    working.review(evaluation.id, ReviewEntry(people[5], "", ago(15), "无意见"), version=version, by=user(make))
    assert make.evaluation_now(evaluation.id).reviews[-1].on == ago(15)


def test_nobody_reviews_what_has_not_begun(make: Make) -> None:
    evaluation = begun(make)
    entry = ReviewEntry(staff(make)[5], "", ago(10), "无意见")
    with pytest.raises(NotPossibleNow):
        working.review(evaluation.id, entry, version=evaluation.version, by=user(make))


def test_a_replaced_agreement_stands_beside_the_old_one_and_the_begin_date_stays(make: Make) -> None:
    evaluation = begun(make)
    working.replace_agreement(evaluation.id, 0, FILE, version=evaluation.version, by=user(make), reason="免费")
    now = make.evaluation_now(evaluation.id)
    assert [(each.number, each.reason) for each in now.agreements] == [(1, ""), (2, "免费")]
    assert (now.agreements[1].amount_fen, now.begun_on) == (0, evaluation.begun_on)
    with pytest.raises(DomainError) as caught:
        working.replace_agreement(
            evaluation.id, -1, Upload(b"hello", "协议.pdf"), version=now.version, by=user(make), reason="补充"
        )
    assert set(told(caught.value)) == {"amount_fen", "agreement"}
    assert len(make.evaluation_now(evaluation.id).agreements) == 2


@pytest.mark.clause("JL-23-1")
def test_a_follow_up_follows_advice_or_the_report(make: Make) -> None:
    evaluation = begun(make, State.IN_PROGRESS)
    follow_up = AdviceEntry(AdviceKind.FOLLOW_UP, ago(5), "余热回收已投用")
    with pytest.raises(DomainError) as caught:
        working.advise(evaluation.id, follow_up, version=evaluation.version, by=user(make))
    assert "kind" in told(caught.value)
    advice = AdviceEntry(AdviceKind.ADVICE, ago(4), "建议加装余热回收")
    working.advise(evaluation.id, advice, version=evaluation.version, by=user(make))
    version = make.evaluation_now(evaluation.id).version
    with pytest.raises(DomainError) as caught:
        working.advise(evaluation.id, follow_up, version=version, by=user(make))
    assert "on" in told(caught.value)
    later = AdviceEntry(AdviceKind.FOLLOW_UP, ago(3), "余热回收已投用")
    working.advise(evaluation.id, later, version=version, by=user(make))
    assert [each.kind for each in make.evaluation_now(evaluation.id).advice] == [
        AdviceKind.ADVICE,
        AdviceKind.FOLLOW_UP,
    ]


@pytest.mark.clause("JL-23-1")
def test_an_adopted_one_is_followed_up_and_a_withdrawn_one_is_not(make: Make) -> None:
    entry = AdviceEntry(AdviceKind.FOLLOW_UP, clock.today(), "回访")
    adopted, withdrawn = begun(make, State.ADOPTED), begun(make, State.WITHDRAWN)
    working.advise(adopted.id, entry, version=adopted.version, by=user(make))
    with pytest.raises(NotPossibleNow):
        working.advise(withdrawn.id, entry, version=withdrawn.version, by=user(make))


def applicant_of(evaluation: Evaluation) -> Applicant:
    return db.session.get_one(Applicant, evaluation.applicant_id)


def test_a_letter_stands_for_an_applicant_without_a_login_and_a_better_copy_for_the_letter(make: Make) -> None:
    evaluation = begun(make)
    working.upload_letter(evaluation.id, FILE, version=evaluation.version, by=user(make))
    first = make.evaluation_now(evaluation.id)
    assert first.confirmation is not None
    assert first.confirmation.file is not None
    working.upload_letter(evaluation.id, FILE, version=first.version, by=user(make))
    second = make.evaluation_now(evaluation.id)
    assert second.confirmation is not None
    assert second.confirmation.file_id != first.confirmation.file_id
    with pytest.raises(DocumentRefused) as caught:
        working.upload_letter(evaluation.id, Upload(b"", "函.pdf"), version=second.version, by=user(make))
    assert caught.value.field == "letter"


def test_who_has_a_login_confirms_with_it(make: Make) -> None:
    evaluation, confirmed = begun(make), begun(make, State.HANDED_OVER)
    make.user_of_applicant(applicant_of(evaluation))
    for each in (evaluation, confirmed):
        with pytest.raises(NoLetterNeeded):
            working.upload_letter(each.id, FILE, version=each.version, by=user(make))


def test_a_report_is_handed_over_to_the_bureau_or_to_the_province(make: Make) -> None:
    for level, audience in ((Level.MUNICIPAL, "bureau"), (Level.PROVINCIAL, "role")):
        evaluation = begun(make, State.REPORT_ISSUED, level=level)
        handing_over.hand_over(evaluation.id, version=evaluation.version, by=user(make))
        now = make.evaluation_now(evaluation.id)
        assert (now.state, now.handed_over_on) == (State.HANDED_OVER, clock.today())
        assert {("evaluation_handed_over", audience), ("evaluation_handed_over", "applicant")} <= events(evaluation)
        with pytest.raises(NotPossibleNow):
            handing_over.hand_over(evaluation.id, version=evaluation.version, by=user(make))


@pytest.mark.clause("JL-12-1")
@pytest.mark.parametrize("kind", HoldKind)
def test_a_dispute_or_a_block_stops_the_hand_over(make: Make, kind: HoldKind) -> None:
    evaluation = begun(make, State.REPORT_ISSUED)
    with transaction() as session:
        session.add(Hold(evaluation_id=evaluation.id, kind=kind, reason="未委托", opened_at=clock.now()))
    with pytest.raises(NotAdoptable):
        handing_over.hand_over(evaluation.id, version=evaluation.version, by=user(make))
    assert make.evaluation_now(evaluation.id).state is State.REPORT_ISSUED


@pytest.mark.clause("JL-22-2")
@pytest.mark.parametrize(
    ("level", "state", "release"),
    [
        (Level.NATIONAL, State.REGISTERED, Release.ASKED),
        (Level.NATIONAL, State.IN_PROGRESS, Release.NONE),
        (Level.NATIONAL, State.HANDED_OVER, Release.NONE),
        (Level.MUNICIPAL, State.REGISTERED, Release.NONE),
    ],
)
def test_withdrawn_before_on_site_work_its_places_may_be_free_again(
    make: Make, level: Level, state: State, release: Release
) -> None:
    evaluation = begun(make, state, level=level)
    held = select(Place.number).where(Place.evaluation_id == evaluation.id).order_by(Place.id)
    before = list(db.session.scalars(held))
    assert len(before) == (2 if level is Level.NATIONAL else 0)
    given = withdrawing.withdraw(evaluation.id, version=evaluation.version, by=user(make), reason="推迟创建")
    now = make.evaluation_now(evaluation.id)
    assert (given, now.release, now.state, now.withdrawn_from) == (release, release, State.WITHDRAWN, state)
    assert list(db.session.scalars(held)) == before, "an officer gives them back"
    asked = ("evaluation_release_asked", "role") in events(evaluation)
    assert asked == (release is Release.ASKED)


@pytest.mark.clause("JL-22-2")
def test_one_over_the_cap_on_every_side_that_never_began_can_stop_counting_too(make: Make) -> None:
    evaluation = begun(make, level=Level.NATIONAL)
    with transaction() as session:
        for place in session.scalars(select(Place).where(Place.evaluation_id == evaluation.id)):
            place.number = None  # neither its representative nor its agency had one left
    given = withdrawing.withdraw(evaluation.id, version=evaluation.version, by=user(make), reason="没有开展")
    assert given is Release.ASKED
    officer = make.officer("reviewer")
    deciding.release(evaluation.id, version=evaluation.version + 1, granted=True, reason="核实未开展", by=officer)
    assert db.session.scalars(select(Place).where(Place.evaluation_id == evaluation.id)).all() == []


def test_what_is_decided_or_withdrawn_is_not_withdrawn(make: Make) -> None:
    for state in (State.ADOPTED, State.NOT_ADOPTED, State.WITHDRAWN):
        evaluation = begun(make, state)
        with pytest.raises(NotPossibleNow):
            withdrawing.withdraw(evaluation.id, version=evaluation.version, by=user(make), reason="推迟")
