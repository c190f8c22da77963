"""Whom an agency counts on by its filing: claims on persons, which other agencies' checks see (reading 3)."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import User
from agency import recheck
from agency.models import ClaimStanding, Person, RosterClaim
from agency.queries import agency_with_everything
from core import clock
from notices import outbox
from notices.outbox import Audience


def lay(session: Session, agency_id: int, identities: Collection[str]) -> frozenset[int]:
    """Claim whoever counts, or could, in what is handed in; claims on the filing in force stay beside them.

    Returns the other agencies that claim one of the newly claimed too.
    """
    persons = _persons(session, identities)
    claims = _claims(session, agency_id)
    for person_id, claim in claims.items():
        if claim.standing is ClaimStanding.SUBMITTED and person_id not in persons:
            session.delete(claim)
    added = persons - claims.keys()
    for person_id in added:
        session.add(
            RosterClaim(agency_id=agency_id, person_id=person_id, standing=ClaimStanding.SUBMITTED, since=clock.now())
        )
    return _others_claiming(session, added, agency_id)


def confirm(session: Session, agency_id: int, *, counted: Collection[str], awarded: Collection[str]) -> frozenset[int]:
    """The filing is in force: its claims are those who count, and no others.

    `awarded`: whom an officer decided to count here although another agency claims them. Returns these agencies.
    """
    persons, won = _persons(session, counted), _persons(session, awarded)
    claims = _claims(session, agency_id)
    for person_id, claim in claims.items():
        if person_id not in persons:
            session.delete(claim)
    for person_id in persons:
        claim = claims.get(person_id) or RosterClaim(agency_id=agency_id, person_id=person_id, since=clock.now())
        claim.standing = ClaimStanding.FILED
        if person_id in won:
            claim.awarded_at = clock.now()
        session.add(claim)
    return _others_claiming(session, won, agency_id)


def drop(session: Session, agency_id: int, standing: ClaimStanding) -> frozenset[int]:
    """The hand-in was withdrawn or refused, or the filing cancelled: its claims end.

    Returns the other agencies that claim one of the persons too.
    """
    ended = [claim for claim in _claims(session, agency_id).values() if claim.standing is standing]
    for claim in ended:
        session.delete(claim)
    return _others_claiming(session, [claim.person_id for claim in ended], agency_id)


def tell(session: Session, agencies: Collection[int], event: str | None, *, by: User) -> None:
    """Other agencies whose claims this one's bear on: they are told, and checked anew."""
    session.flush()
    for agency_id in sorted(agencies):
        other = agency_with_everything(session, agency_id)
        if other is None:
            continue
        if event:
            outbox.post(session, event, to=Audience.agency(agency_id), about=other)
        recheck.run(session, other, by=by)


def _others_claiming(session: Session, persons: Collection[int], agency_id: int) -> frozenset[int]:
    others = select(RosterClaim.agency_id).where(RosterClaim.person_id.in_(persons))
    return frozenset(session.scalars(others)) - {agency_id}


def _persons(session: Session, identities: Collection[str]) -> frozenset[int]:
    return frozenset(session.scalars(select(Person.id).where(Person.identity.in_(identities))))


def _claims(session: Session, agency_id: int) -> dict[int, RosterClaim]:
    rows = session.scalars(select(RosterClaim).where(RosterClaim.agency_id == agency_id))
    return {row.person_id: row for row in rows}
