"""The year, the summary of each agency for it, what was handed in when, and how it went on."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from agency.models import Agency
from core.db import Model, Word
from core.refs import Ref
from core.uploads import StoredFile
from summaries.states import Action, Duty, State


class SummaryYear(Model):
    """A year that summaries are handed in for. One without a row opens on the day that the parameters say."""

    __tablename__ = "summary_year"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(default=1)
    opens_on: Mapped[date]  # set by the desk
    opened_at: Mapped[datetime | None]  # when every agency that owes one, or may hand one in, had got its row
    set_at: Mapped[datetime | None]
    set_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    closed_at: Mapped[datetime | None]  # when the desk was told that supplements are no longer taken

    @property
    def ref(self) -> Ref:
        return Ref("summary_year", self.year, f"{self.year} 年度工作总结")


class Summary(Model):
    """One agency's year. Until it is handed in it is the agency's own business; then the versions say what was said."""

    __tablename__ = "summary"
    __table_args__ = (
        UniqueConstraint("year", "agency_id"),
        Index("ix_summary_state", "year", "state", "id"),
        Index("ix_summary_due", "year", "duty", "due_on", "id"),
        Index("ix_summary_agency", "agency_id", "year"),
        CheckConstraint("days_late >= 0", name="days_late"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)  # raised by every change: forms carry the one they showed
    year: Mapped[int]
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    state: Mapped[State] = mapped_column(Word(State), default=State.DRAFT)
    duty: Mapped[Duty] = mapped_column(Word(Duty))  # settled anew until it is handed in (summaries.duties)
    due_on: Mapped[date]  # the last day on which it is in time
    opened_at: Mapped[datetime]
    saved_at: Mapped[datetime | None]  # when the agency last wrote in it; None: not begun
    number: Mapped[str | None] = mapped_column(String(40), unique=True)  # of the receipt, given at the first hand-in
    first_handed_in_at: Mapped[datetime | None]  # the instant that counts
    handed_in_at: Mapped[datetime | None]  # the latest
    days_late: Mapped[int] = mapped_column(default=0)  # of the first hand-in: stays for ever
    marked_late_on: Mapped[date | None]  # was not there on the day after it was due: stays too
    nil: Mapped[bool] = mapped_column(default=False)
    account: Mapped[str] = mapped_column(Text, default="")
    problems: Mapped[str] = mapped_column(Text, default="")
    suggestions: Mapped[str] = mapped_column(Text, default="")
    plan: Mapped[str] = mapped_column(Text, default="")  # of the next year
    returned_at: Mapped[datetime | None]  # the last time
    return_reason: Mapped[str] = mapped_column(Text, default="")
    accepted_at: Mapped[datetime | None]
    accepted_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    remark: Mapped[str] = mapped_column(Text, default="")  # the desk's, on accepting
    agency: Mapped[Agency] = relationship()
    figures: Mapped[list["SummaryFigure"]] = relationship(order_by="SummaryFigure.id")
    versions: Mapped[list["SummaryVersion"]] = relationship(order_by="SummaryVersion.number")
    steps: Mapped[list["SummaryStep"]] = relationship(order_by="SummaryStep.id")
    attachments: Mapped[list["SummaryAttachment"]] = relationship(
        order_by="SummaryAttachment.id",
        primaryjoin="and_(SummaryAttachment.summary_id == Summary.id, SummaryAttachment.removed_at.is_(None))",
    )
    supplements: Mapped[list["SummarySupplement"]] = relationship(order_by="SummarySupplement.number")

    @property
    def is_late(self) -> bool:
        """Marked late, whether it has come meanwhile or not."""
        return self.days_late > 0 or self.marked_late_on is not None

    @property
    def ref(self) -> Ref:
        return Ref("summary", self.id, f"{self.year} 年度工作总结")


class SummaryFigure(Model):
    """A figure of a summary. While it is written only what the agency states otherwise has a row.

    `known`: the register's value when it was handed in (before that, when it was saved).
    """

    __tablename__ = "summary_figure"
    __table_args__ = (
        UniqueConstraint("summary_id", "key"),
        CheckConstraint("stated >= 0", name="stated"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    summary_id: Mapped[int] = mapped_column(ForeignKey("summary.id"))
    key: Mapped[str] = mapped_column(String(40))  # summaries.figures
    known: Mapped[int | None]
    stated: Mapped[int | None]
    reason: Mapped[str] = mapped_column(Text, default="")


class SummaryVersion(Model):
    """What was handed in, whole, as it was: append-only (summaries.snapshots says what is in it)."""

    __tablename__ = "summary_version"
    __table_args__ = (UniqueConstraint("summary_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    summary_id: Mapped[int] = mapped_column(ForeignKey("summary.id"))
    number: Mapped[int]
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    by: Mapped[str] = mapped_column(String(120))
    content: Mapped[Any] = mapped_column(JSON)


class SummaryStep(Model):
    """One step of the course, as its history shows it: append-only."""

    __tablename__ = "summary_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    summary_id: Mapped[int] = mapped_column(ForeignKey("summary.id"), index=True)
    action: Mapped[Action] = mapped_column(Word(Action))
    before: Mapped[State] = mapped_column(Word(State))
    after: Mapped[State] = mapped_column(Word(State))
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    by: Mapped[str] = mapped_column(String(120))  # the agency's name, or the officer's
    reason: Mapped[str] = mapped_column(Text, default="")


class SummaryAttachment(Model):
    """A file with a summary. A removed one stays as a row, because versions refer to it."""

    __tablename__ = "summary_attachment"

    id: Mapped[int] = mapped_column(primary_key=True)
    summary_id: Mapped[int] = mapped_column(ForeignKey("summary.id"), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    added_at: Mapped[datetime]
    added_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    removed_at: Mapped[datetime | None]
    file: Mapped[StoredFile] = relationship()


class SummarySupplement(Model):
    """Work done after the hand-in, told until the end of January: append-only."""

    __tablename__ = "summary_supplement"
    __table_args__ = (UniqueConstraint("summary_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    summary_id: Mapped[int] = mapped_column(ForeignKey("summary.id"))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    known: Mapped[Any] = mapped_column(JSON)  # the register's figures then, by key
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    by: Mapped[str] = mapped_column(String(120))
    file: Mapped[StoredFile | None] = relationship()


class SummaryReminder(Model):
    """That an agency was reminded: of one occasion once, however often it is tried."""

    __tablename__ = "summary_reminder"
    __table_args__ = (UniqueConstraint("summary_id", "occasion"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    summary_id: Mapped[int] = mapped_column(ForeignKey("summary.id"))
    occasion: Mapped[str] = mapped_column(String(40))  # "due:2026-12-15:7", "desk:2026-12-10" (summaries.stages)
    on: Mapped[date]
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))  # None: by the clock
    sent: Mapped[bool] = mapped_column(default=True)  # False: its day passed while nothing ran, a newer one was sent
