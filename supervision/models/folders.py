"""A folder of files that an officer drops in: each screened, bound to no evaluation, kept for some days only."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Model, Word
from core.refs import Ref
from core.sealed import SealedJson, SealedText
from evaluations.rules.states import ScreeningState

UNFINISHED = text("state IN ('waiting', 'running')")


class ScreenedFolder(Model):
    """What was dropped at once: it belongs to the officer who did, and goes with all its files on `delete_on`."""

    __tablename__ = "screened_folder"
    __table_args__ = (Index("ix_screened_folder_delete_on", "delete_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(SealedText)  # the folder's own name, or what the officer calls it
    files: Mapped[int]
    dropped_at: Mapped[datetime]
    dropped_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    dropper: Mapped[str] = mapped_column(String(80))  # the officer's name, as the page shows it
    delete_on: Mapped[date]

    @property
    def ref(self) -> Ref:
        return Ref("screened_folder", self.id, f"批量核查 {self.id}（{self.files} 份文件）")


class ScreenedFile(Model):
    """A file of a folder: its content waits in the file store (`digest`) only until it is read."""

    __tablename__ = "screened_file"
    __table_args__ = (
        UniqueConstraint("folder_id", "position"),
        CheckConstraint("(state = 'running') = (token IS NOT NULL)", name="claimed"),
        CheckConstraint("(state IN ('done', 'unreadable')) = (finished_at IS NOT NULL)", name="finished"),
        Index("ix_screened_file_unfinished", "id", sqlite_where=UNFINISHED, postgresql_where=UNFINISHED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    folder_id: Mapped[int] = mapped_column(ForeignKey("screened_folder.id"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(SealedText)
    size: Mapped[int]  # bytes
    digest: Mapped[str | None] = mapped_column(String(64))
    state: Mapped[ScreeningState] = mapped_column(Word(ScreeningState), default=ScreeningState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    token: Mapped[str | None] = mapped_column(String(32))
    lease: Mapped[datetime | None]  # until then nobody else takes it up
    finished_at: Mapped[datetime | None]
    refusal: Mapped[str] = mapped_column(Text, default="")  # why it could not be read, as the reader is told
    unread: Mapped[str] = mapped_column(String(600), default="")  # pictures that nobody read: 第 3、7 页
    labels: Mapped[str] = mapped_column(String(80), default="")  # of its marks, in the guideline's order, by commas
    marks: Mapped[int] = mapped_column(default=0)
    content: Mapped[Any] = mapped_column(SealedJson, nullable=True, deferred=True)  # as evaluations.agreed keeps it
    found: Mapped[Any] = mapped_column(SealedJson, nullable=True, deferred=True)  # as supervision.dropped keeps marks
    folder: Mapped[ScreenedFolder] = relationship(lazy="raise_on_sql")

    @property
    def is_finished(self) -> bool:
        return self.finished_at is not None
