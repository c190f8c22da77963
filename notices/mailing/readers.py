"""To whom a notice goes by mail or short message: people with a confirmed address, else a body's own contact."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from accounts.models import Role, RoleGrant, User
from core.contacts import email_text, is_mailable, mobile_of
from core.db import db
from notices.events import OUTSIDE, Reader
from notices.models import Notice
from notices.outbox import ROLE, Audience


@dataclass(frozen=True, slots=True)
class To:
    """One reader: `key` is what makes a mail theirs once and only once."""

    key: str
    address: str
    name: str
    officer: bool = False
    user_id: int | None = None


def people(session: Session, notice: Notice) -> Sequence[User]:
    """Whom a notice is addressed to: accounts in use that were there when it was posted (as the inbox has it)."""
    to = Audience(notice.audience_kind, notice.audience_id)
    rows = _addressed(to).where(User.active, User.created_at <= notice.at).order_by(User.id)
    return session.scalars(rows).all()


def _addressed(to: Audience) -> Select[User]:
    everyone = select(User)
    if to.kind == ROLE:
        return everyone.where(User.grants.any(RoleGrant.role == to.id))
    if to.reader is Reader.BUREAU:
        return everyone.where(User.bureau == to.id, User.grants.any(RoleGrant.role == Role.MUNICIPAL))
    column = {Reader.AGENCY: User.agency_id, Reader.APPLICANT: User.applicant_id, Reader.ACCOUNT: User.id}[to.reader]
    return everyone.where(column == int(to.id))


def mailed(session: Session, notice: Notice) -> list[To]:
    """Who may be mailed. A body none of whose people gave an address is written to at its contact's.

    Not where all its people turned mail off.
    """
    readers = people(session, notice)
    found = [
        To(f"user:{user.id}", user.mailed_at, user.display_name, user.is_department, user.id)
        for user in readers
        if user.mailed_at
    ]
    if found or notice.audience_kind not in OUTSIDE or all(user.mail_off for user in readers):
        return found
    contact = _contact(session, notice)
    address = email_text(contact.contact_email) if contact else ""
    return [To(_key(notice), address, contact.contact_name)] if is_mailable(address) else []


def texted(session: Session, notice: Notice) -> list[To]:
    """Who gets a short message: the contact of the agency or applicant, where the number is a mobile's."""
    contact = _contact(session, notice) if notice.audience_kind in OUTSIDE else None
    number = mobile_of(contact.contact_phone or "") if contact else ""
    return [To(f"sms:{_key(notice)}", number, contact.contact_name)] if contact and number else []


def _key(notice: Notice) -> str:
    return f"{notice.audience_kind}:{notice.audience_id}"


def _contact(session: Session, notice: Notice) -> Any:
    """The contact's fields of an agency or applicant; their mappings stand in packages above this one."""
    body = db.metadata.tables[notice.audience_kind].c
    fields = select(body.contact_name, body.contact_email, body.contact_phone)
    return session.execute(fields.where(body.id == int(notice.audience_id))).one_or_none()
