"""The evaluation itself, who makes it, what was agreed, every step taken, and what was decided on it."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from agency.models import Agency
from applicants.models import Applicant, Kind
from core.db import Model, Word
from core.refs import Ref
from core.uploads import StoredFile
from evaluations.models.work import Advice, Confirmation, Report, Review, TeamMember, Visit
from evaluations.rules.states import Action, Consent, HoldKind, Level, Mode, Outcome, Release, State

HANDED_OVER = text("state = 'handed_over'")
REFUSED = text("consent = 'refused'")
RELEASE_ASKED = text("release = 'asked'")


class Evaluation(Model):
    """One applicant × kind × round (reading 9)."""

    __tablename__ = "evaluation"
    __table_args__ = (
        Index("ix_evaluation_list", "year", "id"),
        Index("ix_evaluation_bureau", "bureau", "year", "id"),
        Index("ix_evaluation_state", "state", "year", "id"),
        Index("ix_evaluation_applicant", "applicant_id", "year", "id"),
        # the few with a mark: a list of them begins without a walk
        *(
            Index(f"ix_evaluation_{mark}", "year", "id", sqlite_where=text(f"{mark} = 1"), postgresql_where=text(mark))
            for mark in ("unfiled", "entered_late")
        ),
        # what waits for an officer, of everything there ever was
        Index(
            "ix_evaluation_handed_over", "handed_over_on", "id", sqlite_where=HANDED_OVER, postgresql_where=HANDED_OVER
        ),
        Index("ix_evaluation_release_asked", "id", sqlite_where=RELEASE_ASKED, postgresql_where=RELEASE_ASKED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)  # raised by every change: forms carry the one they showed
    number: Mapped[str] = mapped_column(String(40), unique=True)
    applicant_id: Mapped[int] = mapped_column(ForeignKey("applicant.id"))
    kind: Mapped[Kind] = mapped_column(Word(Kind))
    level: Mapped[Level] = mapped_column(Word(Level))
    mode: Mapped[Mode] = mapped_column(Word(Mode))
    year: Mapped[int]  # of the application
    bureau: Mapped[str] = mapped_column(String(20), default="")  # the applicant's: whose list it is on
    begun_on: Mapped[date]  # the agreement's date (reading 7)
    raised_on: Mapped[date | None]  # to the national level: its places are of this day (reading 9)
    standard: Mapped[str] = mapped_column(String(40))  # config/standards.csv, or "other"
    other_standard: Mapped[str] = mapped_column(String(120), default="")  # number and name of one not in the table
    planned_from: Mapped[date | None]
    planned_until: Mapped[date | None]
    statement: Mapped[str] = mapped_column(Text, default="")  # what the agency says to the gate's cautions
    state: Mapped[State] = mapped_column(Word(State), default=State.REGISTERED)
    unfiled: Mapped[bool] = mapped_column(default=False)  # 未备案评价, recorded by an officer (reading 6)
    entered_late: Mapped[bool] = mapped_column(default=False)  # reading 11
    entered_at: Mapped[datetime]
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    handed_over_on: Mapped[date | None]
    withdrawn_from: Mapped[State | None] = mapped_column(Word(State))  # where a restored one goes back to
    release: Mapped[Release] = mapped_column(Word(Release), default=Release.NONE)
    applicant: Mapped[Applicant] = relationship(lazy="joined", innerjoin=True)
    parties: Mapped[list["Party"]] = relationship(back_populates="evaluation", order_by="Party.id")
    agreements: Mapped[list["Agreement"]] = relationship(order_by="Agreement.number")
    team: Mapped[list[TeamMember]] = relationship(order_by="TeamMember.id")
    visits: Mapped[list[Visit]] = relationship(order_by="Visit.on")
    reviews: Mapped[list[Review]] = relationship(order_by="Review.on")
    reports: Mapped[list[Report]] = relationship(order_by="Report.version")
    advice: Mapped[list[Advice]] = relationship(order_by="Advice.on")
    confirmation: Mapped[Confirmation | None] = relationship()
    holds: Mapped[list["Hold"]] = relationship(order_by="Hold.id")
    adoptions: Mapped[list["Adoption"]] = relationship(order_by="Adoption.id")
    admissions: Mapped[list["Admission"]] = relationship(order_by="Admission.id")
    steps: Mapped[list["EvaluationStep"]] = relationship(order_by="EvaluationStep.id")

    @property
    def counted_on(self) -> date:
        """The day on which it takes its national places."""
        return self.raised_on or self.begun_on

    @property
    def ref(self) -> Ref:
        return Ref("evaluation", self.id, f"评价 {self.number}")


class Party(Model):
    """An agency that makes an evaluation: one, or several jointly; none of a self-evaluation."""

    __tablename__ = "evaluation_party"
    __table_args__ = (
        UniqueConstraint("evaluation_id", "agency_id"),
        Index("ix_evaluation_party_agency", "agency_id", "evaluation_id"),
        Index("ix_evaluation_party_refused", "evaluation_id", sqlite_where=REFUSED, postgresql_where=REFUSED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    evaluation_id: Mapped[int] = mapped_column(ForeignKey("evaluation.id"))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    leads: Mapped[bool] = mapped_column(default=True)  # the one whose users enter it and answer for it
    consent: Mapped[Consent] = mapped_column(Word(Consent), default=Consent.NOT_ASKED)
    consent_reason: Mapped[str] = mapped_column(Text, default="")  # why it refused
    evaluation: Mapped[Evaluation] = relationship(back_populates="parties")
    agency: Mapped[Agency] = relationship(lazy="joined", innerjoin=True)


class Agreement(Model):
    """The agreement as it was handed in; a replacement is a new one, and the begin date stays."""

    __tablename__ = "evaluation_agreement"
    __table_args__ = (
        UniqueConstraint("evaluation_id", "number"),
        CheckConstraint("amount_fen >= 0", name="amount"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    evaluation_id: Mapped[int] = mapped_column(ForeignKey("evaluation.id"))
    number: Mapped[int]
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))  # None: an officer had no copy
    reason: Mapped[str] = mapped_column(Text, default="")  # why it took the place of the one before
    entered_at: Mapped[datetime]
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    file: Mapped[StoredFile | None] = relationship()


class EvaluationStep(Model):
    """One step of the course, as its history shows it: append-only."""

    __tablename__ = "evaluation_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    evaluation_id: Mapped[int] = mapped_column(ForeignKey("evaluation.id"), index=True)
    action: Mapped[Action] = mapped_column(Word(Action))
    before: Mapped[State | None] = mapped_column(Word(State))
    after: Mapped[State] = mapped_column(Word(State))
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    by: Mapped[str] = mapped_column(String(120))  # agency's or applicant's name, or the officer's
    reason: Mapped[str] = mapped_column(Text, default="")


class Hold(Model):
    """A dispute by the applicant, or a block: one of each kind can stand at a time."""

    __tablename__ = "evaluation_hold"
    __table_args__ = (
        Index(
            "uq_evaluation_hold_open",
            "evaluation_id",
            "kind",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    evaluation_id: Mapped[int] = mapped_column(ForeignKey("evaluation.id"), index=True)
    kind: Mapped[HoldKind] = mapped_column(Word(HoldKind))
    reason: Mapped[str] = mapped_column(Text)
    opened_at: Mapped[datetime]
    opened_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    outcome: Mapped[Outcome | None] = mapped_column(Word(Outcome))
    outcome_reason: Mapped[str | None] = mapped_column(Text)


class Adoption(Model):
    """What was decided at a level, a dated fact: append-only (an adopted one that is raised keeps it, reading 9)."""

    __tablename__ = "evaluation_adoption"

    id: Mapped[int] = mapped_column(primary_key=True)
    evaluation_id: Mapped[int] = mapped_column(ForeignKey("evaluation.id"), index=True)
    level: Mapped[Level] = mapped_column(Word(Level))
    adopted: Mapped[bool]
    on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    in_spite_of: Mapped[str] = mapped_column(Text, default="")  # why a barred result counts (reading 15)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    by: Mapped[str] = mapped_column(String(80))


class Admission(Model):
    """个案认定 (reading 15): an approver decided that a result counts though a period of non-adoption bears on it.

    Append-only. Of the report as it was: a corrected one is a new issue, and is decided on anew.
    """

    __tablename__ = "evaluation_admission"

    id: Mapped[int] = mapped_column(primary_key=True)
    evaluation_id: Mapped[int] = mapped_column(ForeignKey("evaluation.id"), index=True)
    report_version: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    by: Mapped[str] = mapped_column(String(80))


class Recheck(Model):
    """复核: what was adopted before a period began was looked at again; what came of it, the impact map says."""

    __tablename__ = "evaluation_recheck"

    id: Mapped[int] = mapped_column(primary_key=True)
    evaluation_id: Mapped[int] = mapped_column(ForeignKey("evaluation.id"), index=True)
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))


class LevelSetting(Model):
    """Whether a year's call for a level takes third-party reports at all (reading 22): shown, never a refusal."""

    __tablename__ = "level_setting"
    __table_args__ = (UniqueConstraint("year", "level"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    year: Mapped[int]
    level: Mapped[Level] = mapped_column(Word(Level))
    takes_third_party: Mapped[bool]
    basis: Mapped[str] = mapped_column(String(200))
    entered_at: Mapped[datetime]
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    @property
    def ref(self) -> Ref:
        return Ref("level_setting", self.id, f"{self.year} 年度{self.level.label}")


class Tally(Model):
    """Kept sums, so that no count and no board ever scans: how many evaluations of a make there are.

    `agency_id` 0: all of them, each once (a joint one counts for each of its agencies besides).
    """

    __tablename__ = "evaluation_tally"

    agency_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    level: Mapped[Level] = mapped_column(Word(Level), primary_key=True)
    kind: Mapped[Kind] = mapped_column(Word(Kind), primary_key=True)
    bureau: Mapped[str] = mapped_column(String(20), primary_key=True)
    state: Mapped[State] = mapped_column(Word(State), primary_key=True)
    count: Mapped[int]
