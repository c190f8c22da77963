"""The officers' mail of the morning: what is unread and what waits, one a working day; none where nothing is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import DEPARTMENT_ROLES, RoleGrant, User
from core.db import db, transaction
from core.workdays import calendar
from notices import queries
from notices.events import SECTIONS
from notices.mailing import expanding, message
from notices.mailing.readers import To
from notices.models import MailKind, Notice

SHOWN = 10  # of a section


@dataclass(frozen=True, slots=True)
class Waiting:
    """A worklist, how much on it is this officer's to do, and its path."""

    label: str
    count: int
    path: str


WaitsFor = Callable[[Session, User], Sequence[Waiting]]


def send_digests(on: date) -> str:
    """Make the digests of a day; says how many. Who has theirs of that day gets no second one."""
    if not calendar(db.session()).is_working(on):
        return f"{on} 不是工作日，不发送"
    made = sum(_digest(officer_id, on) for officer_id in _officers())
    return f"为 {made} 人生成了每日汇总邮件"


def _officers() -> Sequence[int]:
    held = User.grants.any(RoleGrant.role.in_(DEPARTMENT_ROLES))
    wanted = select(User.id).where(User.active, held, ~User.mail_off, User.email_confirmed_at.is_not(None))
    return db.session.scalars(wanted.order_by(User.id)).all()


def _digest(officer_id: int, on: date) -> bool:
    with transaction() as session:
        officer = session.get_one(User, officer_id)
        unread, waiting = _unread(session, officer), _waits_for()(session, officer)
        if not officer.mailed_at or not (unread or waiting):
            return False
        to = To(f"user:{officer.id}", officer.mailed_at, officer.display_name, officer=True, user_id=officer.id)
        parts = []
        if waiting:
            lines = "\n".join(f"· {each.label}：{each.count} 件  {message.link(each.path)}" for each in waiting)
            parts.append(f"等待您办理：\n{lines}")
        if unread:
            parts.append(_listed(unread))
        things = [f"待办 {sum(each.count for each in waiting)} 件"] if waiting else []
        things += [f"未读消息 {_number(len(unread))} 条"] if unread else []
        subject = f"{on:%m月%d日}工作汇总：{'，'.join(things)}"
        return expanding.add(session, to, MailKind.DIGEST, subject=subject, text=message.body(to.name, *parts), day=on)


def _unread(session: Session, officer: User) -> Sequence[Notice]:
    rows = select(Notice).where(queries.addressed_to(officer), queries.unread_by(officer))
    return session.scalars(rows.order_by(Notice.id.desc()).limit(queries.MOST_COUNTED)).all()


def _number(count: int) -> str:
    return f"{count} 以上" if count >= queries.MOST_COUNTED else str(count)


def _listed(notices: Sequence[Notice]) -> str:
    """Unread notices by section, the newest first."""
    parts = [f"未读消息：{message.link('/notices?unread=yes')}"]
    sections = {title: [each for each in notices if each.event in events] for title, events in SECTIONS.items()}
    named = {each.id for found in sections.values() for each in found}
    sections["其他"] = [each for each in notices if each.id not in named]
    for title, found in sections.items():
        if found:
            parts.append(f"【{title}】{_number(len(found))} 条")
            parts += [f"· {each.text}" for each in found[:SHOWN]]
            parts += [f"· 另有 {len(found) - SHOWN} 条"] if len(found) > SHOWN else []
    return "\n".join(parts)


def _waits_for() -> WaitsFor:
    """What waits for an officer: known where the packages meet, far above this one (app.py hands it in)."""
    return cast(WaitsFor, current_app.extensions["waits_for"])
