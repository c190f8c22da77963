"""An agency keeps its staff by hand: takes people in, corrects what is written of them, notes who left."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from agency import changing, members, persons
from agency.members import MemberEntry
from agency.models import StaffMember
from agency.tables import tables_of
from core import clock
from core.db import transaction
from core.errors import Collected, Conflict, DomainError
from core.identity import Identity, IdentityDocument
from core.refs import Actor


class AlreadyOnRoster(DomainError):
    """One person, one row: whoever is there is corrected, not entered again."""


class Gone(Conflict):
    """The row is no longer what the reader saw."""


def add(agency_id: int, number: str, entry: MemberEntry, *, version: int, by: Actor) -> int:
    """Take a person in; returns the row's id.

    Raises Conflict, AlreadyOnRoster and what the number or the days can't be, several as Refusals.
    """
    with transaction() as session:
        agency = changing.begin(session, agency_id, shown=version)
        identity = _require_sound(session, number, entry)
        person = persons.find_or_add(session, identity)
        session.flush()
        _require_absent(session, agency_id, person.id, entry)
        row = StaffMember(agency_id=agency_id, person_id=person.id, **members.values(entry))
        session.add(row)
        session.flush()
        changing.finish(session, agency, "staff_member.added", by=by, about=row.ref)
        return row.id


def _require_sound(session: Session, number: str, entry: MemberEntry) -> Identity:
    refusals, identity = Collected(), None
    with refusals.attempt():
        identity = Identity.read(IdentityDocument.RESIDENT_ID, number, field="number")
    if identity is not None and identity.birth_on is not None:
        with refusals.attempt():
            members.require_possible(entry, born=identity.birth_on, today=clock.today())
    with refusals.attempt():
        _require_level(session, entry)
    refusals.settle()
    assert identity is not None  # noqa: S101 - settle() has raised otherwise
    return identity


def _require_level(session: Session, entry: MemberEntry) -> None:
    """A title that the table doesn't know is not guessed: the agency says what it takes it for (reading 4)."""
    if not entry.title or entry.declared_level is not None:
        return
    if tables_of(session).titles.find(entry.title, on=clock.today()) is None:
        raise DomainError(
            f"职称表中没有“{entry.title}”。请核对是否与证书一致；一致的，请选择机构认为它属于哪一级，由办理人判断。",
            field="declared_level",
        )


def _require_absent(session: Session, agency_id: int, person_id: int, entry: MemberEntry) -> None:
    rows = session.scalars(
        select(StaffMember).where(StaffMember.agency_id == agency_id, StaffMember.person_id == person_id)
    ).all()
    present = next((row for row in rows if row.left_on is None), None)
    if present is not None:
        raise AlreadyOnRoster(f"此人已在本机构名单中（{present.name}），请修改原有的一条。", field="number")
    left = max((row.left_on for row in rows if row.left_on), default=None)
    members.require_return(entry.joined_on, left_on=left, today=clock.today())


def change(agency_id: int, member_id: int, entry: MemberEntry, *, version: int, by: Actor) -> None:
    """Correct what is written of a person. The number stays: another number is another person.

    Raises Conflict, Gone, AlreadyOnRoster, and what the days can't be, several as Refusals.
    """
    with transaction() as session:
        agency = changing.begin(session, agency_id, shown=version)
        row = _member(session, agency_id, member_id)
        refusals = Collected()
        if row.person.birth_on is not None:
            with refusals.attempt():
                members.require_possible(entry, born=row.person.birth_on, today=clock.today())
        with refusals.attempt():
            _require_level(session, entry)
        refusals.settle()
        if row.left_on is not None and entry.left_on is None:
            _require_alone(session, row)
        changed = members.changes(MemberEntry.of(row), entry)
        members.write(row, entry)
        if changed:
            fields = "、".join(change.label for change in changed)
            changing.finish(session, agency, "staff_member.changed", by=by, about=row.ref, after=fields)


def _require_alone(session: Session, row: StaffMember) -> None:
    other = session.scalar(
        select(StaffMember.id).where(
            StaffMember.agency_id == row.agency_id,
            StaffMember.person_id == row.person_id,
            StaffMember.id != row.id,
            StaffMember.left_on.is_(None),
        )
    )
    if other is not None:
        raise AlreadyOnRoster("此人另有一条在职记录，这一条的离职日期不能清空。", field="left_on")


def leave(agency_id: int, member_id: int, left_on: date, *, version: int, by: Actor) -> None:
    """Note a person's last day. Raises Conflict, Gone, and what the day can't be."""
    with transaction() as session:
        agency = changing.begin(session, agency_id, shown=version)
        row = _member(session, agency_id, member_id)
        if row.left_on is not None:
            raise Gone(f"此人已登记为 {row.left_on} 离职；日期有误的，请在人员资料中改正。")
        today, joined = clock.today(), row.joined_on
        if left_on > today:
            raise DomainError(f"离职日期 {left_on} 在今天之后，请到那天再办理。", field="left_on")
        if joined is not None and left_on < joined:
            raise DomainError(f"离职日期 {left_on} 早于到岗日期 {joined}，请核对。", field="left_on")
        row.left_on = left_on
        changing.finish(session, agency, "staff_member.left", by=by, about=row.ref, after=left_on.isoformat())


def _member(session: Session, agency_id: int, member_id: int) -> StaffMember:
    row = session.get(StaffMember, member_id)
    if row is None or row.agency_id != agency_id:
        raise Gone("名单中没有这一条，请返回列表查看。")
    return row
