"""Reading the outbox."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, defer

from accounts.models import User
from core import clock
from core.db import db
from core.paging import Page, page_of
from notices.models import Mail, MailKind, MailServer, MailState

ASK = (MailState.FAILED, MailState.UNCERTAIN)  # somebody must look at
OF_LATE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Outbox:
    page: Page[Mail]
    waiting: int
    asking: Mapping[MailState, int]
    server: MailServer | None


def outbox(session: Session, *, state: str, kind: str, cursor: str | None) -> Outbox:
    """A page of mails, the newest first, and how it stands with all of them."""
    rows = select(Mail).options(defer(Mail.text), defer(Mail.address))
    if state:
        rows = rows.where(Mail.state == MailState(state))
    if kind:
        rows = rows.where(Mail.kind == MailKind(kind))
    counted = select(Mail.state, func.count(Mail.id)).where(or_(Mail.state == MailState.WAITING, _asks()))
    counts = {row.state: row[1] for row in session.execute(counted.group_by(Mail.state))}
    return Outbox(
        page=page_of(session, rows, keys=[Mail.id], cursor=cursor, descending=True),
        waiting=counts.pop(MailState.WAITING, 0),
        asking=counts,
        server=session.scalar(select(MailServer)),
    )


def asking(session: Session, user: User) -> int:
    """How many mails of late somebody must look at."""
    return session.scalar(select(func.count(Mail.id)).where(_asks())) or 0


def _asks() -> ColumnElement[bool]:
    return and_(Mail.state.in_(ASK), Mail.due_at > clock.now() - OF_LATE)


def mail_seen_by(user: User, mail_id: int) -> Mail | None:
    """A mail of the outbox."""
    return db.session.get(Mail, mail_id)


def is_down(server: MailServer | None) -> bool:
    """Whether the server could not be reached the last time."""
    return server is not None and server.failures > 0
