"""公布: a served decision is published, a unit leaves its list; what was decided may be annulled on review."""

from datetime import date

from sqlalchemy.orm import Session

from accounts.models import User
from agency.models import Agency, NonAdoption
from core import clock
from core.db import transaction
from evaluations import removing
from evaluations.models import ListEntry
from sanctions import periods, steps
from sanctions.entries import PublicationEntry
from sanctions.models import Measure, Proceeding
from sanctions.rules import course, removal
from sanctions.rules import publishing as published
from sanctions.rules.course import Action
from supervision.models import CaseOutcome
from supervision.rules import verifying

OUTCOMES = {
    Measure.NON_ADOPTION: CaseOutcome.NOT_ADOPTED,
    Measure.CIRCULAR: CaseOutcome.CIRCULATED,
    Measure.REMOVAL: CaseOutcome.REMOVED,
}


def publish(proceeding_id: int, entry: PublicationEntry, *, version: int, by: User) -> bool:
    """公布: anybody may read it from now on, and the case ends. A unit leaves its list, where a day is given.

    Whether the case was closed. Raises NotPossibleNow, AlreadyRemoved, DomainError (the day, the ministry's document).
    """
    with transaction() as session:
        row = steps.shown(session, proceeding_id, version)
        course.next_state(row.state, Action.PUBLISH)
        verifying.require_no_number(entry.text, field="text")
        published.require_nobodys(entry.text)
        if row.measure is Measure.REMOVAL:
            _take_off(session, row, entry.removed_on, entry.document, by)
        steps.take(session, row, Action.PUBLISH, by=by)
        row.published_at, row.published_text = clock.now(), entry.text
        steps.tell_other_side(session, "proceeding_published", row)
        return steps.close_case(session, row, OUTCOMES[row.measure], by=by)


def carry_out(proceeding_id: int, removed_on: date, *, document: str, version: int, by: User) -> None:
    """登记移出: the year's list, or the ministry's document, has come. Raises NotPossibleNow, DomainError."""
    with transaction() as session:
        row = steps.shown(session, proceeding_id, version)
        course.next_state(row.state, Action.CARRY_OUT)
        if row.measure is not Measure.REMOVAL or row.removed_on is not None:
            raise course.NotPossibleNow("该事项没有待登记的移出。")
        _take_off(session, row, removed_on, document, by)
        steps.take(session, row, Action.CARRY_OUT, by=by)


def annul(proceeding_id: int, *, document: str, reason: str, version: int, by: User) -> None:
    """经复核撤销: ends its own period and no other; a unit that was taken off its list stands on it again.

    Raises NotPossibleNow, AlreadyAnnulled.
    """
    with transaction() as session:
        known = session.get_one(Proceeding, proceeding_id)
        agency = period = None
        if known.non_adoption_id is not None:
            agency = session.get_one(Agency, known.agency_id, with_for_update=True, populate_existing=True)
            period = session.get_one(NonAdoption, known.non_adoption_id, with_for_update=True, populate_existing=True)
        row = steps.shown(session, proceeding_id, version)
        course.next_state(row.state, Action.ANNUL)
        told = f"依 {document} 撤销"
        # what rests on it is locked before the log's one row is
        if agency is not None and period is not None:
            periods.annul(session, period, agency, reason=told, by=by)
        if row.removed_on is not None and row.list_entry_id is not None:
            entry = removing.locked(session, row.list_entry_id)
            if (entry.removed_on, entry.basis) == (row.removed_on, _basis(row, entry, row.removal_document)):
                removing.put_back(session, entry, reason=told, by=by)  # not where it was taken off again since
        steps.take(session, row, Action.ANNUL, by=by)
        row.annulled_at, row.annulled_by = clock.now(), by.id
        row.annulled_document, row.annulled_reason = document, reason
        steps.tell_other_side(session, "proceeding_annulled", row)


def _take_off(session: Session, row: Proceeding, removed_on: date | None, document: str, by: User) -> None:
    """第十八条: off the province's or a municipal list at once or with the year's; the ministry's by its document."""
    entry = removing.locked(session, row.list_entry_id or 0)
    if row.ground is None or row.served_at is None:
        raise course.NotPossibleNow("该事项不是已送达的移出决定。")
    removal.require_removal_day(
        removed_on,
        level=entry.level,
        ground=row.ground,
        served_on=clock.day_of(row.served_at),
        published=entry.published,
        today=clock.today(),
        document=document,
    )
    if removed_on is None:
        return
    removing.remove(session, entry, on=removed_on, basis=_basis(row, entry, document), by=by)
    row.removed_on, row.removal_document = removed_on, document or None


def _basis(row: Proceeding, entry: ListEntry, document: str | None) -> str:
    """By which document an entry leaves its list: of a national one the ministry's."""
    return (document if removal.is_ministrys(entry.level) else row.document) or row.number
