"""What sanctions keep: a proceeding from its proposal to its end, the points answered, service, and the impact map."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from agency.models import Agency, NonAdoption
from applicants.models import Applicant
from core.db import Model, Word
from core.labels import Labelled
from core.refs import Ref
from core.sealed import SealedText
from core.uploads import StoredFile
from evaluations.models import Evaluation, ListEntry
from supervision.models import Case


class Measure(Labelled):
    """What is intended (reading 16: each needs notice, statement, answer, another decider, service, remedies)."""

    NON_ADOPTION = "non_adoption", "通报并三年不予采信"  # falsified or concealed only (reading 14)
    CIRCULAR = "circular", "通报"
    REMOVAL = "removal", "移出绿色制造名单"


class RemovalGround(Labelled):
    """第十八条: why a unit is taken off its list; the last one at once, the others with the year's list."""

    EXCLUDED = "excluded", "有第十一条所列情形"
    FORM_REFUSED = "form_refused", "拒不按时填报动态管理表"
    FORGED = "forged", "所提交材料或数据存在造假等问题"
    ACCIDENT = "accident", "发生重大及以上事故"


class State(Labelled):
    PROPOSED = "proposed", "已提出，待送达告知"
    TOLD = "told", "已告知，陈述申辩期内"
    STATED = "stated", "待答复陈述申辩"
    ANSWERED = "answered", "已答复，待决定"
    DECIDED = "decided", "已决定，待送达"
    SERVED = "served", "已送达，待公布"
    PUBLISHED = "published", "已公布"
    DROPPED = "dropped", "决定不采取措施"
    ANNULLED = "annulled", "经复核撤销"


class Proceeding(Model):
    """A measure from its proposal on: against one agency or one listed unit, out of one case."""

    __tablename__ = "proceeding"
    __table_args__ = (
        CheckConstraint("(agency_id IS NULL) <> (applicant_id IS NULL)", name="party"),
        UniqueConstraint("document"),
        Index("ix_proceeding_list", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    number: Mapped[str] = mapped_column(String(40), unique=True)  # 告〔2026〕0001, of the notice
    case_id: Mapped[int] = mapped_column(ForeignKey("supervision_case.id"), index=True)
    measure: Mapped[Measure] = mapped_column(Word(Measure))  # the intended one; once decided, the decided one
    intended: Mapped[Measure] = mapped_column(Word(Measure))  # as the notice says: what is decided is never harsher
    ground: Mapped[RemovalGround | None] = mapped_column(Word(RemovalGround))  # of a removal
    state: Mapped[State] = mapped_column(Word(State), default=State.PROPOSED)
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"), index=True)
    applicant_id: Mapped[int | None] = mapped_column(ForeignKey("applicant.id"), index=True)
    list_entry_id: Mapped[int | None] = mapped_column(ForeignKey("list_entry.id"))  # of a removal
    clause: Mapped[str] = mapped_column(String(20))
    facts: Mapped[str] = mapped_column(SealedText)  # as the other side is told them
    evidence: Mapped[str] = mapped_column(SealedText)  # listed by kind
    files: Mapped[Any] = mapped_column(JSON)  # ids of cleared case_file rows that the other side may see
    evaluation_ids: Mapped[Any] = mapped_column(JSON)  # the evaluations concerned
    legal_review: Mapped[str] = mapped_column(SealedText, default="")  # 法制审核意见
    legal_reviewed_at: Mapped[datetime | None]
    legal_reviewed_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    proposed_at: Mapped[datetime]
    proposed_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    told_at: Mapped[datetime | None]  # the notice was served
    statement_due: Mapped[date | None]
    extended_reason: Mapped[str | None] = mapped_column(SealedText)  # why the term is longer
    statement: Mapped[str | None] = mapped_column(SealedText)
    stated_at: Mapped[datetime | None]
    stated_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))  # the officer's, where it came on paper
    on_paper: Mapped[bool] = mapped_column(default=False)
    waived: Mapped[bool] = mapped_column(default=False)  # the other side said that it has nothing to state
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    reasons: Mapped[str | None] = mapped_column(SealedText)
    document: Mapped[str | None] = mapped_column(String(80))  # number of the circular or announcement
    dated: Mapped[date | None]  # its date
    first_day: Mapped[date | None]  # stated in it (reading 15)
    non_adoption_id: Mapped[int | None] = mapped_column(ForeignKey("non_adoption.id"), unique=True)
    served_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    published_text: Mapped[str | None] = mapped_column(Text)  # as anybody may read it
    removed_on: Mapped[date | None]  # of a removal: the day the entry was taken off the list
    removal_document: Mapped[str | None] = mapped_column(String(80))  # the ministry's, of a national entry
    annulled_at: Mapped[datetime | None]
    annulled_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    annulled_document: Mapped[str | None] = mapped_column(String(80))
    annulled_reason: Mapped[str | None] = mapped_column(Text)
    case: Mapped[Case] = relationship()
    agency: Mapped[Agency | None] = relationship()
    applicant: Mapped[Applicant | None] = relationship()
    entry: Mapped[ListEntry | None] = relationship()
    non_adoption: Mapped[NonAdoption | None] = relationship()
    points: Mapped[list["Point"]] = relationship(order_by="Point.id")
    services: Mapped[list["Service"]] = relationship(order_by="Service.id")
    statement_files: Mapped[list["StatementFile"]] = relationship(order_by="StatementFile.id")

    @property
    def ref(self) -> Ref:
        return Ref("proceeding", self.id, self.number)


class Point(Model):
    """A point of the other side's statement and the answer to it: none is left unanswered before the decision."""

    __tablename__ = "proceeding_point"

    id: Mapped[int] = mapped_column(primary_key=True)
    proceeding_id: Mapped[int] = mapped_column(ForeignKey("proceeding.id"), index=True)
    text: Mapped[str] = mapped_column(SealedText)
    answer: Mapped[str | None] = mapped_column(SealedText)
    accepted: Mapped[bool | None]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class StatementFile(Model):
    """What the other side added to its statement."""

    __tablename__ = "statement_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    proceeding_id: Mapped[int] = mapped_column(ForeignKey("proceeding.id"), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    added_at: Mapped[datetime]
    file: Mapped[StoredFile] = relationship()


class Served(Labelled):
    """What was served."""

    NOTICE = "notice", "事先告知书"
    DECISION = "decision", "决定"


class Channel(Labelled):
    ELECTRONIC = "electronic", "电子送达（经同意）"
    IN_PERSON = "in_person", "直接送达"
    LEFT = "left", "留置送达"
    POST = "post", "邮寄送达"
    PUBLIC = "public", "公告送达"


class Service(Model):
    """How and when a document reached the other side (送达回证); `opened_at`: first opened in the system."""

    __tablename__ = "proceeding_service"

    id: Mapped[int] = mapped_column(primary_key=True)
    proceeding_id: Mapped[int] = mapped_column(ForeignKey("proceeding.id"), index=True)
    what: Mapped[Served] = mapped_column(Word(Served))
    channel: Mapped[Channel] = mapped_column(Word(Channel))
    sent_at: Mapped[datetime]
    served_on: Mapped[date | None]  # the day it counts as served; None: under way, or it failed
    failed_at: Mapped[datetime | None]  # it came back, or what it says was put right before it arrived
    opened_at: Mapped[datetime | None]
    opened_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    note: Mapped[str] = mapped_column(SealedText, default="")  # who signed, which parcel
    recorded_by: Mapped[int] = mapped_column(ForeignKey("account.id"))

    @property
    def is_under_way(self) -> bool:
        return self.served_on is None and self.failed_at is None


class TaskKind(Labelled):
    """What of the agency's work somebody must look at again."""

    OPEN_EVALUATION = "open_evaluation", "在办评价"
    ADOPTED_EVALUATION = "adopted_evaluation", "已采信评价"
    LIST_ENTRY = "list_entry", "名单条目"


class TaskResult(Labelled):
    UPHELD = "upheld", "复核后维持"
    REPEATED = "repeated", "重新评价"
    WITHDRAWN = "withdrawn", "撤回或不予采信"
    REMOVAL_PROPOSED = "removal_proposed", "提出移出名单"
    NOT_AFFECTED = "not_affected", "不受影响"


class ImpactTask(Model):
    """An applicant's evaluation or list entry that rests on a barred agency's reports, and what became of it."""

    __tablename__ = "impact_task"
    __table_args__ = (
        UniqueConstraint("non_adoption_id", "evaluation_id"),
        UniqueConstraint("non_adoption_id", "list_entry_id"),
        CheckConstraint("(evaluation_id IS NULL) <> (list_entry_id IS NULL)", name="one"),
        Index("ix_impact_task_open", "done_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    non_adoption_id: Mapped[int] = mapped_column(ForeignKey("non_adoption.id"))
    kind: Mapped[TaskKind] = mapped_column(Word(TaskKind))
    applicant_id: Mapped[int] = mapped_column(ForeignKey("applicant.id"), index=True)
    evaluation_id: Mapped[int | None] = mapped_column(ForeignKey("evaluation.id"))
    list_entry_id: Mapped[int | None] = mapped_column(ForeignKey("list_entry.id"))
    bureau: Mapped[str | None] = mapped_column(String(20))  # who does it; None: the province
    made_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    done_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    result: Mapped[TaskResult | None] = mapped_column(Word(TaskResult))
    reason: Mapped[str | None] = mapped_column(Text)
    void_at: Mapped[datetime | None]  # the decision was annulled
    applicant: Mapped[Applicant] = relationship()
    evaluation: Mapped[Evaluation | None] = relationship()
    entry: Mapped[ListEntry | None] = relationship()
    non_adoption: Mapped[NonAdoption] = relationship()

    @property
    def ref(self) -> Ref:
        return Ref("impact_task", self.id, f"复核任务 {self.id}")
