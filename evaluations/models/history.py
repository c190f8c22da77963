"""The old years: published lists as history. They hold no places."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from applicants.models import Applicant, Kind
from core.db import Model, Word
from core.refs import Ref
from evaluations.published.known import list_name
from evaluations.rules.states import Level


class ListImport(Model):
    """A published list that was brought; one that brings nothing new leaves no row."""

    __tablename__ = "list_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    file_name: Mapped[str] = mapped_column(String(200))
    rows: Mapped[int]
    new_rows: Mapped[int]
    brought_at: Mapped[datetime]
    brought_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))  # None: by command

    @property
    def ref(self) -> Ref:
        return Ref("list_import", self.id, self.file_name)


class ListEntry(Model):
    """An applicant on a published list. Whom the published agency name means, `agency.models.Spelling` says."""

    __tablename__ = "list_entry"
    __table_args__ = (
        UniqueConstraint("level", "kind", "batch", "position"),
        Index("ix_list_entry_order", "year", "batch", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("list_import.id"), index=True)
    applicant_id: Mapped[int] = mapped_column(ForeignKey("applicant.id"), index=True)
    kind: Mapped[Kind] = mapped_column(Word(Kind))
    level: Mapped[Level] = mapped_column(Word(Level))
    year: Mapped[int]  # the list's, not the publishing day's
    batch: Mapped[str] = mapped_column(String(40))
    position: Mapped[int]  # within its kind and batch
    published: Mapped[date]
    name: Mapped[str] = mapped_column(String(120))  # these as published
    region: Mapped[str] = mapped_column(String(20))
    industry: Mapped[str] = mapped_column(String(80), default="")
    credit_code: Mapped[str | None] = mapped_column(String(40))
    agency: Mapped[str | None] = mapped_column(String(120), index=True)
    source: Mapped[str] = mapped_column(String(200), default="")
    removed_on: Mapped[date | None]
    basis: Mapped[str] = mapped_column(String(200), default="")  # of the removal
    applicant: Mapped[Applicant] = relationship(lazy="joined", innerjoin=True)

    @property
    def list_name(self) -> str:
        """What the list is called that it stands on."""
        return list_name(self.level, self.batch)

    @property
    def ref(self) -> Ref:
        return Ref("list_entry", self.id, f"{self.name}（{self.list_name}）")
