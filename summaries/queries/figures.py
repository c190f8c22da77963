"""What the register knows of agencies' years, in a fixed number of queries for one agency as for all of them."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, union
from sqlalchemy.orm import InstrumentedAttribute, Session

from accounts.models import User
from agency.models import OutsideProjects, Place, StaffMember, Training
from core import clock
from evaluations.models import Advice, Evaluation, EvaluationStep, Party, Report
from evaluations.rules.states import Action, AdviceKind, Consent, State
from summaries import rules
from summaries.figures import Known, Made, Scores
from summaries.rules import Dates, Work
from summaries.states import Duty
from supervision.models import Case, CaseKind, CaseState, Inquiry

Agencies = Collection[int] | None  # None: all of them
# who is named as making one jointly makes it once it says so, or an officer does: naming an agency does not bind it;
# asked anew because the level was raised, it has made it all the same
HAS_AGREED = exists(
    select(EvaluationStep.id)
    .join(User, User.id == EvaluationStep.by_id)
    .where(
        EvaluationStep.evaluation_id == Party.evaluation_id,
        EvaluationStep.action == Action.AGREE,
        User.agency_id == Party.agency_id,
    )
    .correlate(Party)
)
MAKES = or_(Party.consent.not_in((Consent.ASKED, Consent.REFUSED)), HAS_AGREED)


@dataclass(frozen=True, slots=True)
class Counted:
    """An evaluation of an agency, with what it is counted by."""

    made: Made
    work: Work
    scores: tuple[int | None, ...]  # of its reports


def known(session: Session, year: int, agencies: Agencies = None) -> Mapping[int, Known]:
    """Agency id → its year. Of all agencies only those with anything in it; of given ones each."""
    return _known(session, year, agencies, _evaluated(session, year, agencies))


def _known(
    session: Session, year: int, agencies: Agencies, evaluated: Mapping[int, Collection[Counted]]
) -> Mapping[int, Known]:
    sums = [_advice(session, year, agencies), _staff(session, year, agencies), _places(session, year, agencies)]
    trainings, outside = _trainings(session, year, agencies), _outside(session, year, agencies)
    cases = _cases(session, year, agencies)
    parts: list[Mapping[int, Any]] = [evaluated, *sums, trainings, outside, cases]
    ids = {each for part in parts for each in part} if agencies is None else set(agencies)
    instant = clock.now()
    return {
        agency_id: Known(
            year=year,
            as_of=instant,
            **_work_sums(evaluated.get(agency_id, ()), year),
            **_merged(part.get(agency_id, {}) for part in sums),
            trainings=trainings.get(agency_id, 0),
            outside=outside.get(agency_id, 0),
            cases=cases.get(agency_id, {}),
        )
        for agency_id in sorted(ids)
    }


def _merged(parts: Iterable[Mapping[str, int]]) -> dict[str, Any]:
    return {key: value for part in parts for key, value in part.items()}


def known_of(session: Session, agency_id: int, year: int) -> Known:
    """One agency's year."""
    return known(session, year, [agency_id])[agency_id]


def year_of(session: Session, agency_id: int, dates: Dates) -> tuple[Known, Duty]:
    """One agency's year, and what it owes for it."""
    evaluated = _evaluated(session, dates.year, [agency_id])
    works = (counted.work for counted in evaluated.get(agency_id, ()))
    return _known(session, dates.year, [agency_id], evaluated)[agency_id], rules.duty_of(works, dates)


def duties(session: Session, dates: Dates, agencies: Agencies = None) -> Mapping[int, Duty]:
    """Agency id → what it owes for the year; of all agencies only those that owe something."""
    evaluated = _evaluated(session, dates.year, agencies)
    ids = set(agencies) if agencies is not None else set(evaluated)
    return {
        agency_id: rules.duty_of((counted.work for counted in evaluated.get(agency_id, ())), dates)
        for agency_id in sorted(ids)
    }


# ── evaluations ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _evaluated(session: Session, year: int, agencies: Agencies) -> dict[int, list[Counted]]:
    """Agency id → what it evaluated in the year. Looked for widely; rules.evaluated_in decides."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    chosen = _of(Party.agency_id, agencies)
    if agencies is None:
        chosen = [Evaluation.id.in_(_near(first, last))]
    base = select(Evaluation.id).join(Party, Party.evaluation_id == Evaluation.id)
    wanted = base.where(Evaluation.begun_on <= last, MAKES, *chosen)
    reports: dict[int, list[tuple[date, int | None]]] = defaultdict(list)
    rows = select(Report.evaluation_id, Report.issued_on, Report.score).where(Report.evaluation_id.in_(wanted))
    for evaluation_id, issued_on, score in session.execute(rows.order_by(Report.evaluation_id, Report.version)):
        reports[evaluation_id].append((issued_on, score))
    withdrawn = _withdrawn(session, wanted)
    columns = (
        Party.agency_id, Evaluation.id, Evaluation.kind, Evaluation.level, Evaluation.bureau, Evaluation.state,
        Evaluation.begun_on, Evaluation.withdrawn_from,
    )  # fmt: skip
    found: dict[int, list[Counted]] = defaultdict(list)
    for agency_id, row_id, kind, level, bureau, state, begun_on, before in session.execute(
        wanted.with_only_columns(*columns)
    ):
        work = Work(
            begun_on=begun_on,
            issued=tuple(issued_on for issued_on, _ in reports[row_id]),
            withdrawn_on=withdrawn.get(row_id, begun_on) if state is State.WITHDRAWN else None,
            before_onsite=before is State.REGISTERED,
        )
        if rules.evaluated_in(work, year):
            scores = tuple(score for _, score in reports[row_id])
            found[agency_id].append(Counted(Made(kind, level, bureau, state), work, scores))
    return found


def _near(first: date, last: date) -> Select[Any]:
    """Ids of evaluations that may have been begun, under way or reported in the year: no walk through the old ones."""
    begun = select(Evaluation.id).where(Evaluation.begun_on.between(first, last))
    reported = select(Report.evaluation_id).where(Report.issued_on >= first)
    open_ones = select(Evaluation.id).where(
        Evaluation.state.in_((State.REGISTERED, State.IN_PROGRESS, State.WITHDRAWN))
    )
    return select(union(begun, reported, open_ones).subquery().c.id)


def _withdrawn(session: Session, wanted: Select[Any]) -> dict[int, date]:
    """Evaluation id → the day it was withdrawn, the last time."""
    rows = (
        select(EvaluationStep.evaluation_id, func.max(EvaluationStep.at))
        .where(
            EvaluationStep.action == Action.WITHDRAW,
            EvaluationStep.evaluation_id.in_(wanted.where(Evaluation.state == State.WITHDRAWN)),
        )
        .group_by(EvaluationStep.evaluation_id)
    )
    return {evaluation_id: clock.day_of(at) for evaluation_id, at in session.execute(rows)}


def _work_sums(evaluated: Collection[Counted], year: int) -> dict[str, Any]:
    scores = [score for counted in evaluated if (score := _score(counted, year)) is not None]
    return {
        "evaluations": dict(Counter(counted.made for counted in evaluated)),
        "begun": sum(counted.work.begun_on.year == year for counted in evaluated),
        "reports": sum(bool(counted.work.issued) and counted.work.issued[0].year == year for counted in evaluated),
        "corrections": sum(day.year == year for counted in evaluated for day in counted.work.issued[1:]),
        "scores": Scores(len(scores), sum(scores), min(scores), max(scores)) if scores else None,
    }


def _score(counted: Counted, year: int) -> int | None:
    """Of its latest report of the year that has one."""
    pairs = zip(counted.work.issued, counted.scores, strict=True)
    return next((score for day, score in reversed(list(pairs)) if day.year == year and score is not None), None)


# ── the rest, a query each ────────────────────────────────────────────────────────────────────────────────────────────


def _advice(session: Session, year: int, agencies: Agencies) -> dict[int, dict[str, int]]:
    names = {AdviceKind.ADVICE: "advice", AdviceKind.FOLLOW_UP: "follow_ups"}
    rows = (
        select(Party.agency_id, Advice.kind, func.count())
        .join(Advice, Advice.evaluation_id == Party.evaluation_id)
        .where(_in(Advice.on, year), MAKES, *_of(Party.agency_id, agencies))
        .group_by(Party.agency_id, Advice.kind)
    )
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for agency_id, kind, count in session.execute(rows):
        found[agency_id][names[kind]] = count
    return found


def _staff(session: Session, year: int, agencies: Agencies) -> dict[int, dict[str, int]]:
    joined, left = _in(StaffMember.joined_on, year), _in(StaffMember.left_on, year)
    rows = (
        select(StaffMember.agency_id, func.count().filter(joined), func.count().filter(left))
        .where(or_(joined, left), *_of(StaffMember.agency_id, agencies))
        .group_by(StaffMember.agency_id)
    )
    return {agency_id: {"joined": came, "left": went} for agency_id, came, went in session.execute(rows)}


def _trainings(session: Session, year: int, agencies: Agencies) -> dict[int, int]:
    rows = select(Training.agency_id, func.count()).where(_in(Training.on, year), *_of(Training.agency_id, agencies))
    return dict(_pairs(session, rows.group_by(Training.agency_id)))


def _cases(session: Session, year: int, agencies: Agencies) -> dict[int, dict[Any, int]]:
    """Closed in the year, by outcome: what about, and who reported it, is not told.

    Of those that a complaint opened only what the agency was asked about: of the others it never heard.
    """
    asked = select(Inquiry.id).where(Inquiry.case_id == Case.id, Inquiry.agency_id == Case.agency_id)
    known = or_(Case.kind != CaseKind.COMPLAINT, asked.exists())
    closed = and_(Case.closed_at >= clock.start_of(date(year, 1, 1)), Case.closed_at < clock.end_of(date(year, 12, 31)))
    rows = (
        select(Case.agency_id, Case.outcome, func.count())
        .where(
            Case.state == CaseState.CLOSED, Case.agency_id.is_not(None), closed, known, *_of(Case.agency_id, agencies)
        )
        .group_by(Case.agency_id, Case.outcome)
    )
    found: dict[int, dict[Any, int]] = defaultdict(dict)
    for agency_id, outcome, count in session.execute(rows):
        if agency_id is not None and outcome is not None:
            found[agency_id][outcome] = count
    return found


def _places(session: Session, year: int, agencies: Agencies) -> dict[int, dict[str, int]]:
    """The agency's own fifteen; its representative's are the same evaluations once more."""
    rows = (
        select(Place.agency_id, func.count(Place.number), func.count())
        .where(Place.year == year, Place.agency_id.is_not(None), *_of(Place.agency_id, agencies))
        .group_by(Place.agency_id)
    )
    return {
        agency_id: {"places": numbered, "over_cap": due - numbered}
        for agency_id, numbered, due in session.execute(rows)
        if agency_id is not None
    }


def _outside(session: Session, year: int, agencies: Agencies) -> dict[int, int]:
    rows = select(OutsideProjects.agency_id, func.sum(OutsideProjects.count)).where(
        OutsideProjects.year == year, *_of(OutsideProjects.agency_id, agencies)
    )
    return dict(_pairs(session, rows.group_by(OutsideProjects.agency_id)))


def _pairs(session: Session, rows: Select[int, int]) -> Iterator[tuple[int, int]]:
    for agency_id, count in session.execute(rows):
        yield agency_id, int(count)


def _in(column: InstrumentedAttribute[Any], year: int) -> ColumnElement[bool]:
    return column.between(date(year, 1, 1), date(year, 12, 31))


def _of(column: InstrumentedAttribute[Any], agencies: Agencies) -> list[ColumnElement[bool]]:
    return [] if agencies is None else [column.in_(agencies)]
