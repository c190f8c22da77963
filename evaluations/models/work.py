"""The work on an evaluation: team, visits, internal review, reports, advice, and the applicant's word."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Model, Word
from core.uploads import StoredFile
from evaluations.rules.states import AdviceKind, Conclusion


class TeamMember(Model):
    """Of the agency's filed staff; of a self-evaluation the applicant's own people, by name."""

    __tablename__ = "evaluation_team_member"
    __table_args__ = (
        UniqueConstraint("evaluation_id", "person_id"),
        Index(
            "uq_evaluation_team_member_leads",
            "evaluation_id",
            unique=True,
            sqlite_where=text("leads"),
            postgresql_where=text("leads"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    evaluation_id: Mapped[int] = mapped_column(ForeignKey("evaluation.id"))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    leads: Mapped[bool] = mapped_column(default=False)


class Visit(Model):
    """A day on site."""

    __tablename__ = "evaluation_visit"

    id: Mapped[int] = mapped_column(primary_key=True)
    evaluation_id: Mapped[int] = mapped_column(ForeignKey("evaluation.id"), index=True)
    on: Mapped[date]
    place: Mapped[str] = mapped_column(String(200))
    attendees: Mapped[str] = mapped_column(Text)  # names
    record: Mapped[str] = mapped_column(Text)
    entered_at: Mapped[datetime]
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class Review(Model):
    """The internal technical review by someone of the filed staff who isn't on the team: no report without it."""

    __tablename__ = "evaluation_review"

    id: Mapped[int] = mapped_column(primary_key=True)
    evaluation_id: Mapped[int] = mapped_column(ForeignKey("evaluation.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(String(60))
    on: Mapped[date]
    opinions: Mapped[str] = mapped_column(Text)
    entered_at: Mapped[datetime]
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class Report(Model):
    """A report as issued; a correction is a new version of it, and the old one stays."""

    __tablename__ = "evaluation_report"
    __table_args__ = (
        UniqueConstraint("evaluation_id", "version"),
        CheckConstraint("score BETWEEN 0 AND 1000", name="score"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    evaluation_id: Mapped[int] = mapped_column(ForeignKey("evaluation.id"))
    version: Mapped[int]
    number: Mapped[str] = mapped_column(String(60), index=True)  # the agency's own, unique within it
    issued_on: Mapped[date]
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    score: Mapped[int | None]  # in tenths of a point, of a hundred
    conclusion: Mapped[Conclusion] = mapped_column(Word(Conclusion))
    reason: Mapped[str] = mapped_column(Text, default="")  # of a correction
    entered_at: Mapped[datetime]
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    file: Mapped[StoredFile] = relationship()


class ReportNumber(Model):
    """A number that a report of an agency bears, as `rules.reporting.key_of` writes it: of one evaluation only."""

    __tablename__ = "evaluation_report_number"

    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), primary_key=True)
    number: Mapped[str] = mapped_column(String(60), primary_key=True)
    evaluation_id: Mapped[int] = mapped_column(ForeignKey("evaluation.id"), index=True)


class Advice(Model):
    """第二十三条: advice given to the applicant, and visits that follow it up."""

    __tablename__ = "evaluation_advice"

    id: Mapped[int] = mapped_column(primary_key=True)
    evaluation_id: Mapped[int] = mapped_column(ForeignKey("evaluation.id"), index=True)
    kind: Mapped[AdviceKind] = mapped_column(Word(AdviceKind))
    on: Mapped[date]
    text: Mapped[str] = mapped_column(Text)
    entered_at: Mapped[datetime]
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class Confirmation(Model):
    """That the applicant commissioned the evaluation: said with its own login, or in a letter that was uploaded."""

    __tablename__ = "evaluation_confirmation"

    evaluation_id: Mapped[int] = mapped_column(ForeignKey("evaluation.id"), primary_key=True)
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    by: Mapped[str] = mapped_column(String(120))
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))  # the letter; None: by login
    file: Mapped[StoredFile | None] = relationship()
