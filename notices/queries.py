"""Reading notices: what is addressed to a user, and what of it is unread.

What was posted before an account was made is not addressed to it: a new officer doesn't begin with the old ones.
"""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from accounts.models import Role, User
from core.db import db
from core.paging import Page, page_of
from notices.events import IN_PASSING, SECTIONS
from notices.models import Notice, NoticeRead, NoticesSeen
from notices.outbox import BUREAU, ROLE, Audience

MOST_COUNTED = 100


@dataclass(frozen=True, slots=True)
class Inbox:
    page: Page[Notice]
    unread: frozenset[int]  # of those on the page


def addressed_to(user: User) -> ColumnElement[bool]:
    """Notices to the account, to one of its roles, its bureau, its agency or applicant, since it was made."""
    audiences = [Audience.account(user.id), *(Audience.role(role) for role in user.roles)]
    if user.agency_id is not None:
        audiences.append(Audience.agency(user.agency_id))
    if user.applicant_id is not None:
        audiences.append(Audience.applicant(user.applicant_id))
    if user.bureau and Role.MUNICIPAL in user.roles:
        audiences.append(Audience.bureau(user.bureau))
    mine = (and_(Notice.audience_kind == one.kind, Notice.audience_id == one.id) for one in audiences)
    return and_(or_(*mine), Notice.at >= user.created_at)


def unread_by(user: User) -> ColumnElement[bool]:
    seen = select(NoticesSeen.up_to).where(NoticesSeen.user_id == user.id).scalar_subquery()
    opened = select(NoticeRead.id).where(NoticeRead.notice_id == Notice.id, NoticeRead.user_id == user.id)
    return and_(Notice.id > func.coalesce(seen, 0), ~opened.exists(), ~moved_on())


def moved_on() -> ColumnElement[bool]:
    """Whether what officers were told of has gone on since, by whoever's hand: then none of them need read it."""
    later = aliased(Notice)
    told = select(later.id).where(
        later.about_kind == Notice.about_kind,
        later.about_id == Notice.about_id,
        later.id > Notice.id,
        later.event != Notice.event,  # one event may be told to two roles
        later.event.not_in(IN_PASSING),
    )
    return and_(Notice.audience_kind.in_((ROLE, BUREAU)), told.exists())


def unread_count(session: Session, user: User) -> int:
    """How many notices the user has not opened; stops at MOST_COUNTED, beyond which nobody counts."""
    some = select(Notice.id).where(addressed_to(user), unread_by(user)).limit(MOST_COUNTED).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def inbox(
    session: Session, user: User, cursor: str | None, *, only_unread: bool = False, about: str | None = None
) -> Inbox:
    """A page of the user's notices, the newest first; `about`: a section of the table of events."""
    rows: Select[Notice] = select(Notice).where(addressed_to(user))
    if only_unread:
        rows = rows.where(unread_by(user))
    if about:
        rows = rows.where(Notice.event.in_(SECTIONS.get(about, ())))
    page = page_of(session, rows, keys=[Notice.id], cursor=cursor, descending=True)
    shown = [notice.id for notice in page.items]
    unread = session.scalars(select(Notice.id).where(Notice.id.in_(shown), unread_by(user))) if shown else ()
    return Inbox(page, frozenset(unread))


def notice_seen_by(user: User, notice_id: int) -> Notice | None:
    """A notice that is addressed to the user; anybody else's does not exist for them."""
    return db.session.scalar(select(Notice).where(Notice.id == notice_id, addressed_to(user)))
