"""Inspections (第十七条, 第二十二条第一款): agencies drawn at random, and what an inspection rests on."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Model, Word
from core.labels import Labelled
from core.refs import Ref
from core.sealed import SealedText
from supervision.models.cases import Case


class Ground(Labelled):
    """What an inspection rests on."""

    SPOT_CHECK = "spot_check", "不定期现场抽查复核（第十七条）"
    KEY_INDICATORS = "key_indicators", "关键指标不符合评价要求，组织现场评估（第十七条）"
    AGENCY = "agency", "对第三方机构的监督检查（第二十二条第一款）"


class Adjustment(Labelled):
    """第十七条: the opinion on a unit whose key indicators fall short. An opinion: the list's owner decides."""

    KEEP = "keep", "维持在名单"
    RECTIFY = "rectify", "限期整改后复核"
    REMOVE = "remove", "建议移出名单"


class InspectionDraw(Model):
    """Filed agencies drawn at random: anybody can draw them again from what is kept here.

    Pool, number and method are fixed first. The seed is made by the system in the same act, or comes later from a
    public source that was named with the pool; until then nobody can know whom it will hit.
    """

    __tablename__ = "inspection_draw"
    __table_args__ = (
        CheckConstraint("(seed IS NULL) = (drawn_at IS NULL)", name="drawn"),
        Index("ix_inspection_draw_fixed", "fixed_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    number: Mapped[str] = mapped_column(String(40), unique=True)  # 抽〔2026〕0001
    token: Mapped[str] = mapped_column(String(32), unique=True)  # of the form: a second click is the same draw
    title: Mapped[str] = mapped_column(String(120))
    matter: Mapped[str] = mapped_column(SealedText)  # what is inspected
    method: Mapped[str] = mapped_column(String(40))  # name and version of the drawing, as rules know it
    filters: Mapped[str] = mapped_column(String(200))  # by which the pool was taken, in words
    pool: Mapped[Any] = mapped_column(JSON)  # the credit codes it is drawn from, sorted
    wanted: Mapped[int]
    source: Mapped[str] = mapped_column(String(200))  # of the seed: a public draw by name; "": made by the system
    fixed_at: Mapped[datetime]
    fixed_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    seed: Mapped[str | None] = mapped_column(String(64))
    drawn: Mapped[Any | None] = mapped_column(JSON)  # the credit codes drawn, in the order drawn
    drawn_at: Mapped[datetime | None]
    drawn_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    @property
    def ref(self) -> Ref:
        return Ref("inspection_draw", self.id, self.number)


class Inspection(Model):
    """What a case of inspection rests on, and the opinion it came to. One a case."""

    __tablename__ = "inspection"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("supervision_case.id"), unique=True)
    ground: Mapped[Ground] = mapped_column(Word(Ground))
    opinion: Mapped[Adjustment | None] = mapped_column(Word(Adjustment))
    opinion_text: Mapped[str | None] = mapped_column(SealedText)
    opinion_at: Mapped[datetime | None]
    opinion_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    case: Mapped[Case] = relationship()
