"""第二十二条第三款: a decision of non-adoption that was made on paper is entered, and annulled (reading 15)."""

from accounts.models import User
from agency.models import Agency, NonAdoption
from core.db import transaction
from sanctions import periods
from sanctions.entries import NonAdoptionEntry


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
    """撤销: ends this decision and no other; it stays to be read. Raises AlreadyAnnulled."""
    with transaction() as session:
        period = session.get_one(NonAdoption, non_adoption_id, with_for_update=True, populate_existing=True)
        agency = session.get_one(Agency, period.agency_id)
        periods.annul(session, period, agency, reason=reason, by=by)
