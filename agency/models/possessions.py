"""What an agency has to show: offices, record, trainings, declarations, and the materials that prove them."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from agency.particulars import Capability, DeclarationKind, MaterialKind, RecordKind, RecordRole, Subject, Tenure
from core.db import Model, Word
from core.refs import Ref
from core.uploads import StoredFile


class Office(Model):
    __tablename__ = "office"
    __table_args__ = (CheckConstraint("area_m2 > 0", name="area"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    address: Mapped[str] = mapped_column(String(200))
    area_m2: Mapped[float]
    tenure: Mapped[Tenure] = mapped_column(Word(Tenure))
    leased_until: Mapped[date | None]


class Record(Model):
    __tablename__ = "agency_record"

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    kind: Mapped[RecordKind] = mapped_column(Word(RecordKind))
    role: Mapped[RecordRole] = mapped_column(Word(RecordRole))
    title: Mapped[str] = mapped_column(String(200))
    number: Mapped[str] = mapped_column(String(80), default="")
    commissioner: Mapped[str] = mapped_column(String(120), default="")
    on: Mapped[date]


class Training(Model):
    __tablename__ = "training"

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    topic: Mapped[str] = mapped_column(String(200))
    on: Mapped[date]
    attendees: Mapped[str] = mapped_column(String(500))
    hours: Mapped[float]


class OutsideProjects(Model):
    __tablename__ = "outside_projects"
    __table_args__ = (
        UniqueConstraint("agency_id", "year", "province", "capability"),
        CheckConstraint("count > 0", name="count"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    year: Mapped[int]
    province: Mapped[str] = mapped_column(String(40))
    capability: Mapped[Capability] = mapped_column(Word(Capability))
    count: Mapped[int]


class Declaration(Model):
    __tablename__ = "declaration"
    __table_args__ = (UniqueConstraint("agency_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    kind: Mapped[DeclarationKind] = mapped_column(Word(DeclarationKind))
    signed_by: Mapped[str] = mapped_column(String(60))
    signed_on: Mapped[date]


class Material(Model):
    """An uploaded proof. Removed ones stay as rows, because submissions refer to them."""

    __tablename__ = "material"
    __table_args__ = (Index("ix_material_subject", "agency_id", "subject", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    kind: Mapped[MaterialKind] = mapped_column(Word(MaterialKind))
    subject: Mapped[Subject] = mapped_column(Word(Subject))
    subject_id: Mapped[int | None]
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    uploaded_at: Mapped[datetime]
    uploaded_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    removed_at: Mapped[datetime | None]
    file: Mapped[StoredFile] = relationship(lazy="joined")

    @property
    def ref(self) -> Ref:
        return Ref("material", self.id, self.kind.label)
