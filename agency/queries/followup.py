"""A flag as the desk follows it up: with its agency, the check of today, and every term that was set."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from agency.models import Agency, Flag, FlagKind
from agency.queries import agency_with_everything
from agency.recheck import LiveCheck, live_check
from core.audit import AuditEntry


@dataclass(frozen=True, slots=True)
class Followed:
    flag: Flag
    agency: Agency
    check: LiveCheck
    terms: Sequence[AuditEntry]  # newest first


def flag_of(session: Session, flag_id: int, *, on: date) -> Followed | None:
    """A flag of conditions not met by its id, also one that is cleared; the other kinds have nothing to mend here."""
    flag = session.get(Flag, flag_id)
    if flag is not None and flag.kind is not FlagKind.CONDITIONS_NOT_MET:
        return None
    agency = agency_with_everything(session, flag.agency_id) if flag is not None else None
    if flag is None or agency is None:
        return None
    terms = select(AuditEntry).where(AuditEntry.object_kind == "flag", AuditEntry.object_id == flag_id)
    return Followed(
        flag,
        agency,
        live_check(session, agency, on=on),
        session.scalars(terms.order_by(AuditEntry.number.desc()).limit(50)).all(),
    )


def day_in(text: str | None) -> date | None:
    """The day that a form carried; None for none."""
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None
