"""Cases: a matter that the desk follows up, its notes and how it was closed."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from agency.models import Agency
from core.db import Model, Word
from core.labels import Labelled
from core.refs import Ref
from evaluations.models import Evaluation

OPEN_ON_AGREEMENT = text("kind = 'agreement' AND state = 'open'")


class CaseKind(Labelled):
    """What it is about (reading 14: none of these is sanctioned by the system)."""

    UNFILED = "unfiled", "未备案评价"
    OVER_CAP = "over_cap", "国家级评价超额"
    PROCEDURE = "procedure", "其他程序违规"
    AGREEMENT = "agreement", "协议条款"


class CaseState(Labelled):
    OPEN = "open", "办理中"
    CLOSED = "closed", "已办结"


class CaseOutcome(Labelled):
    CORRECTED = "corrected", "已纠正"
    TALKED_OVER = "talked_over", "已约谈"
    NO_BREACH = "no_breach", "核实不构成违规"
    ON_RECORD = "on_record", "记录在案"


class Case(Model):
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
    facts: Mapped[str] = mapped_column(Text)  # what was found, a line each
    opened_at: Mapped[datetime]
    opened_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    outcome: Mapped[CaseOutcome | None] = mapped_column(Word(CaseOutcome))
    outcome_reason: Mapped[str | None] = mapped_column(Text)
    agency: Mapped[Agency | None] = relationship()
    evaluation: Mapped[Evaluation | None] = relationship()
    notes: Mapped[list["CaseNote"]] = relationship(order_by="CaseNote.id")

    @property
    def ref(self) -> Ref:
        return Ref("case", self.id, f"{self.number}（{self.kind.label}）")


class CaseNote(Model):
    """A step of the handling: who did or found what."""

    __tablename__ = "supervision_case_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("supervision_case.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    by: Mapped[str] = mapped_column(String(80))
