"""Posting a notice inside the transaction of the act it tells of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy import insert
from sqlalchemy.orm import Session

from core import clock
from core.refs import Ref, Referable
from notices.events import EVENTS, Reader
from notices.models import LONGEST_TEXT, Notice

ROLE = "role"
BUREAU = "bureau"


@dataclass(frozen=True, slots=True)
class Audience:
    """To whom: everyone of an agency, applicant or bureau, one account, or everyone of a role."""

    kind: str
    id: str

    @classmethod
    def agency(cls, agency_id: int) -> Self:
        return cls("agency", str(agency_id))

    @classmethod
    def applicant(cls, applicant_id: int) -> Self:
        return cls("applicant", str(applicant_id))

    @classmethod
    def account(cls, user_id: int) -> Self:
        return cls("account", str(user_id))

    @classmethod
    def bureau(cls, key: str) -> Self:
        return cls(BUREAU, key)

    @classmethod
    def role(cls, role: str) -> Self:
        return cls(ROLE, str(role))

    @property
    def reader(self) -> Reader:
        """The kind of readers, as the table of events names it."""
        return Reader(self.id if self.kind == ROLE else self.kind)


class NotAReader(ValueError):
    """The table of events doesn't name this kind of readers: a programming error."""


def post(
    session: Session,
    event: str,
    *,
    to: Audience,
    about: Referable | Ref,
    detail: Mapping[str, str] | None = None,
) -> None:
    """Add a notice to the running transaction; `detail` fills the words of the event's text besides {label}.

    Raises KeyError for an event that the table doesn't name and for a word that is missing, NotAReader.
    """
    session.add(Notice(**_row(event, to, about, detail or {})))


def post_all(
    session: Session, event: str, posts: Iterable[tuple[Audience, Referable | Ref, Mapping[str, str]]]
) -> None:
    """A notice of one event to each of many, at once: of whom, about what, with which words. Raises as `post` does."""
    rows = [_row(event, to, about, detail) for to, about, detail in posts]
    if rows:
        session.execute(insert(Notice), rows)


def _row(event: str, to: Audience, about: Referable | Ref, detail: Mapping[str, str]) -> dict[str, Any]:
    known = EVENTS[event]
    if to.reader not in known.to:
        raise NotAReader(f"{event} is not for {to.reader.value}: see notices/events.py")
    ref = about if isinstance(about, Ref) else about.ref
    return {
        "event": event,
        "audience_kind": to.kind,
        "audience_id": to.id,
        "about_kind": ref.kind,
        "about_id": ref.id,
        "about_label": ref.label,
        "text": known.text.format(label=ref.label, **detail)[:LONGEST_TEXT],
        "at": clock.now(),
    }
