"""The dated marks beside an evaluation that are read from its agencies."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest

from agency.models import Flag, FlagKind, NonAdoption
from core import clock
from core.db import db, transaction
from evaluations.flags import flags_of
from evaluations.models import Evaluation
from evaluations.rules.states import EvaluationFlag, State
from tests.factories import Make

pytestmark = pytest.mark.usefixtures("context")
BARRED, UNMET = EvaluationFlag.NON_ADOPTION, EvaluationFlag.CONDITIONS_NOT_MET


def ago(days: int) -> date:
    return clock.today() - timedelta(days=days)


def flags(evaluation: Evaluation) -> tuple[EvaluationFlag, ...]:
    db.session.rollback()
    return flags_of(db.session(), [db.session.get_one(Evaluation, evaluation.id)])[evaluation.id]


def bar(make: Make, first: date, last: date, *, annulled: bool = False) -> None:
    officer = make.officer("approver")
    with transaction() as session:
        session.add(
            NonAdoption(
                agency_id=make.filed_agency().id, first_day=first, last_day=last, document="吉工信〔2026〕1号",
                basis="数据造假", entered_at=clock.now(), entered_by=officer.id,
                annulled_at=clock.now() if annulled else None,
            )
        )  # fmt: skip


def unmet(make: Make, since: date, cleared: date | None) -> None:
    with transaction() as session:
        kind = FlagKind.CONDITIONS_NOT_MET
        session.add(Flag(agency_id=make.filed_agency().id, kind=kind, since=since, facts="少一人", cleared_on=cleared))


@pytest.mark.parametrize(
    ("state", "first", "last", "marked"),
    [
        (State.REGISTERED, 0, 0, True),  # runs today
        (State.REGISTERED, 40, 20, False),  # over before today
        (State.REPORT_ISSUED, 60, 60, True),  # the report's own day
        (State.REPORT_ISSUED, 59, 1, False),
        (State.HANDED_OVER, 0, 0, True),
        (State.ADOPTED, 60, 60, True),
        (State.ADOPTED, 59, 1, False),
        (State.WITHDRAWN, 59, -10, False),  # neither reported nor presented, and runs no more
    ],
)
def test_a_period_marks_what_was_issued_presented_or_runs_in_it(
    make: Make, state: State, first: int, last: int, marked: bool
) -> None:
    """Begun and reported 60 days ago, handed over today where it was."""
    evaluation = make.evaluation(state, begun_on=ago(60))
    bar(make, ago(first), ago(last))
    assert (BARRED in flags(evaluation)) == marked


@pytest.mark.clause("JL-22-3")
def test_what_was_adopted_before_the_period_is_marked_for_a_recheck_once_it_has_begun(make: Make) -> None:
    evaluation = make.evaluation(State.ADOPTED)
    bar(make, ago(-1), ago(-1000))
    assert flags(evaluation) == ()
    with clock.frozen(clock.now() + timedelta(days=1)):
        assert flags(evaluation) == (EvaluationFlag.RECHECK,)


def test_an_annulled_period_marks_nothing(make: Make) -> None:
    evaluation = make.evaluation(State.HANDED_OVER)
    bar(make, ago(10), ago(-10), annulled=True)
    assert flags(evaluation) == ()


@pytest.mark.parametrize(
    ("state", "since", "cleared", "marked"),
    [
        (State.IN_PROGRESS, 5, None, True),
        (State.IN_PROGRESS, 80, 60, True),  # cleared on the day it began
        (State.IN_PROGRESS, 80, 61, False),
        (State.ADOPTED, 5, 1, True),  # while it ran
        (State.ADOPTED, -1, None, False),  # after the decision
    ],
)
def test_lost_conditions_mark_what_runs_meanwhile(
    make: Make, state: State, since: int, cleared: int | None, marked: bool
) -> None:
    evaluation = make.evaluation(state, begun_on=ago(60))
    unmet(make, ago(since), None if cleared is None else ago(cleared))
    assert (UNMET in flags(evaluation)) == marked


def test_many_are_asked_after_in_as_many_queries_as_one(
    make: Make, count_queries: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    rows = [make.evaluation(State.ADOPTED) for _ in range(4)]
    own = make.self_evaluation()
    bar(make, ago(1), ago(-1))
    unmet(make, ago(1), None)

    def asked(evaluations: list[Evaluation]) -> int:
        with count_queries() as queries:
            found = flags_of(db.session(), evaluations)
        assert set(found) == {evaluation.id for evaluation in evaluations}
        return len(queries)

    assert asked(rows[:1]) == asked([*rows, own]) <= 10
    assert flags_of(db.session(), []) == {}
