"""第二十二条第三款 at its edges: to the second in Shanghai, overlapping periods, every order of the days."""

from datetime import date, datetime, timedelta
from itertools import product

import pytest
from sqlalchemy import select

from agency.models import Agency, Flag, FlagKind, NonAdoption
from core import clock, law
from core.db import db, transaction
from core.errors import DomainError, Refusals
from evaluations import steps
from evaluations.flags import flags_of
from evaluations.models import Evaluation
from evaluations.queries import adopting as adopting_facts
from evaluations.queries import gate as gate_facts
from evaluations.queries import listing
from evaluations.rules import adopting, gate
from evaluations.rules.adopting import Obstacle
from evaluations.rules.facts import Period
from evaluations.rules.gate import Hindrance
from evaluations.rules.states import Action, EvaluationFlag, Level, State
from evaluations.services import deciding
from sanctions.models import ImpactTask, TaskKind, TaskResult
from sanctions.rules import periods as rules
from sanctions.rules.impact import Settlement
from sanctions.services import mapping, settling
from tests.evaluations import facts
from tests.factories import Make
from tests.sanctions.test_impact import annulled, barred

pytestmark = [pytest.mark.usefixtures("context"), pytest.mark.clause("JL-22-3")]
LAW = law.jurisdiction()
SECOND = timedelta(seconds=1)


def at(day: date, *, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    """An instant of a day in Shanghai."""
    return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=clock.SHANGHAI)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2026, 3, 10), date(2029, 3, 10)),
        (date(2028, 2, 29), date(2031, 2, 28)),
        (date(2025, 3, 1), date(2028, 3, 1)),
        (date(2026, 2, 28), date(2029, 2, 28)),
        (date(2026, 12, 31), date(2029, 12, 31)),
    ],
)
def test_three_years_end_with_the_same_calendar_day(first: date, last: date) -> None:
    assert rules.last_day(first, years=3) == last


@pytest.mark.every_zone
@pytest.mark.parametrize(
    ("instant", "closed"),
    [
        (at(date(2028, 2, 29)) - SECOND, False),
        (at(date(2028, 2, 29)), True),
        (at(date(2031, 2, 28), hour=23, minute=59, second=59), True),
        (at(date(2031, 3, 1)), False),  # 24:00: open by itself
    ],
)
def test_the_gate_closes_and_opens_to_the_second_in_shanghai(make: Make, instant: datetime, closed: bool) -> None:
    agency, officer = make.filed_agency(), make.officer("approver")
    entry = make.entry(agency)
    with transaction() as session:
        session.add(_period(agency, officer.id, date(2028, 2, 29), date(2031, 2, 28)))
    with clock.frozen(instant):
        judged = gate_facts.facts_of(db.session(), entry, on=clock.today(), desk=True)
        told = {refusal.what for refusal in gate.check(judged, LAW).refusals}
    assert (Hindrance.NON_ADOPTION in told) is closed


@pytest.mark.every_zone
@pytest.mark.parametrize(
    ("instant", "marked"),
    [
        (at(date(2028, 2, 29)) - SECOND, False),
        (at(date(2028, 2, 29)), True),
        (at(date(2031, 2, 28), hour=23, minute=59, second=59), True),
        (at(date(2031, 3, 1)), False),
    ],
)
def test_what_is_under_way_is_marked_on_the_same_seconds_and_found_by_it(
    make: Make, instant: datetime, marked: bool
) -> None:
    evaluation, officer = make.evaluation(), make.officer("approver")
    with transaction() as session:
        session.add(_period(make.filed_agency(), officer.id, date(2028, 2, 29), date(2031, 2, 28)))
    with clock.frozen(instant):
        assert (EvaluationFlag.NON_ADOPTION in marks(evaluation)) is marked
        assert (evaluation.id in found_by(EvaluationFlag.NON_ADOPTION)) is marked


BEFORE, INSIDE, AFTER = date(2026, 4, 30), date(2027, 6, 1), date(2029, 5, 2)
BAR = (("吉林省衡准评价有限公司", Period(date(2026, 5, 1), date(2029, 5, 1))),)
FINAL = frozenset({Obstacle.ISSUED_BARRED, Obstacle.PRESENTED_BARRED})
COURSES: dict[tuple[date, date, date], Obstacle | None] = {
    (BEFORE, BEFORE, BEFORE): None,
    (BEFORE, BEFORE, INSIDE): Obstacle.DECIDED_INSIDE,
    (BEFORE, BEFORE, AFTER): None,
    (BEFORE, INSIDE, INSIDE): Obstacle.PRESENTED_BARRED,
    (BEFORE, INSIDE, AFTER): Obstacle.PRESENTED_BARRED,  # handed over inside: not adopted later either
    (BEFORE, AFTER, AFTER): None,
    (INSIDE, INSIDE, INSIDE): Obstacle.ISSUED_BARRED,
    (INSIDE, INSIDE, AFTER): Obstacle.ISSUED_BARRED,
    (INSIDE, AFTER, AFTER): Obstacle.ISSUED_INSIDE,
    (AFTER, AFTER, AFTER): None,
}


def test_every_order_of_the_days_has_its_answer() -> None:
    days = (BEFORE, INSIDE, AFTER)
    assert set(COURSES) == {each for each in product(days, days, days) if each[0] <= each[1] <= each[2]}


@pytest.mark.parametrize(("course", "obstacle"), COURSES.items(), ids=lambda value: str(value)[:24])
@pytest.mark.parametrize("is_admitted", [False, True])
def test_issued_presented_and_decided_before_inside_and_after(
    course: tuple[date, date, date], obstacle: Obstacle | None, is_admitted: bool
) -> None:
    issued, presented, decided = course
    given = facts.adoption(
        issued=(issued,), handed_over_on=presented, on=decided, non_adoption=BAR, is_admitted=is_admitted
    )
    told = [each.what for each in adopting.hindrances(given, LAW)]
    stays = obstacle is not None and (obstacle in FINAL or not is_admitted)  # only what yields may be decided otherwise
    assert told == ([obstacle] if stays else [])


@pytest.mark.parametrize(
    ("issued", "barred_day", "free_day"),
    [
        ((BEFORE,), date(2026, 5, 1), date(2026, 4, 30)),  # the first day, and the one before
        ((BEFORE,), date(2029, 5, 1), date(2029, 5, 2)),  # the last day, and the one after
    ],
)
def test_presenting_counts_by_the_days_at_both_ends(issued: tuple[date], barred_day: date, free_day: date) -> None:
    for day, what in ((barred_day, [Obstacle.PRESENTED_BARRED]), (free_day, [])):
        given = facts.adoption(issued=issued, handed_over_on=day, on=day, non_adoption=BAR)
        assert [each.what for each in adopting.hindrances(given, LAW)] == what


def test_a_correction_is_an_issue_of_its_own_and_takes_the_first_one_along() -> None:
    """Issued before and corrected inside: issued inside; issued inside and corrected after: still issued inside."""
    for issued in ((BEFORE, INSIDE), (INSIDE, AFTER)):
        given = facts.adoption(issued=issued, handed_over_on=AFTER, on=AFTER, non_adoption=BAR)
        assert [each.what for each in adopting.hindrances(given, LAW)] == [Obstacle.ISSUED_INSIDE]


@pytest.mark.parametrize(
    ("on", "until"),
    [
        (date(2026, 4, 30), None), (date(2026, 5, 1), date(2030, 1, 1)), (date(2029, 5, 1), date(2030, 1, 1)),
        (date(2030, 1, 1), date(2030, 1, 1)), (date(2030, 1, 2), None),
    ],
)  # fmt: skip
def test_of_overlapping_periods_the_latest_end_counts_and_nothing_is_added(on: date, until: date | None) -> None:
    both = (Period(date(2026, 5, 1), date(2029, 5, 1)), Period(date(2027, 1, 1), date(2030, 1, 1)))
    assert gate.barred_until(both, on=on) == until
    assert gate.barred_until(both[::-1], on=on) == until


def test_annulling_one_of_two_leaves_the_other_and_the_evaluation_barred(make: Make) -> None:
    by, agency = make.officer("approver"), make.filed_agency()
    evaluation = make.evaluation(State.HANDED_OVER, level=Level.PROVINCIAL)
    first, second = barred(agency, by), barred(agency, by, clock.today() - timedelta(days=10))
    annulled(first, by)
    assert EvaluationFlag.NON_ADOPTION in marks(evaluation)
    with pytest.raises((DomainError, Refusals)):
        deciding.adopt(evaluation.id, version=evaluation.version, reason="符合", in_spite_of="理由", by=by)
    annulled(second, by)
    assert EvaluationFlag.NON_ADOPTION not in marks(evaluation)
    deciding.adopt(evaluation.id, version=evaluation.version, reason="符合", by=by)


@pytest.mark.parametrize("state", [State.REGISTERED, State.IN_PROGRESS, State.REPORT_ISSUED, State.HANDED_OVER])
def test_while_it_runs_nothing_is_adopted_or_raised_and_declining_and_withdrawing_stay_open(
    make: Make, state: State
) -> None:
    by = make.officer("approver")
    evaluation = make.evaluation(state, level=Level.PROVINCIAL)
    barred(make.filed_agency(), by)
    row = db.session.get_one(Evaluation, evaluation.id)
    raising = gate_facts.facts_of_raising(db.session(), row, on=clock.today(), desk=True, level=Level.NATIONAL)
    assert Hindrance.NON_ADOPTION in {each.what for each in gate.check(raising, LAW).refusals}
    if state is State.HANDED_OVER:
        with pytest.raises((DomainError, Refusals)):
            deciding.adopt(evaluation.id, version=evaluation.version, reason="符合", in_spite_of="理由", by=by)
        deciding.decline(evaluation.id, version=evaluation.version, reason="不予采信期内提交", by=by)
        assert make.evaluation_now(evaluation.id).state is State.NOT_ADOPTED
    else:
        with transaction() as session:
            steps.take(session, session.get_one(Evaluation, evaluation.id), Action.WITHDRAW, by=by, name="测试")
        assert make.evaluation_now(evaluation.id).state is State.WITHDRAWN


def test_a_partner_in_a_period_bars_the_joint_evaluation(make: Make) -> None:
    by, partner = make.officer("approver"), make.filing().agency
    evaluation = make.joint(make.filed_agency(), partner, state=State.HANDED_OVER, level=Level.PROVINCIAL)
    barred(partner, by)
    row = db.session.get_one(Evaluation, evaluation.id)
    judged = adopting_facts.facts_of(db.session(), row, on=clock.today())
    told = [each for each in adopting.hindrances(judged, LAW) if each.clause == "JL-22-3"]
    assert [each.what for each in told] == [Obstacle.ISSUED_BARRED]
    assert partner.name in told[0].message


def test_what_was_adopted_before_stays_and_is_marked_until_its_task_is_done(make: Make) -> None:
    by, agency = make.officer("approver"), make.filed_agency()
    evaluation = make.evaluation(State.ADOPTED, level=Level.PROVINCIAL)
    tomorrow = clock.today() + timedelta(days=1)
    period_id = barred(agency, by, tomorrow)
    with clock.frozen(at(tomorrow)):
        assert mapping.complete(clock.today()) == (1, 0)
        assert EvaluationFlag.RECHECK in marks(evaluation)
        assert found_by(EvaluationFlag.RECHECK) == {evaluation.id}
        task = db.session.scalars(select(ImpactTask)).one()
        assert task.kind is TaskKind.ADOPTED_EVALUATION
        settling.settle(period_id, Settlement(((task.id, task.version),), TaskResult.UPHELD, "另行核实"), by=by)
        assert EvaluationFlag.RECHECK not in marks(evaluation)
        assert found_by(EvaluationFlag.RECHECK) == set()
    assert make.evaluation_now(evaluation.id).state is State.ADOPTED


def test_the_end_needs_nobody_and_no_job(make: Make) -> None:
    """At 24:00 of the last day it is over: nothing was run, no row was touched."""
    by, agency = make.officer("approver"), make.filed_agency()
    entry, period_id = make.entry(agency), barred(agency, by)
    with transaction() as session:
        last = session.get_one(NonAdoption, period_id).last_day
    before = _row(period_id)
    with clock.frozen(at(last + timedelta(days=1))):
        judged = gate_facts.facts_of(db.session(), entry, on=clock.today(), desk=True)
        assert Hindrance.NON_ADOPTION not in {each.what for each in gate.check(judged, LAW).refusals}
        assert mapping.complete(clock.today()) == (0, 0)
    assert _row(period_id) == before


@pytest.mark.parametrize(("first", "last"), [(-30, 30), (-3, -1), (0, 0), (1, 5), (-400, -60), (-59, 900)])
def test_the_filters_find_what_carries_the_mark(make: Make, first: int, last: int) -> None:
    """Begun and reported 60 days ago, handed over and decided today where they were."""
    today, by = clock.today(), make.officer("approver")
    states = (State.REGISTERED, State.HANDED_OVER, State.ADOPTED, State.NOT_ADOPTED, State.WITHDRAWN)
    evaluations = [make.evaluation(state, begun_on=today - timedelta(days=60)) for state in states]
    days = (today + timedelta(days=first), today + timedelta(days=last))
    with transaction() as session:
        session.add(_period(make.filed_agency(), by.id, *days))
        kind = FlagKind.CONDITIONS_NOT_MET
        session.add(
            Flag(agency_id=make.filed_agency().id, kind=kind, since=days[0], facts="少一人", cleared_on=days[1])
        )
    with clock.frozen(clock.now() + timedelta(days=2)):
        carried = {evaluation.id: marks(evaluation) for evaluation in evaluations}
        for flag in (EvaluationFlag.NON_ADOPTION, EvaluationFlag.RECHECK, EvaluationFlag.CONDITIONS_NOT_MET):
            assert found_by(flag) == {id_ for id_, flags in carried.items() if flag in flags}


def _period(agency: Agency, officer_id: int, first: date, last: date) -> NonAdoption:
    return NonAdoption(
        agency_id=agency.id, first_day=first, last_day=last, document="测〔2028〕1号", basis="数据造假",
        entered_at=clock.now(), entered_by=officer_id,
    )  # fmt: skip


def _row(period_id: int) -> tuple[object, ...]:
    db.session.expire_all()
    row = db.session.get_one(NonAdoption, period_id)
    return row.first_day, row.last_day, row.annulled_at


def marks(evaluation: Evaluation) -> tuple[EvaluationFlag, ...]:
    db.session.rollback()
    return flags_of(db.session(), [db.session.get_one(Evaluation, evaluation.id)])[evaluation.id]


def found_by(flag: EvaluationFlag) -> set[int]:
    return {row.id for row in listing.listing(db.session(), listing.Wanted(flag=flag)).page.items}
