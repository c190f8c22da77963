"""An agency brings its staff in a spreadsheet: looked at first, saved only when it confirms, once."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from agency import changing, imports, members, persons, waiting
from agency.entries import UploadEntry
from agency.imports import Outcome, Plan, PlannedRow
from agency.models import Agency, ImportState, RosterImport, StaffMember
from core import audit, clock
from core.db import db, transaction
from core.documents import clean_name
from core.errors import Conflict, DomainError
from core.refs import Actor

KEPT = timedelta(days=1)  # how long a roster waits to be confirmed


class ImportDone(Conflict):
    """Confirmed or abandoned before: a second click, or Back."""


def bring(agency_id: int, upload: UploadEntry, *, by: Actor) -> int:
    """Read a spreadsheet and keep what it says, to be looked at; returns the import's id.

    One that waited is abandoned for it. Raises UnreadableSheet, NoHeading or NoPeople for what can't be read; then
    nothing is kept.
    """
    # outside the transaction: it takes seconds, and nobody should queue behind it
    agency_name = db.session().get_one(Agency, agency_id).name
    roster = waiting.read(upload.content, file_name=upload.name, agency_name=agency_name, on=clock.today())
    with transaction() as session:
        earlier = session.scalars(_pending().where(RosterImport.agency_id == agency_id)).all()
        brought = RosterImport(
            agency_id=agency_id,
            digest=waiting.keep(roster),
            file_name=clean_name(upload.name, "xlsx")[:200],
            brought_at=clock.now(),
            brought_by=by.id,
        )
        session.add(brought)
        session.flush()  # so that the same roster brought twice is seen to be held still
        for each in earlier:
            _close(session, each, ImportState.ABANDONED, by=by)
        audit.record(session, "roster_import.brought", brought, by=by)
        return brought.id


def confirm(import_id: int, *, version: int, by: Actor) -> tuple[int, int]:
    """Put what was shown on the roster, in one go; returns how many were added and changed.

    Raises ImportDone the second time, RosterGone, and Conflict when the staff are no longer those of the preview.
    """
    with transaction() as session:
        brought = _locked(session, import_id)
        agency = changing.begin(session, brought.agency_id, shown=version)
        plan = imports.plan(session, agency, waiting.roster_of(brought), on=clock.today())
        added, changed = plan.counts[Outcome.ADDED], plan.counts[Outcome.CHANGED]
        if not added and not changed:
            raise DomainError("名单与现有人员没有差别，没有可以导入的内容。")
        _carry_out(session, agency, plan)
        brought.added, brought.changed = added, changed
        _close(session, brought, ImportState.CONFIRMED, by=None)
        changing.finish(
            session, agency, "roster_import.confirmed", by=by, about=brought.ref, after=f"新增 {added}，更改 {changed}"
        )
        return added, changed


def abandon(import_id: int, *, by: Actor) -> None:
    """Save nothing of it; what was read is removed. Raises ImportDone."""
    with transaction() as session:
        _close(session, _locked(session, import_id), ImportState.ABANDONED, by=by)


def sweep() -> int:
    """Abandon what has waited for more than a day; returns how many."""
    with transaction() as session:
        outdated = session.scalars(_pending().where(RosterImport.brought_at < clock.now() - KEPT)).all()
        for brought in outdated:
            _close(session, brought, ImportState.ABANDONED, by=None)
            audit.record(session, "roster_import.abandoned", brought, by=None, reason="超过一天未确认")
        return len(outdated)


def _pending() -> Any:
    return select(RosterImport).where(RosterImport.state == ImportState.PENDING).with_for_update()


def _locked(session: Session, import_id: int) -> RosterImport:
    brought = session.get_one(RosterImport, import_id, with_for_update=True, populate_existing=True)
    _require_pending(brought)
    return brought


def _require_pending(brought: RosterImport) -> None:
    if brought.state is ImportState.CONFIRMED:
        raise ImportDone(f"这份名单已经导入：新增 {brought.added} 人，更改 {brought.changed} 人，不必再次确认。")
    if brought.state is ImportState.ABANDONED:
        raise ImportDone("这份名单已放弃或超过一天未确认，文件已删除；仍要导入的请重新上传。")


def _close(session: Session, row: RosterImport, state: ImportState, *, by: Actor | None) -> None:
    waiting.close(session, row, state)
    if by is not None:
        audit.record(session, f"roster_import.{state.value}", row, by=by)


def _carry_out(session: Session, agency: Agency, plan: Plan) -> None:
    """New rows and changed ones, each kind in one statement."""
    added = plan.having(Outcome.ADDED)
    people = persons.find_or_add_all(session, {row.key: row.identity for row in added if row.identity})
    if added:
        session.execute(insert(StaffMember), list(_new_rows(agency.id, added, people)))
    changed = plan.having(Outcome.CHANGED)
    if changed:
        session.execute(update(StaffMember), [{"id": row.member_id, **members.values(row.entry)} for row in changed])


def _new_rows(agency_id: int, added: Iterable[PlannedRow], people: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    for row in added:
        yield {"agency_id": agency_id, "person_id": people[row.key], **members.values(row.entry)}
