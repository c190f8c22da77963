"""What complaints keep. Whatever could give a reporter away is sealed; who reported stands in a table of its own."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from agency.models import Agency
from applicants.models import Applicant
from core.db import Model, Word
from core.documents import DocumentKind
from core.labels import Labelled
from core.refs import Ref
from core.sealed import SealedText
from core.uploads import StoredFile
from supervision.models import Case


class Target(Labelled):
    """Whom it is about."""

    AGENCY = "agency", "第三方评价机构"
    LISTED = "listed", "绿色制造名单单位"
    UNKNOWN = "unknown", "不在名录或名单中"


class Matter(Labelled):
    """What it is about, as the reporter chooses."""

    FALSE_REPORT = "false_report", "评价报告或申报材料弄虚作假"
    CONCEALED = "concealed", "隐瞒环境违法、事故等问题"
    INACCURATE = "inaccurate", "公开的信息不准确"
    BORROWED_STAFF = "borrowed_staff", "人员挂证或人员不实"
    MARKET_CONDUCT = "market_conduct", "对赌协议、承诺保过、搭售"
    OVER_CAP = "over_cap", "超过每年 15 项"
    UNFILED = "unfiled", "未备案就开展评价"
    OTHER = "other", "其他"


class State(Labelled):
    RECEIVED = "received", "已登记，待指派"
    ASSIGNED = "assigned", "已指派，待受理"
    ACCEPTED = "accepted", "已受理，核实中"
    CLUE = "clue", "作为线索办理"
    CONCLUDED = "concluded", "已核实，待答复"
    REPLIED = "replied", "已答复"
    REVIEWING = "reviewing", "复核中"
    CLOSED = "closed", "已办结"
    REFUSED = "refused", "不予受理"
    JOINED = "joined", "并入另一件"


class Refusal(Labelled):
    """Why a complaint is not accepted (reading 19): one of these, and reasons in words."""

    NO_EVIDENCE = "no_evidence", "经告知后仍未提供佐证材料或具体线索"
    NOT_OURS = "not_ours", "不属于本细则规定的举报事项"
    ALREADY_DECIDED = "already_decided", "同一事实已经核实处理，没有新的事实或证据"
    IN_COURT = "in_court", "正在诉讼、仲裁或行政复议中"


class ReporterKind(Labelled):
    PERSON = "person", "个人"
    UNIT = "unit", "单位"


class CallResult(Labelled):
    """What an officer's call-back gave."""

    CONFIRMED = "confirmed", "核实一致"
    DENIED = "denied", "否认举报或身份不符"
    NOT_REACHED = "not_reached", "无法联系"


class ReplyWay(Labelled):
    """How a reporter was told of the reply."""

    MAIL = "mail", "邮件提示，凭编号和查询码查看"
    PHONE = "phone", "办理人电话告知"
    POST = "post", "邮寄书面答复"


class Complaint(Model):
    """A complaint: its course and what it says. `bureau`: who is competent (None: the province)."""

    __tablename__ = "complaint"
    __table_args__ = (
        Index("ix_complaint_list", "state", "id"),
        Index("ix_complaint_handler", "handler_id", "id"),
        Index("ix_complaint_bureau", "bureau", "id"),
        Index("ix_complaint_due", "due_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    number: Mapped[str] = mapped_column(String(20), unique=True)  # JB20260001
    secret: Mapped[str] = mapped_column(String(64))  # keyed hash of the secret: the receipt alone has it in clear
    token: Mapped[str] = mapped_column(String(64), unique=True)  # of the form: what is sent twice is received once
    state: Mapped[State] = mapped_column(Word(State), default=State.RECEIVED)
    received_at: Mapped[datetime]
    target: Mapped[Target] = mapped_column(Word(Target))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"), index=True)
    applicant_id: Mapped[int | None] = mapped_column(ForeignKey("applicant.id"), index=True)
    target_name: Mapped[str] = mapped_column(SealedText)  # as the reporter named it
    matters: Mapped[Any] = mapped_column(JSON)  # values of Matter
    facts: Mapped[str] = mapped_column(SealedText)
    happened: Mapped[str] = mapped_column(SealedText)  # when, in the reporter's words
    bureau: Mapped[str | None] = mapped_column(String(20))
    handler_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    taken_at: Mapped[datetime | None]  # the handler declared no interest: from then on they see what is in it
    due_on: Mapped[date | None]  # last day of the running term, as last reckoned; None while it stands or none runs
    in_time: Mapped[bool | None]  # whether it was decided within the term that it is accepted, a clue, refused
    case_id: Mapped[int | None] = mapped_column(ForeignKey("supervision_case.id"), unique=True)
    joined_to_id: Mapped[int | None] = mapped_column(ForeignKey("complaint.id"), index=True)
    accepted_at: Mapped[datetime | None]
    concluded_at: Mapped[datetime | None]
    extended_days: Mapped[int] = mapped_column(default=0)
    extension_asked_at: Mapped[datetime | None]  # by the handler, not decided yet
    extension_reason: Mapped[str | None] = mapped_column(SealedText)
    refusal: Mapped[Refusal | None] = mapped_column(Word(Refusal))
    replied_at: Mapped[datetime | None]
    reply: Mapped[str | None] = mapped_column(SealedText)
    reply_way: Mapped[ReplyWay | None] = mapped_column(Word(ReplyWay))
    withdrawn_at: Mapped[datetime | None]
    review_asked_at: Mapped[datetime | None]  # once
    review_reason: Mapped[str | None] = mapped_column(SealedText)
    reviewed_at: Mapped[datetime | None]
    review_reply: Mapped[str | None] = mapped_column(SealedText)
    agency: Mapped[Agency | None] = relationship()
    applicant: Mapped[Applicant | None] = relationship()
    case: Mapped[Case | None] = relationship()
    reporter: Mapped["Reporter"] = relationship(back_populates="complaint", uselist=False, lazy="raise")
    files: Mapped[list["ComplaintFile"]] = relationship(order_by="ComplaintFile.id")
    steps: Mapped[list["ComplaintStep"]] = relationship(order_by="ComplaintStep.id")
    questions: Mapped[list["Question"]] = relationship(order_by="Question.id")
    pauses: Mapped[list["Pause"]] = relationship(order_by="Pause.id")
    calls: Mapped[list["CallBack"]] = relationship(order_by="CallBack.id")
    assignments: Mapped[list["Assignment"]] = relationship(order_by="Assignment.id")
    joined_to: Mapped["Complaint | None"] = relationship(remote_side=[id], back_populates="joined")
    joined: Mapped[list["Complaint"]] = relationship(order_by="Complaint.id", back_populates="joined_to")

    @property
    def ref(self) -> Ref:
        return Ref("complaint", self.id, self.number)


class Reporter(Model):
    """Who reported. Loaded by one query only, whose every use is logged (complaints.queries.reporters)."""

    __tablename__ = "complaint_reporter"

    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"), primary_key=True)
    kind: Mapped[ReporterKind] = mapped_column(Word(ReporterKind))
    name: Mapped[str] = mapped_column(SealedText)
    contact: Mapped[str] = mapped_column(SealedText, default="")  # whom to ask for, where a unit reports
    phone: Mapped[str] = mapped_column(SealedText, default="")
    email: Mapped[str] = mapped_column(SealedText, default="")
    address: Mapped[str] = mapped_column(SealedText, default="")
    relation: Mapped[str] = mapped_column(SealedText, default="")  # to the party reported
    phone_key: Mapped[str | None] = mapped_column(String(64), index=True)  # keyed hashes: the same reporter again
    email_key: Mapped[str | None] = mapped_column(String(64), index=True)
    email_confirmed_at: Mapped[datetime | None]
    consented_at: Mapped[datetime]  # to how the data is used
    complaint: Mapped[Complaint] = relationship(back_populates="reporter")


class Assignment(Model):
    """Who handles a complaint, or handled it: who has once done so never decides on a review of it."""

    __tablename__ = "complaint_assignment"
    __table_args__ = (Index("ix_complaint_assignment_account", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    assigned_by: Mapped[int] = mapped_column(ForeignKey("account.id"))  # who is told when the handler stands aside
    since: Mapped[datetime]
    taken_at: Mapped[datetime | None]
    until: Mapped[datetime | None]


class CallBack(Model):
    """An officer's call to the reporter, and what it gave."""

    __tablename__ = "complaint_call"

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"), index=True)
    result: Mapped[CallResult] = mapped_column(Word(CallResult))
    note: Mapped[str] = mapped_column(SealedText, default="")
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))


class ComplaintFile(Model):
    """Evidence from the reporter; with the form, or later."""

    __tablename__ = "complaint_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    added_at: Mapped[datetime]
    file: Mapped[StoredFile] = relationship()


class ComplaintStep(Model):
    """A step of the course: what happened, by whom, and whether the reporter is shown it."""

    __tablename__ = "complaint_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"), index=True)
    action: Mapped[str] = mapped_column(String(40))  # a complaints.rules.Action
    text: Mapped[str] = mapped_column(SealedText, default="")
    is_shown: Mapped[bool] = mapped_column(default=False)  # to the reporter
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))  # None: the reporter, or the clock


class Question(Model):
    """What an officer asks the reporter, and the answer. Evidence is asked for by one of these, once."""

    __tablename__ = "complaint_question"

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"), index=True)
    text: Mapped[str] = mapped_column(SealedText)
    for_evidence: Mapped[bool] = mapped_column(default=False)
    asked_at: Mapped[datetime]
    asked_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    due: Mapped[date]
    answered_at: Mapped[datetime | None]
    answer: Mapped[str | None] = mapped_column(SealedText)
    lapsed_at: Mapped[datetime | None]  # the term ran out without an answer


class Pause(Model):
    """The clock stands while the reporter is asked: from the asking to the answer, or to the end of its term."""

    __tablename__ = "complaint_pause"

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"), index=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("complaint_question.id"), unique=True)
    since: Mapped[datetime]
    until: Mapped[datetime | None]


class Recusal(Model):
    """回避: an officer who may not handle what concerns a party, or one complaint; declared or found."""

    __tablename__ = "recusal"
    __table_args__ = (Index("ix_recusal_account", "account_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    applicant_id: Mapped[int | None] = mapped_column(ForeignKey("applicant.id"))
    complaint_id: Mapped[int | None] = mapped_column(ForeignKey("complaint.id"))
    reason: Mapped[str] = mapped_column(SealedText)
    since: Mapped[datetime]
    entered_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    until: Mapped[datetime | None]

    @property
    def ref(self) -> Ref:
        return Ref("recusal", self.id, f"回避登记 {self.id}")


class MailCode(Model):
    """A code that proves a reporter's address: for one form, one address, some minutes, a few tries."""

    __tablename__ = "complaint_mail_code"
    __table_args__ = (Index("ix_complaint_mail_code_sent_at", "sent_at"),)

    form: Mapped[str] = mapped_column(String(64), primary_key=True)  # keyed hash of the form's token
    address_key: Mapped[str] = mapped_column(String(64))
    code: Mapped[str] = mapped_column(String(64))  # keyed hash
    sent_at: Mapped[datetime]
    times: Mapped[int] = mapped_column(default=1)  # sent, of one form
    tries: Mapped[int] = mapped_column(default=0)
    confirmed_at: Mapped[datetime | None]


class Guard(Model):
    """How much of a kind came from where in an hour: the limits of the public form, in our own table."""

    __tablename__ = "complaint_guard"
    __table_args__ = (Index("ix_complaint_guard_window", "window"),)

    key: Mapped[str] = mapped_column(String(64), primary_key=True)  # keyed hash of kind and address, or of the kind
    window: Mapped[datetime] = mapped_column(primary_key=True)  # its hour
    count: Mapped[int] = mapped_column(default=0)


class Riddle(Model):
    """A captcha that was shown with a form: answered once, or never."""

    __tablename__ = "complaint_riddle"
    __table_args__ = (Index("ix_complaint_riddle_made_at", "made_at"),)

    token: Mapped[str] = mapped_column(String(64), primary_key=True)  # in the addresses of its picture and its sound
    form: Mapped[str] = mapped_column(String(64), index=True)  # keyed hash of the form's token
    answer: Mapped[str] = mapped_column(SealedText)  # the picture and the sound are made from it
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    passed: Mapped[bool] = mapped_column(default=False)


class KeptUpload(Model):
    """Evidence that came with a form not yet sent: found to be a document, kept some hours, then deleted."""

    __tablename__ = "complaint_upload"
    __table_args__ = (Index("ix_complaint_upload_kept_at", "kept_at"), Index("ix_complaint_upload_digest", "digest"))

    id: Mapped[int] = mapped_column(primary_key=True)
    form: Mapped[str] = mapped_column(String(64), index=True)  # keyed hash of the form's token
    digest: Mapped[str] = mapped_column(String(64))
    kind: Mapped[DocumentKind] = mapped_column(Word(DocumentKind))
    pages: Mapped[int]
    size: Mapped[int]  # bytes
    name: Mapped[str] = mapped_column(SealedText)
    kept_at: Mapped[datetime]


class ReporterVisit(Model):
    """A reporter who follows one complaint: the browser holds a random key, this row says to which it opens."""

    __tablename__ = "complaint_visit"
    __table_args__ = (Index("ix_complaint_visit_begun_at", "begun_at"),)

    key: Mapped[str] = mapped_column(String(64), primary_key=True)  # keyed hash of what the browser holds
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"), index=True)
    begun_at: Mapped[datetime]
