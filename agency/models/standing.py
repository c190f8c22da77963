"""How an agency stands: the last check, dated flags, officers' judgements, and the tables they correct."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from agency.majors import Standing
from agency.particulars import TitleLevel
from core.db import Model, Word
from core.labels import Labelled
from core.law import Verdict
from core.refs import Ref
from core.sealed import SealedJson


class QualificationCheck(Model):
    """The latest check of Article 20 on the live particulars; rewritten whenever anything changes."""

    __tablename__ = "qualification_check"

    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), primary_key=True)
    on: Mapped[date]
    verdict: Mapped[Verdict] = mapped_column(Word(Verdict))
    intermediate: Mapped[int]
    senior: Mapped[int]
    findings: Mapped[Any] = mapped_column(SealedJson)


class FlagKind(Labelled):
    CONDITIONS_NOT_MET = "conditions_not_met", "条件不符"
    LATE_SUMMARY = "late_summary", "年度总结逾期"  # one is owed and has not come; written by summaries.lateness


class Flag(Model):
    """A dated mark beside a filing (reading 1): it never changes the filing's state."""

    __tablename__ = "flag"
    __table_args__ = (
        Index(
            "uq_flag_open",
            "agency_id",
            "kind",
            unique=True,
            sqlite_where=text("cleared_on IS NULL"),
            postgresql_where=text("cleared_on IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    kind: Mapped[FlagKind] = mapped_column(Word(FlagKind))
    since: Mapped[date]
    facts: Mapped[str] = mapped_column(Text)
    mend_by: Mapped[date | None]  # set by an officer
    mended_on: Mapped[date | None]  # the check saw the conditions met again; an officer still confirms
    cleared_on: Mapped[date | None]
    cleared_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[str | None] = mapped_column(Text)  # the officer's, for the term or the clearing

    @property
    def ref(self) -> Ref:
        return Ref("flag", self.id, self.kind.label)


class Judgement(Model):
    """An officer's decision on a point that the rules leave open; the newest of a point holds."""

    __tablename__ = "judgement"
    __table_args__ = (Index("ix_judgement_point", "agency_id", "point"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    filing_id: Mapped[int] = mapped_column(ForeignKey("filing.id"), index=True)
    point: Mapped[str] = mapped_column(String(80))
    basis: Mapped[str] = mapped_column(String(64))
    accepted: Mapped[bool]
    level: Mapped[TitleLevel | None] = mapped_column(Word(TitleLevel))
    reason: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    by: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]


class TitleCorrection(Model):
    """An admin's dated row that wins over config/titles.csv (reading 4)."""

    __tablename__ = "title_correction"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(60), index=True)
    series: Mapped[str] = mapped_column(String(60))
    level: Mapped[TitleLevel] = mapped_column(Word(TitleLevel))
    since: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    entered_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    entered_at: Mapped[datetime]

    @property
    def ref(self) -> Ref:
        return Ref("title_correction", self.id, self.title)


class MajorCorrection(Model):
    """An admin's dated row that wins over config/majors.csv."""

    __tablename__ = "major_correction"

    id: Mapped[int] = mapped_column(primary_key=True)
    major: Mapped[str] = mapped_column(String(80), index=True)
    standing: Mapped[Standing] = mapped_column(Word(Standing))
    since: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    entered_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    entered_at: Mapped[datetime]

    @property
    def ref(self) -> Ref:
        return Ref("major_correction", self.id, self.major)
