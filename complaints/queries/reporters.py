"""Who reported. The one place that loads it: to be shown (by a service that logs), or compared without being shown."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from complaints.models import CallResult, Complaint, Reporter
from complaints.rules import handling
from complaints.rules.handling import Traits


@dataclass(frozen=True, slots=True)
class Contact:
    """By which ways a reporter can be reached, without saying where."""

    has_phone: bool
    mail_confirmed: bool


def load(session: Session, complaint_id: int) -> Reporter:
    """The reporter in clear: for `services.looking` alone, which writes down who looked and why."""
    return session.get_one(Reporter, complaint_id)


def contact_of(session: Session, complaint_id: int) -> Contact:
    """Whether there is a phone, and a mailbox that was proved."""
    row = session.execute(
        select(Reporter.phone_key, Reporter.email_confirmed_at).where(Reporter.complaint_id == complaint_id)
    ).one()
    return Contact(row.phone_key is not None, row.email_confirmed_at is not None)


def is_confirmed(session: Session, complaint: Complaint) -> bool:
    """Whether name and contact hold (handling.is_confirmed)."""
    contact = contact_of(session, complaint.id)
    results: list[CallResult] = [call.result for call in complaint.calls]
    return handling.is_confirmed(calls=results, has_phone=contact.has_phone, mail_confirmed=contact.mail_confirmed)


def traits_of(session: Session, complaints: Sequence[Complaint]) -> list[Traits]:
    """What may not stand in an officer's wording, of each reporter: for comparing only."""
    rows = session.scalars(select(Reporter).where(Reporter.complaint_id.in_([each.id for each in complaints])))
    return [
        Traits(
            names=tuple(filter(None, (row.name, row.contact))), phone=row.phone, email=row.email, address=row.address
        )
        for row in rows
    ]


def same_reporter(session: Session, complaint: Complaint) -> set[int]:
    """Complaints by somebody of the same phone or mailbox."""
    keys = session.execute(
        select(Reporter.phone_key, Reporter.email_key).where(Reporter.complaint_id == complaint.id)
    ).one()
    alike = []
    if keys.phone_key:
        alike.append(Reporter.phone_key == keys.phone_key)
    if keys.email_key:
        alike.append(Reporter.email_key == keys.email_key)
    if not alike:
        return set()
    return set(session.scalars(select(Reporter.complaint_id).where(or_(*alike), Reporter.complaint_id != complaint.id)))
