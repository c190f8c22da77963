"""Notices: who must know of what, each naming reader and object by value; and the mails that tell of them."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Model, Word
from core.refs import Ref
from core.sealed import SealedText

LONGEST_TEXT = 500


class Notice(Model):
    __tablename__ = "notice"
    __table_args__ = (
        Index("ix_notice_audience", "audience_kind", "audience_id", "id"),
        Index("ix_notice_about", "about_kind", "about_id", "id"),
        Index("ix_notice_unmailed", "id", sqlite_where=text("unmailed"), postgresql_where=text("unmailed")),
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
    unmailed: Mapped[bool] = mapped_column(default=True, server_default=false())  # no mails were made of it yet


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


class MailKind(StrEnum):
    NOTICE = "notice"
    DIGEST = "digest"
    CODE = "code"  # confirms an address
    SMS = "sms"
    VISITOR = "visitor"  # to somebody without an account, whose address nobody is shown and nothing keeps

    @property
    def label(self) -> str:
        return {
            "notice": "消息邮件",
            "digest": "每日汇总",
            "code": "验证码",
            "sms": "短信",
            "visitor": "给公众的邮件",
        }[self.value]


class MailState(StrEnum):
    WAITING = "waiting"
    SENDING = "sending"  # claimed by a sender, committed before anything is handed over
    SENT = "sent"
    FAILED = "failed"  # refused for good; the reason stands beside it
    UNCERTAIN = "uncertain"  # perhaps accepted: only a person decides to send it again
    KEPT = "kept"  # there is no server to send it by

    @property
    def label(self) -> str:
        return {
            "waiting": "待发送",
            "sending": "发送中",
            "sent": "已发送",
            "failed": "未送达",
            "uncertain": "是否送达不明",
            "kept": "留存未发",
        }[self.value]


class Mail(Model):
    """One mail (or short message) to one reader: a notice's, a day's digest, a code. Made once, sent once.

    `reader` says for whom: user:12, agency:7 (its contact's address), sms:agency:7. What was done with long ago loses
    address and text and stays as a row, so that it is not made again.
    """

    __tablename__ = "mail"
    __table_args__ = (
        UniqueConstraint("notice_id", "reader"),
        UniqueConstraint("reader", "day"),
        Index("ix_mail_due", "state", "due_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)  # raised when somebody has it sent again
    kind: Mapped[MailKind] = mapped_column(Word(MailKind))
    notice_id: Mapped[int | None] = mapped_column(ForeignKey("notice.id"))
    day: Mapped[date | None]  # of a digest
    reader: Mapped[str] = mapped_column(String(80))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    address: Mapped[str | None] = mapped_column(SealedText)
    masked: Mapped[str] = mapped_column(String(120))
    subject: Mapped[str] = mapped_column(String(200))
    text: Mapped[str | None] = mapped_column(SealedText)
    message_id: Mapped[str] = mapped_column(String(200), unique=True)  # the same at every try
    state: Mapped[MailState] = mapped_column(Word(MailState))
    made_at: Mapped[datetime]
    due_at: Mapped[datetime]  # of the next try
    tries: Mapped[int] = mapped_column(default=0)
    claimed_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(String(300), default="")

    @property
    def ref(self) -> Ref:
        return Ref("mail", self.id, f"第 {self.id} 封")


class MailServer(Model):
    """How it stands with the server: after failures nobody knocks before `next_at`."""

    __tablename__ = "mail_server"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # the one row
    failures: Mapped[int] = mapped_column(default=0)  # in a row
    next_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(String(300), default="")
    failed_at: Mapped[datetime | None]
    reached_at: Mapped[datetime | None]


class AddressCode(Model):
    """A code mailed to an address that somebody says is theirs; a few tries, some minutes."""

    __tablename__ = "address_code"
    __table_args__ = (
        Index("ix_address_code_user", "user_id", "made_at"),
        Index("ix_address_code_address", "address_key", "made_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    address: Mapped[str | None] = mapped_column(SealedText)  # gone once it has ended
    address_key: Mapped[str] = mapped_column(String(64))  # keyed hash: how often it was written to
    code_key: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    ended: Mapped[bool] = mapped_column(default=False)
