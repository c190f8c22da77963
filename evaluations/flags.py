"""The dated marks beside an evaluation's state: two are columns, the others are read from what they rest on."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from agency.models import Flag, FlagKind, NonAdoption, Place
from core import clock
from evaluations.models import AgreementMark, EvaluationStep, Hold, Party, Recheck, Report
from evaluations.queries import screening
from evaluations.rules.facts import Period
from evaluations.rules.states import ENDED, EvaluationFlag, HoldKind, State

OF_HOLD = {HoldKind.DISPUTE: EvaluationFlag.DISPUTED, HoldKind.BLOCK: EvaluationFlag.BLOCKED}


class Flagged(Protocol):
    """What is read of an evaluation itself: a row of it, or these of its columns."""

    @property
    def id(self) -> int: ...
    @property
    def state(self) -> State: ...
    @property
    def unfiled(self) -> bool: ...
    @property
    def entered_late(self) -> bool: ...
    @property
    def begun_on(self) -> date: ...
    @property
    def handed_over_on(self) -> date | None: ...


def flags_of(session: Session, evaluations: Collection[Flagged]) -> Mapping[int, tuple[EvaluationFlag, ...]]:
    """The flags of each, in the order of their weight. Asks the same few questions however many there are."""
    if not evaluations:
        return {}
    ids = [evaluation.id for evaluation in evaluations]
    found: dict[int, set[EvaluationFlag]] = {evaluation.id: set(_kept(evaluation)) for evaluation in evaluations}
    for evaluation_id, kind in session.execute(
        select(Hold.evaluation_id, Hold.kind).where(Hold.evaluation_id.in_(ids), Hold.closed_at.is_(None))
    ):
        found[evaluation_id].add(OF_HOLD[kind])
    for evaluation_id in session.scalars(
        select(Place.evaluation_id).where(Place.evaluation_id.in_(ids), Place.number.is_(None))
    ):
        found[evaluation_id].add(EvaluationFlag.OVER_CAP)
    for evaluation_id in session.scalars(screening.unsettled(ids)):
        found[evaluation_id].add(EvaluationFlag.SCREENING)
    for evaluation_id in session.scalars(screening.with_confirmed().where(AgreementMark.evaluation_id.in_(ids))):
        found[evaluation_id].add(EvaluationFlag.CLAUSES_CONFIRMED)
    for evaluation_id, flag in _of_agencies(session, evaluations, ids):
        found[evaluation_id].add(flag)
    return {
        evaluation_id: tuple(flag for flag in EvaluationFlag if flag in flags) for evaluation_id, flags in found.items()
    }


def _kept(evaluation: Flagged) -> Iterable[EvaluationFlag]:
    if evaluation.unfiled:
        yield EvaluationFlag.UNFILED
    if evaluation.entered_late:
        yield EvaluationFlag.ENTERED_LATE


def _of_agencies(
    session: Session, evaluations: Collection[Flagged], ids: Collection[int]
) -> Iterable[tuple[int, EvaluationFlag]]:
    """What is brought over an evaluation by one of the agencies that make it."""
    parties = session.execute(select(Party.evaluation_id, Party.agency_id).where(Party.evaluation_id.in_(ids))).all()
    agency_ids = {agency_id for _, agency_id in parties}
    barred = _periods_of_non_adoption(session, agency_ids)
    unmet = _periods_of_conditions(session, agency_ids)
    if not barred and not unmet:
        return
    agencies: dict[int, list[int]] = {}
    for evaluation_id, agency_id in parties:
        agencies.setdefault(evaluation_id, []).append(agency_id)
    issued = _report_days(session, ids) if barred else {}
    rechecked = _rechecks(session, evaluations) if barred else {}
    decided = _last_days(session, evaluations)
    today = clock.today()
    for evaluation in evaluations:
        own = agencies.get(evaluation.id, [])
        days = set(issued.get(evaluation.id, ()))
        days |= {evaluation.handed_over_on} if evaluation.handed_over_on else set()
        days |= {today} if evaluation.state not in ENDED else set()
        bars = [bar for agency_id in own for bar in barred.get(agency_id, ())]
        if any(bar.period.covers(day) for bar in bars for day in days):
            yield evaluation.id, EvaluationFlag.NON_ADOPTION
        elif evaluation.state is State.ADOPTED and any(
            decided[evaluation.id] < bar.period.first <= today
            and not any(at >= bar.entered_at for at in rechecked.get(evaluation.id, ()))
            for bar in bars
        ):
            yield evaluation.id, EvaluationFlag.RECHECK
        until = decided.get(evaluation.id, evaluation.begun_on) if evaluation.state in ENDED else today
        ran = Period(evaluation.begun_on, until)
        if any(_overlap(ran, period) for agency_id in own for period in unmet.get(agency_id, ())):
            yield evaluation.id, EvaluationFlag.CONDITIONS_NOT_MET


def _overlap(one: Period, other: Period) -> bool:
    return (one.last is None or other.first <= one.last) and (other.last is None or one.first <= other.last)


@dataclass(frozen=True, slots=True)
class Bar:
    """A period of non-adoption, and when it was entered: what was looked at again since then was for it."""

    period: Period
    entered_at: datetime


def _periods_of_non_adoption(session: Session, agency_ids: Collection[int]) -> Mapping[int, list[Bar]]:
    found: dict[int, list[Bar]] = {}
    row = NonAdoption
    for agency_id, first, last, entered_at in session.execute(
        select(row.agency_id, row.first_day, row.last_day, row.entered_at).where(
            row.agency_id.in_(agency_ids), row.annulled_at.is_(None)
        )
    ):
        found.setdefault(agency_id, []).append(Bar(Period(first, last), entered_at))
    return found


def _rechecks(session: Session, evaluations: Collection[Flagged]) -> Mapping[int, list[datetime]]:
    """When those that are adopted were looked at again."""
    found: dict[int, list[datetime]] = {}
    adopted = [evaluation.id for evaluation in evaluations if evaluation.state is State.ADOPTED]
    for evaluation_id, at in session.execute(
        select(Recheck.evaluation_id, Recheck.at).where(Recheck.evaluation_id.in_(adopted))
    ):
        found.setdefault(evaluation_id, []).append(at)
    return found


def _periods_of_conditions(session: Session, agency_ids: Collection[int]) -> Mapping[int, list[Period]]:
    rows = select(Flag.agency_id, Flag.since, Flag.cleared_on).where(
        Flag.agency_id.in_(agency_ids), Flag.kind == FlagKind.CONDITIONS_NOT_MET
    )
    return _grouped(session.execute(rows))


def _grouped(rows: Iterable[tuple[int, date, date | None]]) -> Mapping[int, list[Period]]:
    found: dict[int, list[Period]] = {}
    for agency_id, first, last in rows:
        found.setdefault(agency_id, []).append(Period(first, last))
    return found


def _report_days(session: Session, ids: Collection[int]) -> Mapping[int, list[date]]:
    """The days of issue, corrected versions and the first one alike: a correction doesn't leave the period behind."""
    found: dict[int, list[date]] = {}
    for evaluation_id, on in session.execute(
        select(Report.evaluation_id, Report.issued_on).where(Report.evaluation_id.in_(ids))
    ):
        found.setdefault(evaluation_id, []).append(on)
    return found


def _last_days(session: Session, evaluations: Collection[Flagged]) -> Mapping[int, date]:
    """When those that have ended did so."""
    ended = [evaluation.id for evaluation in evaluations if evaluation.state in ENDED]
    rows = (
        select(EvaluationStep.evaluation_id, func.max(EvaluationStep.at))
        .where(EvaluationStep.evaluation_id.in_(ended), EvaluationStep.after.in_(ENDED))
        .group_by(EvaluationStep.evaluation_id)
    )
    return {evaluation_id: clock.day_of(at) for evaluation_id, at in session.execute(rows)}
