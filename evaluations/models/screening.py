"""Agreements screened (第二十二条第一款): one screening for each that has a file, its marks, what became of them."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Float, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Model, Word
from core.sealed import SealedJson, SealedText
from evaluations.models.evaluations import Agreement, Evaluation
from evaluations.rules.states import UNDECIDED, MarkOrigin, MarkStanding, ScreeningState
from evaluations.screening.labels import Label

UNFINISHED = text("state IN ('waiting', 'running')")
STILL_UNDECIDED = text("standing IN ('open', 'disputed')")
CONFIRMED = text("standing = 'confirmed'")


class AgreementScreening(Model):
    """Made in the transaction that stores the agreement; whoever runs it claims it for a while (`token`, `lease`).

    `by_eye`: nobody could read it, or not all of its pages; while it stands, an officer has to read it by eye
    (`settled_…`), or the agency to replace the agreement, which takes it off those before.
    """

    __tablename__ = "agreement_screening"
    __table_args__ = (
        UniqueConstraint("agreement_id"),
        CheckConstraint("pages_done >= 0 AND attempts >= 0", name="counts"),
        CheckConstraint("(state = 'running') = (token IS NOT NULL)", name="claimed"),
        CheckConstraint("(state IN ('done', 'unreadable')) = (finished_at IS NOT NULL)", name="finished"),
        # what waits or runs, and what an officer has to read: few of all there ever were
        Index("ix_agreement_screening_unfinished", "id", sqlite_where=UNFINISHED, postgresql_where=UNFINISHED),
        Index("ix_agreement_screening_by_eye", "id", sqlite_where=text("by_eye = 1"), postgresql_where=text("by_eye")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)  # raised when its marks are judged: forms carry the one they showed
    evaluation_id: Mapped[int] = mapped_column(ForeignKey("evaluation.id"), index=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("evaluation_agreement.id"))
    state: Mapped[ScreeningState] = mapped_column(Word(ScreeningState), default=ScreeningState.WAITING)
    asked_at: Mapped[datetime]
    pages: Mapped[int | None]  # of the file; None as long as nobody counted
    pages_done: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    token: Mapped[str | None] = mapped_column(String(32))
    lease: Mapped[datetime | None]  # until then nobody else takes it up
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    refusal: Mapped[str] = mapped_column(Text, default="")  # why it could not be read, as the reader is told
    unread: Mapped[str] = mapped_column(String(600), default="")  # pictures that nobody read: 第 3、7 页
    by_eye: Mapped[bool] = mapped_column(default=False)
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    settled_reason: Mapped[str] = mapped_column(Text, default="")
    judged_with: Mapped[str] = mapped_column(String(64), default="")  # digest of weights and vocabulary
    content: Mapped[Any] = mapped_column(SealedJson, nullable=True, deferred=True)  # as evaluations.agreed keeps it
    evaluation: Mapped[Evaluation] = relationship(lazy="raise_on_sql")
    agreement: Mapped[Agreement] = relationship(lazy="joined", innerjoin=True)
    marks: Mapped[list["AgreementMark"]] = relationship(back_populates="screening", order_by="AgreementMark.position")

    @property
    def is_finished(self) -> bool:
        return self.finished_at is not None

    @property
    def how_far(self) -> str:
        """What one who waits is told."""
        if self.pages:
            return f"已读 {self.pages_done} 页，共 {self.pages} 页"
        return "正在打开文件" if self.state is ScreeningState.RUNNING else "排队等待"

    @property
    def undecided(self) -> tuple["AgreementMark", ...]:
        """The marks that nobody has decided on."""
        return tuple(mark for mark in self.marks if mark.is_undecided)


class AgreementMark(Model):
    """One label of a clause: found by the screening, or by an officer who read the agreement.

    `start` and `end` bound the clause in the text of `page` (counting on over its end), `trigger_start` and
    `trigger_end` the trigger in the clause; what an officer marked by eye has no place.
    """

    __tablename__ = "agreement_mark"
    __table_args__ = (
        UniqueConstraint("screening_id", "position"),
        CheckConstraint('start >= 0 AND "end" >= start', name="place"),
        CheckConstraint("confidence >= 0 AND confidence <= 1", name="confidence"),
        CheckConstraint("(standing IN ('confirmed', 'dismissed')) = (decided_at IS NOT NULL)", name="decided"),
        CheckConstraint("standing <> 'disputed' OR disputed_at IS NOT NULL", name="disputed"),
        # the desk's list of what is undecided, oldest first; and an evaluation's
        Index("ix_agreement_mark_undecided", "id", sqlite_where=STILL_UNDECIDED, postgresql_where=STILL_UNDECIDED),
        Index("ix_agreement_mark_evaluation", "evaluation_id", "standing"),
        # the desk's lists by label, and of evaluations with a confirmed one
        Index("ix_agreement_mark_label", "label", "screening_id"),
        Index(
            "ix_agreement_mark_confirmed",
            "evaluation_id",
            "screening_id",
            sqlite_where=CONFIRMED,
            postgresql_where=CONFIRMED,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    screening_id: Mapped[int] = mapped_column(ForeignKey("agreement_screening.id"))
    evaluation_id: Mapped[int] = mapped_column(ForeignKey("evaluation.id"))
    position: Mapped[int]
    label: Mapped[Label] = mapped_column(Word(Label))
    clause: Mapped[str] = mapped_column(SealedText)
    number: Mapped[str] = mapped_column(String(40), default="")  # 第三条, 3.1
    page: Mapped[int | None]  # from 1; None in a document without pages
    start: Mapped[int] = mapped_column(default=0)
    end: Mapped[int] = mapped_column(default=0)
    trigger: Mapped[str] = mapped_column(SealedText)
    trigger_start: Mapped[int | None]
    trigger_end: Mapped[int | None]
    words: Mapped[Any] = mapped_column(SealedJson)  # [[start, end], …] in the clause: all that the judgement rests on
    effect: Mapped[str] = mapped_column(SealedText, default="")  # quotes the clause, as the reason does
    article: Mapped[str] = mapped_column(String(20))
    confidence: Mapped[float | None] = mapped_column(Float)  # None: an officer's
    reason: Mapped[str] = mapped_column(SealedText)  # the sentence for a letter
    origin: Mapped[MarkOrigin] = mapped_column(Word(MarkOrigin), default=MarkOrigin.SCREENED)
    standing: Mapped[MarkStanding] = mapped_column(Word(MarkStanding), default=MarkStanding.OPEN)
    disputed_at: Mapped[datetime | None]
    disputed_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    dispute: Mapped[str] = mapped_column(Text, default="")  # what the agency says
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    decider: Mapped[str] = mapped_column(String(80), default="")  # the officer's name, as the page shows it
    decision: Mapped[str] = mapped_column(Text, default="")  # the reason, kept as evidence
    screening: Mapped[AgreementScreening] = relationship(back_populates="marks")

    @property
    def is_undecided(self) -> bool:
        return self.standing in UNDECIDED
