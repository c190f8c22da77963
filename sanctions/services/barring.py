"""第二十二条第三款: a decision of non-adoption that was made on paper is entered, and annulled (reading 15)."""

from sqlalchemy import select

from accounts.models import User
from agency.models import Agency, NonAdoption
from core.db import transaction
from core.errors import Conflict
from sanctions import periods
from sanctions.entries import NonAdoptionEntry
from sanctions.models import Proceeding


class OutOfProceeding(Conflict):
    """The decision was made in a proceeding, and is annulled there."""


def enter(agency_id: int, entry: NonAdoptionEntry, *, by: User) -> int:
    """Enter a decision; its last day follows from its first. Raises DomainError (too early, entered already)."""
    with transaction() as session:
        agency = session.get_one(Agency, agency_id, with_for_update=True, populate_existing=True)
        period = periods.begin(
            session,
            agency,
            first_day=entry.first_day,
            document=entry.document,
            basis=entry.basis,
            by=by,
            logged=entry.basis,
        )
        return period.id


def annul(non_adoption_id: int, *, reason: str, by: User) -> None:
    """撤销 a decision made on paper: ends this one and no other; it stays to be read.

    Raises AlreadyAnnulled, OutOfProceeding.
    """
    with transaction() as session:
        agency_id = session.get_one(NonAdoption, non_adoption_id).agency_id
        agency = session.get_one(Agency, agency_id, with_for_update=True, populate_existing=True)
        period = session.get_one(NonAdoption, non_adoption_id, with_for_update=True, populate_existing=True)
        number = session.scalar(select(Proceeding.number).where(Proceeding.non_adoption_id == period.id))
        if number is not None:
            raise OutOfProceeding(f"该决定经 {number} 作出，请在该事项中撤销，写明所依据的文书。")
        periods.annul(session, period, agency, reason=reason, by=by)
