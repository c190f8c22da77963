"""Cases: a matter that the desk follows up, its notes and how it was closed."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from agency.models import Agency
from applicants.models import Applicant
from core.db import Model, Word
from core.labels import Labelled
from core.refs import Ref
from core.sealed import SealedText
from evaluations.models import Evaluation

OPEN_ON_AGREEMENT = text("kind = 'agreement' AND state = 'open'")


class CaseKind(Labelled):
    """What it is about (reading 14: none of these is sanctioned by the system)."""

    UNFILED = "unfiled", "未备案评价"
    OVER_CAP = "over_cap", "国家级评价超额"
    PROCEDURE = "procedure", "其他程序违规"
    AGREEMENT = "agreement", "协议条款"
    COMPLAINT = "complaint", "实名举报"
    INSPECTION = "inspection", "抽查检查"


class CaseState(Labelled):
    OPEN = "open", "办理中"
    CONCLUDED = "concluded", "已核实，待处理"
    CLOSED = "closed", "已办结"


class Result(Labelled):
    """What the verification came to."""

    SUBSTANTIATED = "substantiated", "属实"
    PARTLY = "partly", "部分属实"
    UNSUBSTANTIATED = "unsubstantiated", "不属实"
    UNVERIFIABLE = "unverifiable", "无法查实"


class CaseOutcome(Labelled):
    CORRECTED = "corrected", "已纠正"
    TALKED_OVER = "talked_over", "已约谈"
    NO_BREACH = "no_breach", "核实不构成违规"
    ON_RECORD = "on_record", "记录在案"
    RECTIFIED = "rectified", "整改并复查通过"
    CIRCULATED = "circulated", "已通报"
    NOT_ADOPTED = "not_adopted", "已通报并不予采信"
    REMOVED = "removed", "已移出名单"
    NO_MEASURE = "no_measure", "核实后不采取措施"


class Case(Model):
    """A matter that is followed up. One that a complaint opened is shown to its officers alone: `is_restricted`.

    What is written about it is sealed, because it may quote a contract or give away who reported.
    """

    __tablename__ = "supervision_case"
    __table_args__ = (
        Index("ix_supervision_case_list", "state", "id"),
        # what is found in an evaluation's agreements is one matter as long as it is open
        Index(
            "uq_supervision_case_agreement",
            "evaluation_id",
            unique=True,
            sqlite_where=OPEN_ON_AGREEMENT,
            postgresql_where=OPEN_ON_AGREEMENT,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    kind: Mapped[CaseKind] = mapped_column(Word(CaseKind))
    state: Mapped[CaseState] = mapped_column(Word(CaseState), default=CaseState.OPEN)
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"), index=True)
    evaluation_id: Mapped[int | None] = mapped_column(ForeignKey("evaluation.id"), index=True)
    applicant_id: Mapped[int | None] = mapped_column(ForeignKey("applicant.id"), index=True)  # a listed unit
    bureau: Mapped[str | None] = mapped_column(String(20))  # which one handles it; None: the province
    draw_id: Mapped[int | None] = mapped_column(ForeignKey("inspection_draw.id"), index=True)
    pending: Mapped[str | None] = mapped_column(String(200))  # the proceedings that run out of it: casework.hold
    facts: Mapped[str] = mapped_column(SealedText)  # what was found or is to be verified, a line each
    opened_at: Mapped[datetime]
    opened_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    concluded_at: Mapped[datetime | None]
    concluded_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    result: Mapped[Result | None] = mapped_column(Word(Result))
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    outcome: Mapped[CaseOutcome | None] = mapped_column(Word(CaseOutcome))
    outcome_reason: Mapped[str | None] = mapped_column(SealedText)
    agency: Mapped[Agency | None] = relationship()
    applicant: Mapped[Applicant | None] = relationship()
    evaluation: Mapped[Evaluation | None] = relationship()
    notes: Mapped[list["CaseNote"]] = relationship(order_by="CaseNote.id")
    officers: Mapped[list["CaseOfficer"]] = relationship(order_by="CaseOfficer.id")

    @property
    def is_restricted(self) -> bool:
        """Whether only its own officers see what is in it: a complaint's."""
        return self.kind is CaseKind.COMPLAINT

    @property
    def ref(self) -> Ref:
        return Ref("case", self.id, f"{self.number}（{self.kind.label}）")


class CaseOfficer(Model):
    """Who handles a case; a row without `until` holds. Investigators never decide on what they investigated."""

    __tablename__ = "supervision_case_officer"
    __table_args__ = (
        Index(
            "uq_supervision_case_officer",
            "case_id",
            "account_id",
            unique=True,
            sqlite_where=text("until IS NULL"),
            postgresql_where=text("until IS NULL"),
        ),
        Index("ix_supervision_case_officer_account", "account_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("supervision_case.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    assigned_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class StepKind(Labelled):
    """What an officer writes down of a case."""

    NOTE = "note", "办理记录"
    ON_SITE = "on_site", "现场核查记录"
    HEARING = "hearing", "听取意见"
    EVIDENCE = "evidence", "证据"
    ASKED = "asked", "发出询问"
    ANSWERED = "answered", "收到答复"
    CONCLUDED = "concluded", "核实结论"
    TALK = "talk", "约谈记录"
    MEASURE = "measure", "处理"
    ADJUSTMENT = "adjustment", "动态调整意见"


class CaseNote(Model):
    """A step of the handling: who did or found what."""

    __tablename__ = "supervision_case_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("supervision_case.id"), index=True)
    kind: Mapped[StepKind] = mapped_column(Word(StepKind), default=StepKind.NOTE)
    text: Mapped[str] = mapped_column(SealedText)
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    by: Mapped[str] = mapped_column(String(80))
