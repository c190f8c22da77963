"""From notices to mails: each new notice becomes a mail for each of its readers who is to have one, exactly once.

It happens after the commit of the act, so that a page never waits for it. A notice and its mails change hands in one
transaction: who breaks off leaves the notice to the next.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock
from core.contacts import masked_email, masked_phone
from core.db import add_unless_there, db, transaction
from notices.events import EVENTS, Event
from notices.events import Mail as How
from notices.mailing import message, readers
from notices.mailing.readers import To
from notices.models import Mail, MailKind, MailState, Notice

AT_A_TIME = 50
UNSHOWN = "不显示"  # a host alone may say who somebody is
UNKNOWN = Event("{label}", ())  # of an earlier version of the table


def make_mails() -> int:
    """Make the mails of all new notices, in their order; how many notices there were."""
    done = 0
    while _any_new() and (batch := _some()):
        done += batch
    return done


def _any_new() -> bool:
    """Reads only, so that a pulse with nothing to do keeps nobody from writing."""
    session = db.session()
    found = session.scalar(select(Notice.id).where(Notice.unmailed).limit(1)) is not None
    session.rollback()
    return found


def _some() -> int:
    with transaction() as session:
        waiting = select(Notice).where(Notice.unmailed).order_by(Notice.id).limit(AT_A_TIME)
        notices: Sequence[Notice] = session.scalars(waiting.with_for_update(skip_locked=True)).all()
        for notice in notices:
            _expand(session, notice)
            notice.unmailed = False
        return len(notices)


def _expand(session: Session, notice: Notice) -> None:
    event = EVENTS.get(notice.event, UNKNOWN)
    for to in readers.mailed(session, notice):
        if event.mailed(officer=to.officer) is How.AT_ONCE:
            add(session, to, MailKind.NOTICE, subject=notice.text, text=_text(notice, to), notice_id=notice.id)
    if event.urgent and message.settings().sms_gateway:
        for to in readers.texted(session, notice):
            add(
                session,
                to,
                MailKind.SMS,
                subject=notice.text,
                text=f"【绿色制造评价】{notice.text}",
                notice_id=notice.id,
            )


def _text(notice: Notice, to: To) -> str:
    return message.body(
        to.name,
        f"{notice.text}。",
        f"查看：{message.link(f'/notices/{notice.id}')}",
    )


def add(session: Session, to: To, kind: MailKind, *, subject: str, text: str, **of: Any) -> bool:
    """Add a mail unless this reader has it already: `of` says which notice or day it is of. Whether it was added."""
    instant = clock.now()
    mask = masked_phone if kind is MailKind.SMS else masked_email
    return add_unless_there(
        session,
        Mail,
        kind=kind,
        reader=to.key,
        user_id=to.user_id,
        address=to.address,
        masked=UNSHOWN if kind is MailKind.VISITOR else mask(to.address)[:120],
        subject=message.subject_line(subject),
        text=text,
        message_id=message.new_message_id(),
        state=MailState.WAITING,
        made_at=instant,
        due_at=instant,
        **of,
    )
