"""Notices: who must know of what. Each names its reader and its object by value."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Model

LONGEST_TEXT = 500


class Notice(Model):
    __tablename__ = "notice"
    __table_args__ = (
        Index("ix_notice_audience", "audience_kind", "audience_id", "id"),
        Index("ix_notice_about", "about_kind", "about_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event: Mapped[str] = mapped_column(String(60))
    audience_kind: Mapped[str] = mapped_column(String(20))  # agency, account, role
    audience_id: Mapped[str] = mapped_column(String(40))
    about_kind: Mapped[str] = mapped_column(String(40))
    about_id: Mapped[int | None]
    about_label: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(String(LONGEST_TEXT))
    at: Mapped[datetime]


class NoticeRead(Model):
    """A notice to several is read by each for themselves."""

    __tablename__ = "notice_read"
    __table_args__ = (UniqueConstraint("notice_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    at: Mapped[datetime]


class NoticesSeen(Model):
    """Where a reader said 全部标为已读: every notice up to this one is read, without a row for each."""

    __tablename__ = "notices_seen"

    user_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    up_to: Mapped[int]  # a notice's id
