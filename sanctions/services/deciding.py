"""决定: by an approver who neither investigated, concluded nor proposed; after everything that comes before."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import User
from core import clock, law
from core.db import transaction
from core.errors import DomainError
from sanctions import steps
from sanctions.entries import DecisionEntry
from sanctions.models import Measure, Proceeding
from sanctions.rules import course
from sanctions.rules.course import Action, Decision
from supervision.models import CaseOutcome
from supervision.rules import verifying


def decide(proceeding_id: int, entry: DecisionEntry, *, version: int, by: User) -> None:
    """作出决定: with the document's number, date and, of non-adoption, first day; it holds once it is served.

    Raises NotPossibleNow, TookPart, NotHeard, NotAnswered, Harsher, DomainError (review, days, number), Refusals.
    """
    with transaction() as session:
        row = steps.shown(session, proceeding_id, version)
        course.next_state(row.state, Action.DECIDE)
        verifying.require_no_number(entry.reasons, field="reasons")
        course.require_independent(steps.part_in(session, row), by.id)
        course.require_decidable(
            Decision(entry.measure, entry.dated, entry.first_day),
            intended=row.intended,
            hearing=steps.hearing_of(row),
            legally_reviewed=bool(row.legal_review),
            now=clock.now(),
            in_force_since=law.jurisdiction().in_force_since,
        )
        found = steps.established(session, row.case_id, steps.party_of(row))
        course.require_grounded(entry.measure, found, listed_unit=row.applicant_id is not None)
        _require_new_number(session, row, entry.document)
        steps.take(session, row, Action.DECIDE, by=by)
        row.measure, row.clause, row.reasons = entry.measure, course.CLAUSE_OF[entry.measure], entry.reasons
        row.decided_at, row.decided_by = clock.now(), by.id
        _dated(row, entry.document, entry.dated, entry.first_day)
        steps.tell_officers(session, "proceeding_decided", row)


def drop(proceeding_id: int, *, reasons: str, version: int, by: User) -> bool:
    """不采取措施: the other side is told why; the case ends with it, unless another proceeding of it goes on.

    Whether the case was closed. Raises NotPossibleNow, TookPart.
    """
    with transaction() as session:
        row = steps.shown(session, proceeding_id, version)
        course.next_state(row.state, Action.DROP)
        verifying.require_no_number(reasons, field="reasons")
        course.require_independent(steps.part_in(session, row), by.id)
        steps.take(session, row, Action.DROP, by=by)
        row.reasons, row.decided_at, row.decided_by = reasons, clock.now(), by.id
        steps.tell_other_side(session, "proceeding_dropped", row)
        return steps.close_case(session, row, CaseOutcome.NO_MEASURE, by=by)


def restate(proceeding_id: int, *, document: str, dated: date, first_day: date | None, version: int, by: User) -> None:
    """更正: number and days of a decision that reached nobody yet; what is under way with the old ones counts no more.

    Raises NotPossibleNow, TookPart, DomainError.
    """
    with transaction() as session:
        row = steps.shown(session, proceeding_id, version)
        course.next_state(row.state, Action.RESTATE)
        course.require_independent(steps.part_in(session, row), by.id)
        course.require_dates(
            Decision(row.measure, dated, first_day),
            told_on=clock.day_of(row.told_at) if row.told_at else None,
            today=clock.today(),
            in_force_since=law.jurisdiction().in_force_since,
        )
        _require_new_number(session, row, document)
        for service in row.services:
            if service.is_under_way:
                service.failed_at = clock.now()
        steps.take(session, row, Action.RESTATE, by=by)
        _dated(row, document, dated, first_day)


def _dated(row: Proceeding, document: str, dated: date, first_day: date | None) -> None:
    row.document, row.dated = document, dated
    row.first_day = first_day if row.measure is Measure.NON_ADOPTION else None


def _require_new_number(session: Session, row: Proceeding, document: str) -> None:
    """The documents of all proceedings differ: the log's one row makes writers queue, so nobody comes between."""
    same = select(Proceeding.number).where(Proceeding.document == document, Proceeding.id != row.id)
    taken = session.scalars(same).first()
    if taken is not None:
        raise DomainError(f"{document} 已经用于 {taken}，请核对文号。", field="document")
