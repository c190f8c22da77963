"""第二十二条第三款: a decision of non-adoption that was made on paper is entered, and annulled (reading 15)."""

from sqlalchemy import select

from accounts.models import User
from agency.models import Agency, NonAdoption
from core.db import transaction
from sanctions import periods, steps
from sanctions.entries import NonAdoptionEntry
from sanctions.models import Proceeding
from sanctions.rules.course import Action, may_follow


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


def annul(non_adoption_id: int, *, document: str = "", reason: str, by: User) -> None:
    """撤销: ends this decision and no other; it stays to be read, and so does the proceeding that it came from.

    Raises AlreadyAnnulled.
    """
    with transaction() as session:
        agency_id = session.get_one(NonAdoption, non_adoption_id).agency_id
        agency = session.get_one(Agency, agency_id, with_for_update=True, populate_existing=True)
        period = session.get_one(NonAdoption, non_adoption_id, with_for_update=True, populate_existing=True)
        row = session.scalar(
            select(Proceeding)
            .where(Proceeding.non_adoption_id == period.id)
            .with_for_update(of=Proceeding)
            .execution_options(populate_existing=True)
        )
        # what came of a case stays out of the log: its words stand with the proceeding
        told = reason if row is None else f"依 {document} 撤销"
        periods.annul(session, period, agency, reason=told, by=by)
        if row is not None and may_follow(row.state, Action.ANNUL):
            row.version += 1
            steps.take(session, row, Action.ANNUL, by=by)
            steps.annulled(row, document=document, reason=reason, by=by)
            steps.tell_other_side(session, "proceeding_annulled", row)
