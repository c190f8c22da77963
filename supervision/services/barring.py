"""第二十二条第三款: a decision of non-adoption that was made on paper is entered, and annulled (reading 15).

How it is found, heard and decided is not done here: what is entered is a fact of the agency.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import User
from agency.models import Agency, NonAdoption
from core import audit, clock, law
from core.db import transaction
from core.errors import DomainError
from core.refs import Ref
from notices import outbox
from notices.outbox import Audience
from supervision import rules
from supervision.entries import NonAdoptionEntry


def enter(agency_id: int, entry: NonAdoptionEntry, *, by: User) -> int:
    """Enter a decision; its last day follows from its first. Raises DomainError (too early, entered already)."""
    jurisdiction = law.jurisdiction()
    with transaction() as session:
        agency = session.get_one(Agency, agency_id, with_for_update=True, populate_existing=True)
        rules.require_sound_period(entry.first_day, today=clock.today(), in_force_since=jurisdiction.in_force_since)
        _require_new(session, agency_id, entry.document)
        years = jurisdiction.number("non_adoption_years", on=entry.first_day)
        period = NonAdoption(
            agency_id=agency_id,
            first_day=entry.first_day,
            last_day=rules.last_day(entry.first_day, years=years),
            document=entry.document,
            basis=entry.basis,
            entered_at=clock.now(),
            entered_by=by.id,
        )
        session.add(period)
        session.flush()
        days = f"{period.first_day} 至 {period.last_day}"
        audit.record(session, "non_adoption.entered", _ref(period, agency), by=by, after=days, reason=entry.basis)
        outbox.post(session, "non_adoption_entered", to=Audience.agency(agency_id), about=_ref(period, agency))
        return period.id


def annul(non_adoption_id: int, *, reason: str, by: User) -> None:
    """撤销: ends this decision and no other; it stays to be read. Raises AlreadyAnnulled."""
    with transaction() as session:
        period = session.get_one(NonAdoption, non_adoption_id, with_for_update=True, populate_existing=True)
        if period.annulled_at is not None:
            raise rules.AlreadyAnnulled(f"该决定已于 {clock.day_of(period.annulled_at)} 撤销，不必再办理。")
        agency = session.get_one(Agency, period.agency_id)
        period.annulled_at, period.annulled_by, period.annulled_reason = clock.now(), by.id, reason
        audit.record(session, "non_adoption.annulled", _ref(period, agency), by=by, reason=reason)
        outbox.post(session, "non_adoption_annulled", to=Audience.agency(agency.id), about=_ref(period, agency))


def _require_new(session: Session, agency_id: int, document: str) -> None:
    same = select(NonAdoption.id).where(
        NonAdoption.agency_id == agency_id, NonAdoption.document == document, NonAdoption.annulled_at.is_(None)
    )
    if session.scalars(same).first() is not None:
        raise DomainError(f"{document} 已经录入，不能重复录入。", clause="JL-22-3", field="document")


def _ref(period: NonAdoption, agency: Agency) -> Ref:
    return Ref("non_adoption", period.id, f"{agency.name} {period.document}")
