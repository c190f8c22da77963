"""Raising an evaluation to a higher level (reading 9): the gate again, the places of the day, sums and history."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from agency.models import NonAdoption, Place
from core import clock
from core.db import db, transaction
from core.errors import DomainError
from evaluations import flagging
from evaluations.models import Evaluation, Tally
from evaluations.rules import raising as rules
from evaluations.rules.course import NotPossibleNow
from evaluations.rules.raising import NotHigher, WrongYear, levels_above, require_higher, require_year
from evaluations.rules.standing_still import StandsStill
from evaluations.rules.states import Action, Level, State
from evaluations.services import deciding
from evaluations.services import registering as services
from notices.models import Notice
from tests.factories import Make
from tests.filing.test_races import at_once

pytestmark = pytest.mark.usefixtures("context")


def raise_to(make: Make, evaluation: Evaluation, level: Level, **given: object) -> Evaluation:
    user = make.user_of(make.filed_agency())
    services.raise_level(evaluation.id, level, version=evaluation.version, by=user, **given)  # type: ignore[arg-type]
    return make.evaluation_now(evaluation.id)


def places_of(evaluation: Evaluation) -> list[Place]:
    db.session.rollback()
    return list(db.session.scalars(select(Place).where(Place.evaluation_id == evaluation.id)))


def tallied() -> dict[tuple[int, int, Level, State], int]:
    rows = db.session.scalars(select(Tally).where(Tally.count != 0))
    return {(row.agency_id, row.year, row.level, row.state): row.count for row in rows}


def test_a_level_is_only_ever_raised() -> None:
    assert levels_above(Level.MUNICIPAL) == (Level.PROVINCIAL, Level.NATIONAL)
    assert levels_above(Level.NATIONAL) == ()
    require_higher(Level.MUNICIPAL, Level.NATIONAL)
    for now, to in ((Level.NATIONAL, Level.PROVINCIAL), (Level.PROVINCIAL, Level.PROVINCIAL)):
        with pytest.raises(NotHigher):
            require_higher(now, to)


@pytest.mark.parametrize(
    ("year", "applied_for", "fits"),
    [
        (2026, 2025, True), (2027, 2025, True), (2025, 2025, False),
        (2028, 2025, False), (2027, 2027, True), (2026, 2027, False),
    ],
)  # fmt: skip
def test_it_applies_for_this_year_or_the_next(year: int, applied_for: int, fits: bool) -> None:
    if fits:
        require_year(year, applied_for=applied_for, raised_in=2026, ahead=1)
    else:
        with pytest.raises(WrongYear):
            require_year(year, applied_for=applied_for, raised_in=2026, ahead=1)
    assert rules.year_after_raising(applied_for, raised_in=2026) == max(applied_for, 2026)


@pytest.mark.clause("JL-22-2")
def test_raised_to_national_it_takes_the_places_of_the_day_of_the_raising(make: Make) -> None:
    today = clock.today()
    last_year = date(today.year - 1, 11, 3)
    evaluation = make.evaluation("in_progress", level=Level.PROVINCIAL, begun_on=last_year)
    found = raise_to(make, evaluation, Level.NATIONAL)
    assert (found.level, found.state, found.raised_on, found.year) == (
        Level.NATIONAL,
        State.IN_PROGRESS,
        today,
        today.year,
    )
    assert {(place.year, place.number, place.counted_on) for place in places_of(found)} == {(today.year, 1, today)}
    agency_id = found.parties[0].agency_id
    assert tallied() == {(owner, today.year, Level.NATIONAL, State.IN_PROGRESS): 1 for owner in (0, agency_id)}
    step = found.steps[-1]
    assert (step.action, step.before, step.after, step.reason) == (
        Action.RAISE, State.IN_PROGRESS, State.IN_PROGRESS, "省级提升到国家级",
    )  # fmt: skip


def test_raised_to_provincial_it_takes_no_place_and_keeps_its_year(make: Make) -> None:
    year = clock.today().year
    found = raise_to(make, make.evaluation(level=Level.MUNICIPAL), Level.PROVINCIAL, year=year + 1)
    assert (found.level, found.raised_on, found.year) == (Level.PROVINCIAL, None, year + 1)
    assert places_of(found) == []


def test_an_adopted_one_waits_for_the_new_level_and_keeps_its_adoption(make: Make) -> None:
    evaluation = make.evaluation("adopted", level=Level.PROVINCIAL)
    found = raise_to(make, evaluation, Level.NATIONAL)
    assert found.state is State.HANDED_OVER
    assert [(adoption.level, adoption.adopted) for adoption in found.adoptions] == [(Level.PROVINCIAL, True)]
    told = db.session.scalars(select(Notice).where(Notice.event == "evaluation_raised")).all()
    assert {(row.audience_kind, row.audience_id) for row in told} == {
        ("applicant", str(found.applicant_id)),
        ("role", "approver"),
    }
    assert {key[2:]: count for key, count in tallied().items()} == {(Level.NATIONAL, State.HANDED_OVER): 1}


@pytest.mark.clause("JL-22-3")
@pytest.mark.parametrize("state", ["handed_over", "adopted"])
def test_it_is_presented_for_adoption_at_the_new_level_on_the_day_of_the_raising(make: Make, state: str) -> None:
    evaluation, today = make.evaluation(state, begun_on=clock.today() - timedelta(days=60)), clock.today()
    with transaction() as session:
        session.get_one(Evaluation, evaluation.id).handed_over_on = today - timedelta(days=40)
    found = raise_to(make, evaluation, Level.PROVINCIAL)
    assert (found.state, found.handed_over_on) == (State.HANDED_OVER, today)


@pytest.mark.clause("JL-22-2", "JL-22-3")
def test_what_the_gate_refuses_leaves_it_as_it_was(make: Make) -> None:
    evaluation, agency = make.evaluation(level=Level.PROVINCIAL), make.filed_agency()
    for _ in range(15):
        make.evaluation(level=Level.NATIONAL)
    with pytest.raises(DomainError, match="15") as caught:
        raise_to(make, evaluation, Level.NATIONAL)
    assert (caught.value.clause, caught.value.field) == ("JL-22-2", "level")
    with transaction() as session:
        session.add(
            NonAdoption(
                agency_id=agency.id, first_day=clock.today(), last_day=clock.today() + timedelta(days=3), basis="…",
                document="吉工信〔2〕号", entered_at=clock.now(), entered_by=make_up_officer(make),
            )
        )  # fmt: skip
    with pytest.raises(DomainError, match="不予采信期"):
        raise_to(make, evaluation, Level.NATIONAL)
    now = make.evaluation_now(evaluation.id)
    assert (now.level, now.version, now.raised_on) == (Level.PROVINCIAL, evaluation.version, None)
    assert places_of(now) == []
    assert len(now.steps) == len(evaluation.steps)


def make_up_officer(make: Make) -> int:
    return make.user_of(make.filed_agency()).id


@pytest.mark.clause("JL-12-1")
def test_another_of_the_year_it_is_raised_for_wants_a_word_anew(make: Make) -> None:
    year = clock.today().year
    evaluation = make.evaluation(level=Level.MUNICIPAL, statement="与联系人同名，不是同一人")
    other = make.evaluation(applicant=evaluation.applicant, year=year + 1)
    with pytest.raises(DomainError, match=other.number):
        raise_to(make, evaluation, Level.PROVINCIAL, year=year + 1)  # what was said before was said of something else
    found = raise_to(make, evaluation, Level.PROVINCIAL, year=year + 1, statement="另一项由集团委托，范围不同")
    assert found.level is Level.PROVINCIAL
    assert found.statement.splitlines() == [
        "与联系人同名，不是同一人",
        f"提升到省级时（{clock.today()}）：另一项由集团委托，范围不同",
    ]


@pytest.mark.parametrize("state", ["not_adopted", "withdrawn"])
def test_what_has_ended_is_not_raised(make: Make, state: str) -> None:
    with pytest.raises(NotPossibleNow):
        raise_to(make, make.evaluation(state), Level.PROVINCIAL)


def test_two_clicks_raise_once(make: Make) -> None:
    evaluation, user = make.evaluation(level=Level.PROVINCIAL), make.user_of(make.filed_agency())
    results = at_once(
        make.app,
        *[lambda: services.raise_level(evaluation.id, Level.NATIONAL, version=evaluation.version, by=user)] * 2,
    )
    assert sorted(type(result).__name__ for result in results) == ["NoneType", "NotPossibleNow"]
    assert len(places_of(evaluation)) == 2


@pytest.mark.clause("JL-22-2")
def test_of_two_raised_at_once_to_the_last_place_one_is_refused(make: Make) -> None:
    for _ in range(14):
        make.evaluation(level=Level.NATIONAL)
    both, user = (
        [make.evaluation("adopted", level=Level.PROVINCIAL) for _ in range(2)],
        make.user_of(make.filed_agency()),
    )
    results = at_once(
        make.app,
        *(lambda one=one: services.raise_level(one.id, Level.NATIONAL, version=one.version, by=user) for one in both),
    )
    refusal = next(result for result in results if isinstance(result, DomainError))
    assert "15" in refusal.message
    assert sum(result is None for result in results) == 1
    db.session.rollback()
    held = select(func.count()).select_from(Place).where(Place.person_id.is_not(None))
    assert db.session.scalar(held) == 15


@pytest.mark.clause("JL-22-1b")
def test_what_is_blocked_takes_no_place_at_a_higher_level(make: Make) -> None:
    evaluation = make.evaluation(level=Level.PROVINCIAL)
    with transaction() as session:
        flagging.block(session, session.get_one(Evaluation, evaluation.id), reason="余款取决于名单", by=None)
    blocked = make.evaluation_now(evaluation.id)
    with pytest.raises(StandsStill, match="中止期间不能提升级别"):
        raise_to(make, blocked, Level.NATIONAL)
    assert places_of(blocked) == []
    deciding.lift(blocked.id, version=blocked.version, reason="已经改正", by=make.officer("approver"))
    assert raise_to(make, make.evaluation_now(evaluation.id), Level.NATIONAL).level is Level.NATIONAL
