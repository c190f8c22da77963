"""How a case is verified: what was asked of the other side, evidence, conclusions, rectification, drawn inspections."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from agency.models import Agency
from applicants.models import Applicant
from core.db import Model, Word
from core.labels import Labelled
from core.refs import Ref
from core.sealed import SealedText
from core.uploads import StoredFile
from supervision.models.cases import Case, Result


class Misconduct(Labelled):
    """What was established, in classes: only the first two open 第二十二条第三款 (reading 14)."""

    FALSIFIED = "falsified", "弄虚作假"
    CONCEALED = "concealed", "故意隐瞒评价对象问题"
    INACCURATE = "inaccurate", "内容不实（非故意）"
    MARKET_CONDUCT = "market_conduct", "扰乱市场行为"
    PROCEDURE = "procedure", "程序违规"


class Conclusion(Model):
    """An established point of a case: what, how far, against whom, about which evaluations, on what evidence."""

    __tablename__ = "case_conclusion"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("supervision_case.id"), index=True)
    misconduct: Mapped[Misconduct] = mapped_column(Word(Misconduct))
    result: Mapped[Result] = mapped_column(Word(Result))
    clause: Mapped[str] = mapped_column(String(20))  # JL-22-1b …
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"), index=True)
    applicant_id: Mapped[int | None] = mapped_column(ForeignKey("applicant.id"), index=True)
    evaluation_ids: Mapped[Any] = mapped_column(JSON)  # of the evaluations concerned
    facts: Mapped[str] = mapped_column(SealedText)
    evidence: Mapped[str] = mapped_column(SealedText)  # what it rests on
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    agency: Mapped[Agency | None] = relationship()
    applicant: Mapped[Applicant | None] = relationship()


class CaseFile(Model):
    """Evidence in a case. The other side sees it only as the copy that an officer cleared, without metadata."""

    __tablename__ = "case_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("supervision_case.id"), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    title: Mapped[str] = mapped_column(SealedText)  # the officer's words; never the reporter's file name
    from_complaint: Mapped[bool] = mapped_column(default=False)
    copy_file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))  # made, and to be looked at
    cleared_file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))  # it was looked at: may be shown
    cleared_pages: Mapped[Any | None] = mapped_column(JSON)  # which pages of the original are in it, from 1
    cleared_at: Mapped[datetime | None]
    cleared_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    added_at: Mapped[datetime]
    added_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    file: Mapped[StoredFile] = relationship(foreign_keys=[file_id])
    copy: Mapped[StoredFile | None] = relationship(foreign_keys=[copy_file_id])
    cleared: Mapped[StoredFile | None] = relationship(foreign_keys=[cleared_file_id])


class Inquiry(Model):
    """Hearing the other side: facts and questions sent to an agency or a listed unit, and what it answered."""

    __tablename__ = "case_inquiry"
    __table_args__ = (
        Index("ix_case_inquiry_agency", "agency_id", "id"),
        Index("ix_case_inquiry_applicant", "applicant_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    number: Mapped[str] = mapped_column(String(40), unique=True)  # 询〔2026〕0001: its own, the case's is not told
    case_id: Mapped[int] = mapped_column(ForeignKey("supervision_case.id"), index=True)
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    applicant_id: Mapped[int | None] = mapped_column(ForeignKey("applicant.id"))
    evaluation_id: Mapped[int | None] = mapped_column(ForeignKey("evaluation.id"))
    text: Mapped[str] = mapped_column(SealedText)  # the facts as the officer puts them, and the questions
    files: Mapped[Any] = mapped_column(JSON)  # ids of case_file rows that were cleared and are shown with it
    due: Mapped[date]
    sent_at: Mapped[datetime]
    sent_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    opened_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))  # None: on paper, an officer noted it
    answer: Mapped[str | None] = mapped_column(SealedText)
    closed_at: Mapped[datetime | None]  # without an answer: the term is over or the case has gone on
    case: Mapped[Case] = relationship()

    @property
    def ref(self) -> Ref:
        return Ref("inquiry", self.id, self.number)


class RectificationState(Labelled):
    ASKED = "asked", "待整改"
    HANDED_IN = "handed_in", "已交整改材料，待复查"
    RETURNED = "returned", "复查未通过，继续整改"
    ACCEPTED = "accepted", "复查通过"
    FAILED = "failed", "逾期未改或拒不整改"


class Rectification(Model):
    """第二十四条: what a listed unit (or an agency) is told to put right, until when, the proof and the re-check."""

    __tablename__ = "rectification"
    __table_args__ = (
        Index("ix_rectification_agency", "agency_id", "id"),
        Index("ix_rectification_applicant", "applicant_id", "id"),
        Index("ix_rectification_due", "state", "due"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    number: Mapped[str] = mapped_column(String(40), unique=True)  # 改〔2026〕0001
    case_id: Mapped[int] = mapped_column(ForeignKey("supervision_case.id"), index=True)
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    applicant_id: Mapped[int | None] = mapped_column(ForeignKey("applicant.id"))
    state: Mapped[RectificationState] = mapped_column(Word(RectificationState), default=RectificationState.ASKED)
    demand: Mapped[str] = mapped_column(SealedText)
    due: Mapped[date]
    asked_at: Mapped[datetime]
    asked_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    proof: Mapped[str | None] = mapped_column(SealedText)  # what the unit says it did
    handed_in_at: Mapped[datetime | None]
    checked_at: Mapped[datetime | None]
    checked_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    finding: Mapped[str | None] = mapped_column(SealedText)  # of the re-check
    case: Mapped[Case] = relationship()

    @property
    def ref(self) -> Ref:
        return Ref("rectification", self.id, self.number)


class OutsideFile(Model):
    """What the other side added to an answer, a proof of rectification or a statement. One of the two owners."""

    __tablename__ = "case_outside_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    inquiry_id: Mapped[int | None] = mapped_column(ForeignKey("case_inquiry.id"), index=True)
    rectification_id: Mapped[int | None] = mapped_column(ForeignKey("rectification.id"), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    added_at: Mapped[datetime]
    file: Mapped[StoredFile] = relationship()
