"""Natural persons, and what they are to an agency. A person is one however the number is written (reading 12)."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from agency.particulars import Employment, TitleLevel
from core.db import Model, Word
from core.identity import IdentityDocument, Sex
from core.labels import Labelled
from core.refs import Ref
from core.sealed import SealedText


class Person(Model):
    __tablename__ = "person"
    __table_args__ = (UniqueConstraint("document", "identity"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    document: Mapped[IdentityDocument] = mapped_column(Word(IdentityDocument))
    identity: Mapped[str] = mapped_column(String(64))  # keyed hash of the number
    number: Mapped[str] = mapped_column(SealedText, deferred=True)  # nothing but a look at one person needs it
    masked: Mapped[str] = mapped_column(String(40))
    birth_on: Mapped[date | None]
    sex: Mapped[Sex | None] = mapped_column(Word(Sex))


class Representation(Model):
    """Who was legal representative from when to when: a dated history, corrected by new rows."""

    __tablename__ = "representation"
    __table_args__ = (
        CheckConstraint("until IS NULL OR until >= since", name="order"),
        Index(
            "uq_representation_in_office",
            "agency_id",
            unique=True,
            sqlite_where=text("until IS NULL"),
            postgresql_where=text("until IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    phone: Mapped[str] = mapped_column(SealedText)
    since: Mapped[date]
    until: Mapped[date | None]  # last day
    entered_at: Mapped[datetime]
    person: Mapped[Person] = relationship(lazy="joined")


class StaffMember(Model):
    __tablename__ = "staff_member"
    __table_args__ = (
        Index(
            "uq_staff_member_present",
            "agency_id",
            "person_id",
            unique=True,
            sqlite_where=text("left_on IS NULL"),
            postgresql_where=text("left_on IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(60), default="")
    series: Mapped[str] = mapped_column(String(60), default="")
    declared_level: Mapped[TitleLevel | None] = mapped_column(Word(TitleLevel))
    major: Mapped[str] = mapped_column(String(80), default="")
    degree_major: Mapped[str] = mapped_column(String(80), default="")
    granted_on: Mapped[date | None]
    certificate_number: Mapped[str] = mapped_column(String(60), default="")
    employment: Mapped[Employment] = mapped_column(Word(Employment), default=Employment.CONTRACT)
    full_time: Mapped[bool] = mapped_column(default=True)
    contract_until: Mapped[date | None]
    insured_since: Mapped[date | None]
    insured_elsewhere: Mapped[str] = mapped_column(String(120), default="")
    joined_on: Mapped[date | None]
    left_on: Mapped[date | None]  # last day
    note: Mapped[str] = mapped_column(Text, default="")
    person: Mapped[Person] = relationship(lazy="joined")

    @property
    def ref(self) -> Ref:
        """Staff are nobody's business but the agency's and the desk's: the label names the row, not the person."""
        return Ref("staff_member", self.id, f"人员 {self.id}")


class ClaimStanding(Labelled):
    SUBMITTED = "submitted", "已提交"
    FILED = "filed", "在案"


class RosterClaim(Model):
    """A person an agency counts on: handed in, or on its filing in force (reading 3; drafts claim nobody)."""

    __tablename__ = "roster_claim"
    __table_args__ = (UniqueConstraint("agency_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    standing: Mapped[ClaimStanding] = mapped_column(Word(ClaimStanding))
    since: Mapped[datetime]
    awarded_at: Mapped[datetime | None]  # an officer decided that the person counts here


class ImportState(Labelled):
    PENDING = "pending", "待确认"
    CONFIRMED = "confirmed", "已导入"
    ABANDONED = "abandoned", "已放弃"


class RosterImport(Model):
    """A roster that was brought in a spreadsheet. Nothing of it is on the roster until it is confirmed."""

    __tablename__ = "roster_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    digest: Mapped[str | None] = mapped_column(String(64))  # of the rows read, in the file store; None once done with
    file_name: Mapped[str] = mapped_column(String(200))
    state: Mapped[ImportState] = mapped_column(Word(ImportState), default=ImportState.PENDING)
    brought_at: Mapped[datetime]
    brought_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    added: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)

    @property
    def ref(self) -> Ref:
        return Ref("roster_import", self.id, f"人员导入 {self.id}")
