"""Evaluations that carry a mark because of one of their agencies, as queries: what `evaluations.flags` says of each.

They begin at the few agencies that were ever barred, or lost their conditions.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from agency.models import Flag, FlagKind, NonAdoption
from core import clock, days
from evaluations.models import Evaluation, EvaluationStep, Party, Recheck, Report
from evaluations.rules.states import ENDED, EvaluationFlag, State

GOES_ON = Evaluation.state.not_in(ENDED)
REPORTED_INSIDE = (
    exists()
    .where(
        Report.evaluation_id == Evaluation.id,
        Report.issued_on >= NonAdoption.first_day,
        Report.issued_on <= NonAdoption.last_day,
    )
    .correlate(Evaluation, NonAdoption)
)


def _of_barred() -> Select[Any]:
    """The evaluations of agencies with a period that is not annulled, once for each of these."""
    return (
        select(Evaluation.id)
        .join(Party, Party.evaluation_id == Evaluation.id)
        .join(NonAdoption, NonAdoption.agency_id == Party.agency_id)
        .where(NonAdoption.annulled_at.is_(None))
    )


def barred(session: Session) -> Select[Any]:
    """Under way today, handed over or reported inside a period."""
    today = clock.today()
    running = and_(GOES_ON, NonAdoption.first_day <= today, NonAdoption.last_day >= today)
    presented = Evaluation.handed_over_on.between(NonAdoption.first_day, NonAdoption.last_day)
    return _of_barred().where(or_(running, presented, REPORTED_INSIDE))


def to_recheck(session: Session) -> Select[Any]:
    """Adopted before a period that has begun by now, not looked at again since, and not under the mark above."""
    adopted = days.day_of(session, _ended_at())
    begun = days.as_text(session, NonAdoption.first_day)
    looked_at = exists().where(Recheck.evaluation_id == Evaluation.id, Recheck.at >= NonAdoption.entered_at)
    rows = _of_barred().where(
        Evaluation.state == State.ADOPTED,
        NonAdoption.first_day <= clock.today(),
        ~looked_at.correlate(Evaluation, NonAdoption),
    )
    return rows.where(adopted < begun, Evaluation.id.not_in(barred(session)))


def while_unmet(session: Session) -> Select[Any]:
    """Under way on a day on which one of the agencies did not meet the conditions; until its end, where it ended."""
    until = func.coalesce(days.day_of(session, _ended_at()), days.as_text(session, Evaluation.begun_on))
    since = days.as_text(session, Flag.since)
    return (
        select(Evaluation.id)
        .join(Party, Party.evaluation_id == Evaluation.id)
        .join(Flag, Flag.agency_id == Party.agency_id)
        .where(
            Flag.kind == FlagKind.CONDITIONS_NOT_MET,
            or_(Flag.cleared_on.is_(None), Flag.cleared_on >= Evaluation.begun_on),
            or_(and_(GOES_ON, Flag.since <= clock.today()), and_(Evaluation.state.in_(ENDED), since <= until)),
        )
    )


def _ended_at() -> Any:
    """When the evaluation reached an end, the last time."""
    return (
        select(func.max(EvaluationStep.at))
        .where(EvaluationStep.evaluation_id == Evaluation.id, EvaluationStep.after.in_(ENDED))
        .correlate(Evaluation)
        .scalar_subquery()
    )


BY_AGENCIES: Mapping[EvaluationFlag, Callable[[Session], Select[Any]]] = MappingProxyType(
    {
        EvaluationFlag.NON_ADOPTION: barred,
        EvaluationFlag.RECHECK: to_recheck,
        EvaluationFlag.CONDITIONS_NOT_MET: while_unmet,
    }
)
