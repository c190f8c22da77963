"""Persons on whom several agencies count, as the desk sees them: with all the names (reading 3)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from agency.models import Agency, Person, RosterClaim, StaffMember
from core.paging import Page, page_of


@dataclass(frozen=True, slots=True)
class Claim:
    """One agency's claim; `name`: as its roster writes the person."""

    row: RosterClaim
    agency: Agency
    name: str


@dataclass(frozen=True, slots=True)
class SharedPerson:
    person: Person
    claims: tuple[Claim, ...]

    @property
    def awarded(self) -> RosterClaim | None:
        """The claim that an officer decided for; None while nobody has."""
        return awarded(claim.row for claim in self.claims)

    @property
    def names(self) -> str:
        return "、".join(dict.fromkeys(claim.name for claim in self.claims if claim.name))


def awarded(claims: Iterable[RosterClaim]) -> RosterClaim | None:
    """The claim that was decided for last."""
    decided = [claim for claim in claims if claim.awarded_at is not None]
    return max(decided, key=lambda claim: (claim.awarded_at, claim.id), default=None)


def _shared() -> Select[int]:
    return select(RosterClaim.person_id).group_by(RosterClaim.person_id).having(func.count() > 1)


def undecided() -> Select[int]:
    """The ids of those whom several agencies count on and nobody has decided about."""
    return _shared().having(func.count(RosterClaim.awarded_at) == 0)


def shared_persons(session: Session, *, cursor: str | None) -> tuple[Page[Person], tuple[SharedPerson, ...]]:
    """A page of those whom several agencies count on, the newest entry first."""
    page = page_of(
        session, select(Person).where(Person.id.in_(_shared())), keys=(Person.id,), cursor=cursor, descending=True
    )
    return page, _with_claims(session, page.items)


def shared_person(session: Session, person_id: int) -> SharedPerson | None:
    """One of them; None for a person whom no more than one agency counts on."""
    person = session.get(Person, person_id)
    found = _with_claims(session, [person] if person else [])
    return found[0] if found and len(found[0].claims) > 1 else None


def _with_claims(session: Session, people: Iterable[Person]) -> tuple[SharedPerson, ...]:
    people = list(people)
    ids = [person.id for person in people]
    rosters = select(StaffMember).where(StaffMember.person_id.in_(ids)).order_by(StaffMember.id)
    names = {(row.agency_id, row.person_id): row.name for row in session.scalars(rosters)}
    claims: defaultdict[int, list[Claim]] = defaultdict(list)
    rows = session.execute(
        select(RosterClaim, Agency)
        .join(Agency, Agency.id == RosterClaim.agency_id)
        .where(RosterClaim.person_id.in_(ids))
        .order_by(RosterClaim.since, RosterClaim.id)
    )
    for claim, agency in rows:
        claims[claim.person_id].append(Claim(claim, agency, names.get((agency.id, claim.person_id), "")))
    return tuple(SharedPerson(person, tuple(claims[person.id])) for person in people)
