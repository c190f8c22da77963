"""Whether a reporter's mail address is theirs: by a code that was mailed there, for one form."""

from sqlalchemy.orm import Session

from complaints.models import MailCode
from core.contacts import email_text
from core.sealed import keyring


def address_key(email: str) -> str:
    """By which equal addresses are found without being known."""
    return keyring().keyed_hash(f"reporter mail {email_text(email).lower()}")


def phone_key(phone: str) -> str:
    return keyring().keyed_hash(f"reporter phone {phone.removeprefix('+').removeprefix('86').replace('-', '')}")


def confirmed(session: Session, form: str, email: str) -> MailCode | None:
    """The code's row where this form's code was entered and went to this address."""
    row = session.get(MailCode, form, populate_existing=True) if email else None
    if row is None or row.confirmed_at is None or row.address_key != address_key(email):
        return None
    return row
