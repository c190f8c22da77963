"""Reading one's notices. Nobody else's business, so it is not in the audit log."""

from sqlalchemy import delete, func, select

from accounts.models import User
from core import clock
from core.db import add_unless_there, transaction
from notices import queries
from notices.models import Notice, NoticeRead, NoticesSeen


def mark_read(notice_id: int, *, by: User) -> None:
    """已读: opening it twice changes nothing."""
    with transaction() as session:
        add_unless_there(session, NoticeRead, notice_id=notice_id, user_id=by.id, at=clock.now())


def mark_all_read(*, by: User, up_to: int) -> None:
    """全部标为已读: everything up to the newest that the reader was shown, and not what came in meanwhile."""
    with transaction() as session:
        newest = session.scalar(select(func.max(Notice.id)).where(queries.addressed_to(by), Notice.id <= up_to))
        if newest is None:
            return
        add_unless_there(session, NoticesSeen, user_id=by.id, up_to=0)
        seen = session.get_one(NoticesSeen, by.id, with_for_update=True, populate_existing=True)
        seen.up_to = max(seen.up_to, newest)
        session.execute(delete(NoticeRead).where(NoticeRead.user_id == by.id, NoticeRead.notice_id <= seen.up_to))
