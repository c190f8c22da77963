"""The course of a filing: the filing, what was handed in each time, and every step taken."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from agency.models import Agency
from core.db import Model, Word
from core.refs import Ref
from core.sealed import SealedJson, SealedText
from filing.rules import Action, FilingKind, State
from filing.rules.evasion import Answer, Weight

_OPEN = text("state IN ('draft', 'submitted', 'returned', 'under_review', 'reviewed')")
_IN_FORCE = text("state = 'filed'")


class Filing(Model):
    __tablename__ = "filing"
    __table_args__ = (
        Index("uq_filing_open", "agency_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("uq_filing_in_force", "agency_id", unique=True, sqlite_where=_IN_FORCE, postgresql_where=_IN_FORCE),
        Index("ix_filing_worklist", "state", "submitted_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)  # raised by every step: forms carry the one they showed
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    kind: Mapped[FilingKind] = mapped_column(Word(FilingKind))
    state: Mapped[State] = mapped_column(Word(State))
    number: Mapped[str | None] = mapped_column(String(40))  # the agency's: a change filing keeps it
    opened_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]  # the latest hand-in
    taken_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    filed_on: Mapped[date | None]  # first day in force
    ended_on: Mapped[date | None]  # last day in force: cancelled, or replaced by a change
    elsewhere: Mapped[Any] = mapped_column(SealedJson, nullable=True)  # others' claims as they were when it was decided
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    approver_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    agency: Mapped[Agency] = relationship(lazy="joined")
    submissions: Mapped[list["Submission"]] = relationship(back_populates="filing", order_by="Submission.number")
    steps: Mapped[list["Step"]] = relationship(back_populates="filing", order_by="Step.id")
    return_items: Mapped[list["ReturnItem"]] = relationship(order_by="ReturnItem.id")
    comments: Mapped[list["Comment"]] = relationship(order_by="Comment.id")

    @property
    def latest(self) -> "Submission | None":
        """What was handed in last: what the desk sees and decides on."""
        return self.submissions[-1] if self.submissions else None

    @property
    def ref(self) -> Ref:
        return Ref("filing", self.id, f"{self.agency.name}（{self.kind.label}）")


class Submission(Model):
    """What was handed in, kept as it was: triggers refuse any change."""

    __tablename__ = "submission"
    __table_args__ = (UniqueConstraint("filing_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    filing_id: Mapped[int] = mapped_column(ForeignKey("filing.id"), index=True)
    number: Mapped[int]  # 1, 2 … within the filing
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    content: Mapped[Any] = mapped_column(SealedJson)  # agency.particulars.to_json
    findings: Mapped[Any] = mapped_column(SealedJson)  # the check on the day of the hand-in
    fingerprint: Mapped[str] = mapped_column(String(64))  # keyed hash of the content
    filing: Mapped[Filing] = relationship(back_populates="submissions")


class Step(Model):
    """One step of the course, as its history shows it."""

    __tablename__ = "filing_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    filing_id: Mapped[int] = mapped_column(ForeignKey("filing.id"), index=True)
    submission_number: Mapped[int]  # which hand-in it concerns; 0 before the first
    action: Mapped[Action] = mapped_column(Word(Action))
    before: Mapped[State] = mapped_column(Word(State))
    after: Mapped[State] = mapped_column(Word(State))
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    by: Mapped[str] = mapped_column(String(80))
    reason: Mapped[str] = mapped_column(Text, default="")
    filing: Mapped[Filing] = relationship(back_populates="steps")


class ReturnItem(Model):
    """One thing to correct: tied to a clause or to a kind of material."""

    __tablename__ = "return_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    filing_id: Mapped[int] = mapped_column(ForeignKey("filing.id"), index=True)
    submission_number: Mapped[int]  # of the hand-in it was found in
    target: Mapped[str] = mapped_column(String(80))  # "clause:JL-20-2" or "material:office"
    text: Mapped[str] = mapped_column(Text)


class Comment(Model):
    """A remark of the desk on one item of the review page; the agency doesn't see it."""

    __tablename__ = "filing_comment"

    id: Mapped[int] = mapped_column(primary_key=True)
    filing_id: Mapped[int] = mapped_column(ForeignKey("filing.id"), index=True)
    submission_number: Mapped[int]
    target: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    by: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]


class EvasionMatch(Model):
    """What a filing was found to have in common with a barred agency, and what an officer decided of it.

    A decision holds as long as its facts (`basis`), also for a later filing of the agency. Found again, a row is the
    same; no longer found, it lapses and stays.
    """

    __tablename__ = "evasion_match"
    __table_args__ = (
        UniqueConstraint("filing_id", "barred_id", "basis"),
        Index("ix_evasion_match_basis", "agency_id", "barred_id", "basis"),
        Index(
            "ix_evasion_match_standing",
            "answer",
            "filing_id",
            sqlite_where=text("lapsed_at IS NULL"),
            postgresql_where=text("lapsed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    filing_id: Mapped[int] = mapped_column(ForeignKey("filing.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))  # who files
    barred_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    submission_number: Mapped[int]  # which hand-in it was found in first
    basis: Mapped[str] = mapped_column(String(64))
    weight: Mapped[Weight] = mapped_column(Word(Weight))
    summary: Mapped[str] = mapped_column(String(120))  # kinds and numbers, no name
    matches: Mapped[Any] = mapped_column(SealedJson)  # as they were found: agency.particulars.to_json of each
    found_at: Mapped[datetime]
    lapsed_at: Mapped[datetime | None]
    answer: Mapped[Answer | None] = mapped_column(Word(Answer))
    reason: Mapped[str | None] = mapped_column(SealedText)  # it may name persons of the other agency
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    answerer: Mapped[str] = mapped_column(String(80), default="")
