"""What officers decide on evaluations, and what stands in the way."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from accounts.models import User
from agency import places
from agency.models import NonAdoption, Place
from core import clock
from core.db import db, transaction
from core.errors import Conflict, DomainError, Refusals
from evaluations import tallies
from evaluations.flags import flags_of
from evaluations.models import Evaluation, Hold, Party, Tally
from evaluations.rules.adopting import NotAdoptable, NothingToAdmit, Obstacle
from evaluations.rules.course import NotPossibleNow
from evaluations.rules.states import EvaluationFlag, HoldKind, Level, Outcome, Release, State
from evaluations.services import commissioning, deciding, withdrawing
from notices.models import Notice
from tests.factories import Make
from tests.factories.places import bare_evaluation

pytestmark = pytest.mark.usefixtures("context")
BUREAU = "changchun"
SignIn = Callable[[User], FlaskClient]


def events() -> set[tuple[str, str]]:
    rows = db.session.execute(select(Notice.event, Notice.audience_kind))
    return {(event, kind) for event, kind in rows}


def test_a_bureau_adopts_and_both_sides_are_told(make: Make) -> None:
    evaluation = make.evaluation(State.HANDED_OVER)
    officer = make.officer("municipal", bureau=BUREAU)
    deciding.adopt(evaluation.id, version=evaluation.version, reason="符合要求", by=officer)
    now = make.evaluation_now(evaluation.id)
    assert now.state is State.ADOPTED
    decision = now.adoptions[-1]
    assert (decision.adopted, decision.level, decision.reason) == (True, Level.MUNICIPAL, "符合要求")
    assert {("evaluation_adopted", "agency"), ("evaluation_adopted", "applicant")} <= events()


def test_nobody_adopts_twice(make: Make) -> None:
    evaluation = make.evaluation(State.HANDED_OVER)
    officer = make.officer("municipal", bureau=BUREAU)
    deciding.adopt(evaluation.id, version=evaluation.version, reason="符合", by=officer)
    with pytest.raises(NotPossibleNow):
        deciding.adopt(evaluation.id, version=evaluation.version, reason="符合", by=officer)
    with pytest.raises(NotPossibleNow):
        deciding.adopt(evaluation.id, version=evaluation.version + 1, reason="符合", by=officer)
    assert len(make.evaluation_now(evaluation.id).adoptions) == 1


@pytest.mark.parametrize("state", [each for each in State if each is not State.HANDED_OVER])
def test_only_what_was_handed_over_is_decided(make: Make, state: State) -> None:
    evaluation = make.evaluation(state)
    officer = make.officer("municipal", bureau=BUREAU)
    for decide in (deciding.adopt, deciding.decline):
        with pytest.raises(NotPossibleNow):
            decide(evaluation.id, version=evaluation.version, reason="理由", by=officer)
    assert make.evaluation_now(evaluation.id).state is state


def test_what_the_applicant_has_not_confirmed_is_not_adopted_and_nothing_is_written(make: Make) -> None:
    evaluation = make.evaluation(State.HANDED_OVER)
    with transaction() as session:
        session.delete(session.get_one(Evaluation, evaluation.id).confirmation)
    with pytest.raises(NotAdoptable) as refusal:
        deciding.adopt(
            evaluation.id, version=evaluation.version, reason="符合", by=make.officer("municipal", bureau=BUREAU)
        )
    assert refusal.value.what is Obstacle.NOT_CONFIRMED
    now = make.evaluation_now(evaluation.id)
    assert (now.state, now.version, now.adoptions) == (State.HANDED_OVER, evaluation.version, [])


@pytest.mark.clause("JL-21-2", "JL-22-2")
@pytest.mark.parametrize("flag", [EvaluationFlag.UNFILED, EvaluationFlag.OVER_CAP])
def test_unfiled_and_over_cap_are_never_adopted(make: Make, flag: EvaluationFlag) -> None:
    evaluation = make.evaluation(State.HANDED_OVER, level=Level.NATIONAL)
    with transaction() as session:
        row = session.get_one(Evaluation, evaluation.id)
        if flag is EvaluationFlag.UNFILED:
            row.unfiled = True
        else:
            for place in session.scalars(select(Place).where(Place.evaluation_id == row.id)):
                place.number = None
    row = db.session.get_one(Evaluation, evaluation.id)
    assert flag in flags_of(db.session(), [row])[row.id]
    with pytest.raises(NotAdoptable):
        deciding.adopt(
            row.id, version=evaluation.version, reason="符合", in_spite_of="理由", by=make.officer("approver")
        )


@pytest.mark.clause("JL-22-3")
def test_what_was_issued_inside_a_period_and_presented_after_it_takes_a_reason(make: Make) -> None:
    evaluation = make.evaluation(State.HANDED_OVER, begun_on=clock.today() - timedelta(days=60))
    officer = make.officer("municipal", bureau=BUREAU)
    day = evaluation.reports[-1].issued_on
    with transaction() as session:
        agency_id = session.scalars(select(Party.agency_id).where(Party.evaluation_id == evaluation.id)).one()
        session.add(
            NonAdoption(
                agency_id=agency_id, first_day=day, last_day=day, document="吉工信〔2026〕1号", basis="数据造假",
                entered_at=clock.now(), entered_by=officer.id,
            )
        )  # fmt: skip
    with pytest.raises(NotAdoptable) as refusal:
        deciding.adopt(evaluation.id, version=evaluation.version, reason="符合", by=officer)
    assert refusal.value.field == "in_spite_of"
    row = db.session.get_one(Evaluation, evaluation.id)
    assert EvaluationFlag.NON_ADOPTION in flags_of(db.session(), [row])[row.id]
    with pytest.raises(NotAdoptable):  # a bureau decides no such thing
        deciding.adopt(evaluation.id, version=evaluation.version, reason="符合", in_spite_of="无关", by=officer)
    deciding.admit(evaluation.id, version=evaluation.version, reason="数据经复测一致", by=make.officer("approver"))
    assert {("evaluation_admitted", kind) for kind in ("agency", "applicant", "bureau")} <= events()
    version = make.evaluation_now(evaluation.id).version
    with pytest.raises(NothingToAdmit):
        deciding.admit(evaluation.id, version=version, reason="再次", by=make.officer("approver"))
    deciding.adopt(evaluation.id, version=version, reason="符合", by=officer)
    assert make.evaluation_now(evaluation.id).adoptions[-1].in_spite_of == "数据经复测一致"


@pytest.mark.clause("JL-22-3")
def test_an_approver_who_adopts_decides_so_with_the_same_reason(make: Make) -> None:
    evaluation = make.evaluation(State.HANDED_OVER, level=Level.PROVINCIAL, begun_on=clock.today() - timedelta(days=60))
    officer, day = make.officer("approver"), evaluation.reports[-1].issued_on
    with transaction() as session:
        session.add(
            NonAdoption(
                agency_id=make.filed_agency().id, first_day=day, last_day=day, document="吉工信〔2026〕2号",
                basis="数据造假", entered_at=clock.now(), entered_by=officer.id,
            )
        )  # fmt: skip
    deciding.adopt(evaluation.id, version=evaluation.version, reason="符合", in_spite_of="与该事项无关", by=officer)
    assert make.evaluation_now(evaluation.id).adoptions[-1].in_spite_of == "与该事项无关"
    assert ("evaluation_admitted", "applicant") in events()


def test_a_dispute_stops_adoption_until_it_is_decided(make: Make) -> None:
    evaluation = make.evaluation(State.HANDED_OVER)
    officer = make.officer("municipal", bureau=BUREAU)
    user = make.user_of_applicant(evaluation.applicant)
    commissioning.dispute(evaluation.id, version=evaluation.version, reason="没有委托", by=user)
    assert {("evaluation_disputed", "agency"), ("evaluation_disputed", "bureau")} <= events()
    version = make.evaluation_now(evaluation.id).version
    with pytest.raises(DomainError):
        deciding.adopt(evaluation.id, version=version, reason="符合", by=officer)
    with pytest.raises(deciding.DisputeOpen):
        deciding.decline(evaluation.id, version=version, reason="不符", by=officer)
    deciding.decide_dispute(evaluation.id, version=version, upheld=False, reason="协议属实", by=officer)
    deciding.adopt(evaluation.id, version=version + 1, reason="符合", by=officer)
    assert make.evaluation_now(evaluation.id).state is State.ADOPTED


def test_a_dispute_that_is_upheld_blocks_and_takes_the_confirmation_back(make: Make) -> None:
    evaluation = make.evaluation(State.HANDED_OVER)
    officer = make.officer("municipal", bureau=BUREAU)
    user = make.user_of_applicant(evaluation.applicant)
    commissioning.dispute(evaluation.id, version=evaluation.version, reason="没有委托", by=user)
    version = evaluation.version + 1
    deciding.decide_dispute(evaluation.id, version=version, upheld=True, reason="印章不符", by=officer)
    holds = db.session.scalars(select(Hold).where(Hold.evaluation_id == evaluation.id).order_by(Hold.id)).all()
    assert [(hold.kind, hold.outcome) for hold in holds] == [(HoldKind.DISPUTE, Outcome.UPHELD), (HoldKind.BLOCK, None)]
    with pytest.raises(Refusals):
        deciding.adopt(evaluation.id, version=version + 1, reason="符合", by=officer)
    deciding.lift(evaluation.id, version=version + 1, reason="已补签", by=officer)
    with pytest.raises(NotAdoptable):
        deciding.adopt(evaluation.id, version=version + 2, reason="符合", by=officer)
    commissioning.confirm(evaluation.id, version=version + 2, by=user)
    deciding.adopt(evaluation.id, version=version + 3, reason="符合", by=officer)
    assert make.evaluation_now(evaluation.id).state is State.ADOPTED


def test_a_dispute_about_what_was_withdrawn_meanwhile_is_upheld_too_and_outlasts_its_restoring(make: Make) -> None:
    evaluation = make.evaluation(State.HANDED_OVER)
    officer = make.officer("municipal", bureau=BUREAU)
    agent = make.user_of(make.filed_agency())
    user = make.user_of_applicant(evaluation.applicant)
    commissioning.dispute(evaluation.id, version=evaluation.version, reason="没有委托", by=user)
    withdrawing.withdraw(evaluation.id, version=evaluation.version + 1, by=agent, reason="不做了")
    deciding.decide_dispute(evaluation.id, version=evaluation.version + 2, upheld=True, reason="印章不符", by=officer)
    now = make.evaluation_now(evaluation.id)
    assert (now.state, now.holds[0].outcome) == (State.WITHDRAWN, Outcome.UPHELD)
    deciding.restore(evaluation.id, version=now.version, reason="继续", by=officer)
    restored = make.evaluation_now(evaluation.id)
    with pytest.raises(Refusals):
        deciding.adopt(evaluation.id, version=restored.version, reason="符合", by=officer)
    assert (HoldKind.BLOCK, None) in {(hold.kind, hold.outcome) for hold in restored.holds}


def test_a_block_stands_once_and_is_lifted_once(make: Make) -> None:
    evaluation = make.evaluation(State.IN_PROGRESS)
    officer = make.officer("municipal", bureau=BUREAU)
    deciding.block(evaluation.id, version=evaluation.version, reason="举报待核", by=officer)
    with pytest.raises(Conflict):
        deciding.block(evaluation.id, version=evaluation.version + 1, reason="举报待核", by=officer)
    deciding.lift(evaluation.id, version=evaluation.version + 1, reason="查无此事", by=officer)
    with pytest.raises(Conflict):
        deciding.lift(evaluation.id, version=evaluation.version + 2, reason="查无此事", by=officer)
    assert make.evaluation_now(evaluation.id).version == evaluation.version + 2


@pytest.mark.parametrize("state", [State.ADOPTED, State.NOT_ADOPTED, State.WITHDRAWN])
def test_what_has_ended_is_neither_disputed_nor_blocked(make: Make, state: State) -> None:
    evaluation = make.evaluation(state)
    with pytest.raises(Conflict):
        deciding.block(evaluation.id, version=evaluation.version, reason="理由", by=make.officer("approver"))
    user = make.user_of_applicant(evaluation.applicant)
    with pytest.raises(Conflict):
        commissioning.dispute(evaluation.id, version=evaluation.version, reason="理由", by=user)


def places_of(evaluation_id: int) -> int:
    return len(db.session.scalars(select(Place.id).where(Place.evaluation_id == evaluation_id)).all())


def test_released_places_are_free_and_taken_again_by_restoring(make: Make) -> None:
    evaluation = make.evaluation(State.WITHDRAWN, level=Level.NATIONAL)
    officer = make.officer("reviewer")
    held = places_of(evaluation.id)
    assert held == 2
    deciding.release(evaluation.id, version=evaluation.version, granted=True, reason="未进场", by=officer)
    assert places_of(evaluation.id) == 0
    assert make.evaluation_now(evaluation.id).release is Release.GRANTED
    with pytest.raises(deciding.NoReleaseAsked):
        deciding.release(evaluation.id, version=evaluation.version + 1, granted=True, reason="未进场", by=officer)
    deciding.restore(evaluation.id, version=evaluation.version + 1, reason="继续申报", by=officer)
    now = make.evaluation_now(evaluation.id)
    assert (now.state, now.release, now.withdrawn_from) == (State.REGISTERED, Release.NONE, None)
    assert places_of(evaluation.id) == held


def test_declined_places_stay_used_and_are_not_taken_twice(make: Make) -> None:
    evaluation = make.evaluation(State.WITHDRAWN, level=Level.NATIONAL)
    officer = make.officer("approver")
    deciding.release(evaluation.id, version=evaluation.version, granted=False, reason="已进场", by=officer)
    assert places_of(evaluation.id) == 2
    deciding.restore(evaluation.id, version=evaluation.version + 1, reason="继续", by=officer)
    assert places_of(evaluation.id) == 2


@pytest.mark.clause("JL-22-2")
def test_restoring_needs_a_free_place(make: Make) -> None:
    first = make.evaluation(State.WITHDRAWN, level=Level.NATIONAL)
    officer = make.officer("approver")
    deciding.release(first.id, version=first.version, granted=True, reason="未进场", by=officer)
    for _ in range(15):
        make.evaluation(level=Level.NATIONAL)
    with pytest.raises(DomainError) as refusal:
        deciding.restore(first.id, version=first.version + 1, reason="继续", by=officer)
    assert refusal.value.clause == "JL-22-2"
    now = make.evaluation_now(first.id)
    assert (now.state, now.release) == (State.WITHDRAWN, Release.GRANTED)


def test_sums_follow_each_decision(make: Make) -> None:
    evaluation = make.evaluation(State.HANDED_OVER)
    officer = make.officer("municipal", bureau=BUREAU)
    deciding.decline(evaluation.id, version=evaluation.version, reason="不符", by=officer)
    sums = db.session.execute(select(Tally.state, Tally.count).where(Tally.agency_id == 0, Tally.count != 0)).all()
    assert [tuple(row) for row in sums] == [(State.NOT_ADOPTED, 1)]


def over_the_cap(make: Make, officer: User) -> tuple[Evaluation, int]:
    """A handed over one that is over the cap without having been recorded, and one that holds a place."""
    agency, held = make.filed_agency(), 0
    for _ in range(15):
        with transaction() as session:
            row = bare_evaluation(session, agency.id, begun_on=clock.today())
            places.take(session, row.id, [agency.id], counted_on=clock.today())
            held = row.id
    evaluation = make.evaluation(State.HANDED_OVER)
    with transaction() as session:
        row = session.get_one(Evaluation, evaluation.id)
        places.take_what_is_free(session, row.id, [agency.id], counted_on=row.begun_on)
        with tallies.moving(session, row):
            row.level = Level.NATIONAL
    return make.evaluation_now(evaluation.id), held


@pytest.mark.clause("JL-22-2")
def test_an_officer_gives_it_the_place_that_is_free_and_it_may_be_adopted(make: Make, sign_in: SignIn) -> None:
    officer = make.officer("approver")
    evaluation, held = over_the_cap(make, officer)
    at, client = f"/desk/evaluations/{evaluation.id}", sign_in(officer)
    data = {"version": evaluation.version, "reason": "另一项进场前撤回"}
    assert f"{at}/place" in client.get(at).text
    assert "核定后可以按程序采信" in client.get(f"{at}/place").text
    full = client.post(f"{at}/place", data=data)
    assert full.status_code == 422
    assert "已经用完" in full.text
    assert client.post(f"{at}/place", data=data | {"reason": ""}).status_code == 422
    with transaction() as session:
        places.release(session, held)
    assert client.post(f"{at}/place", data=data).status_code == 302
    assert client.post(f"{at}/place", data=data).status_code == 409
    now = make.evaluation_now(evaluation.id)
    assert EvaluationFlag.OVER_CAP not in flags_of(db.session(), [now])[now.id]
    assert ("evaluation_placed", "agency") in events()
    deciding.adopt(now.id, version=now.version, reason="符合要求", by=officer)
    assert "没有超额的名额要核定" in client.get(f"{at}/place", follow_redirects=True).text


@pytest.mark.clause("JL-22-2")
def test_what_is_withdrawn_is_given_no_place(make: Make) -> None:
    officer = make.officer("approver")
    evaluation, held = over_the_cap(make, officer)
    withdrawing.withdraw(evaluation.id, version=evaluation.version, by=make.user_of(make.filed_agency()), reason="终止")
    with transaction() as session:
        places.release(session, held)
    now = make.evaluation_now(evaluation.id)
    with pytest.raises(NotPossibleNow):
        deciding.place(now.id, version=now.version, reason="名额已空出", by=officer)
