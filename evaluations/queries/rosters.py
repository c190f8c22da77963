"""Who may be put on a team: the staff that an agency's filing in force names, and that is still there."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from agency.models import Person, StaffMember
from filing.queries import filed_identities


@dataclass(frozen=True, slots=True)
class Filed:
    """One of the filed staff."""

    agency_id: int
    person_id: int
    name: str
    title: str


def filed_staff(session: Session, agency_ids: Collection[int]) -> tuple[Filed, ...]:
    """Those on the rosters of the filings in force who haven't left since, in the order of the rosters."""
    return tuple(member for agency_id in agency_ids for member in _of(session, agency_id))


def filed_members(session: Session, agency_ids: Collection[int]) -> frozenset[tuple[int, int]]:
    """(agency, person) of the filed staff: what `entering.require_sound_team` asks for."""
    return frozenset((member.agency_id, member.person_id) for member in filed_staff(session, agency_ids))


def _of(session: Session, agency_id: int) -> list[Filed]:
    filed = filed_identities(session, agency_id)
    if not filed:
        return []
    present = session.execute(
        select(StaffMember.person_id, StaffMember.name, StaffMember.title, Person.identity)
        .join(Person, Person.id == StaffMember.person_id)
        .where(StaffMember.agency_id == agency_id, StaffMember.left_on.is_(None))
        .order_by(StaffMember.id)
    )
    return [Filed(agency_id, row.person_id, row.name, row.title) for row in present if row.identity in filed]
