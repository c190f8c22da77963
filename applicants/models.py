"""Applicants (培育对象), their names and the dated facts of Article 11 that keep them from the lists."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Model, Word
from core.labels import Labelled
from core.refs import Ref
from core.sealed import SealedText


class Kind(Labelled):
    """What may be evaluated (第二条)."""

    FACTORY = "factory", "绿色工厂"
    PARK = "park", "绿色工业园区"
    SUPPLY_CHAIN = "supply_chain", "绿色供应链管理企业"


class ListLevel(Labelled):
    """The highest list it says it stands on."""

    NONE = "none", "未列入"
    MUNICIPAL = "municipal", "市级名单"
    PROVINCIAL = "provincial", "省级名单"
    NATIONAL = "national", "国家级名单"


class Origin(Labelled):
    """Who entered it first."""

    DESK = "desk", "主管部门登记"
    AGENCY = "agency", "第三方机构录入"
    HISTORY = "history", "历年名单"


class Applicant(Model):
    """A body that is, or may be, evaluated; of those from published lists often little more is known than the name."""

    __tablename__ = "applicant"
    __table_args__ = (
        Index("ix_applicant_name", "sort_key", "id"),
        Index("ix_applicant_bureau_name", "bureau", "sort_key", "id"),
        CheckConstraint("industrial_share BETWEEN 0 AND 1000", name="share"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    name: Mapped[str] = mapped_column(String(120))
    credit_code: Mapped[str | None] = mapped_column(String(18), unique=True)
    body_name: Mapped[str] = mapped_column(String(120), default="")  # who administers a park that has no code
    body_code: Mapped[str | None] = mapped_column(String(18), index=True)
    is_factory: Mapped[bool] = mapped_column(default=False)
    is_park: Mapped[bool] = mapped_column(default=False)
    is_supply_chain: Mapped[bool] = mapped_column(default=False)
    region: Mapped[str] = mapped_column(String(20), default="吉林")  # province, as published for historic ones
    bureau: Mapped[str] = mapped_column(String(20), default="")  # config/bureaus.csv; "": outside Jilin, or not known
    county: Mapped[str] = mapped_column(String(60), default="")
    address: Mapped[str] = mapped_column(String(200), default="")
    industry_code: Mapped[str] = mapped_column(String(5), default="")  # GB/T 4754: four digits, the letter before them
    industry: Mapped[str] = mapped_column(String(80), default="")
    representative: Mapped[str] = mapped_column(String(60), default="")
    representative_identity: Mapped[str | None] = mapped_column(String(64))  # core.identity.Identity.key, where given
    representative_masked: Mapped[str] = mapped_column(String(40), default="")
    contact_name: Mapped[str] = mapped_column(String(60), default="")
    contact_phone: Mapped[str | None] = mapped_column(SealedText)
    contact_email: Mapped[str] = mapped_column(String(120), default="")
    listed: Mapped[ListLevel] = mapped_column(Word(ListLevel), default=ListLevel.NONE)
    is_green_factory: Mapped[bool | None]  # of a supply-chain enterprise (第十条第三款); None: not said
    industrial_share: Mapped[int | None]  # of a park's value added, in tenths of a percent (第八条（一）)
    park_id: Mapped[int | None] = mapped_column(ForeignKey("applicant.id"), index=True)  # the park it lies in
    origin: Mapped[Origin] = mapped_column(Word(Origin), default=Origin.DESK)
    entered_at: Mapped[datetime]
    search_text: Mapped[str] = mapped_column(Text)  # searchable names, former names and codes, a line each
    sort_key: Mapped[str] = mapped_column(String(500))
    former_names: Mapped[list["ApplicantFormerName"]] = relationship(order_by="ApplicantFormerName.id")
    exclusions: Mapped[list["Exclusion"]] = relationship(back_populates="applicant", order_by="Exclusion.on.desc()")
    park: Mapped["Applicant | None"] = relationship(remote_side=[id])

    @property
    def kinds(self) -> tuple[Kind, ...]:
        held = {Kind.FACTORY: self.is_factory, Kind.PARK: self.is_park, Kind.SUPPLY_CHAIN: self.is_supply_chain}
        return tuple(kind for kind, has in held.items() if has)

    @property
    def ref(self) -> Ref:
        return Ref("applicant", self.id, self.name)


class ApplicantGram(Model):
    """The index that finds applicants by any two characters (core.search)."""

    __tablename__ = "applicant_gram"

    gram: Mapped[str] = mapped_column(String(2), primary_key=True)
    applicant_id: Mapped[int] = mapped_column(ForeignKey("applicant.id"), primary_key=True, index=True)


class ApplicantFormerName(Model):
    """第十九条: a name it had, or is spelled by in a published list."""

    __tablename__ = "applicant_former_name"

    id: Mapped[int] = mapped_column(primary_key=True)
    applicant_id: Mapped[int] = mapped_column(ForeignKey("applicant.id"), index=True)
    name: Mapped[str] = mapped_column(String(120), index=True)
    until: Mapped[date | None]  # None: a spelling, or the day is not known


class Ground(Labelled):
    """第十一条: what keeps an applicant from the lists; the first of the six has a case that ends when it is lifted."""

    NOT_OPERATING = "not_operating", "（一）未正常经营生产（注销、连续停产 12 个月以上等）"
    ABNORMAL_LIST = "abnormal_list", "（一）列入经营异常名录或严重违法失信名单"
    VIOLATION = "violation", "（二）发生安全、质量、环境污染等事故或偷漏税等违法违规行为"
    REMOVED = "removed", "（三）被动态调整出绿色制造名单"
    INSPECTION = "inspection", "（四）督查发现存在严重问题"
    ENERGY = "energy", "（五）列入工业节能监察整改名单且未按要求完成整改"
    DEBTOR = "debtor", "（六）被列为失信被执行人"


class Exclusion(Model):
    """A dated fact of Article 11 with its source; entered wrongly it is annulled, never deleted."""

    __tablename__ = "exclusion"
    __table_args__ = (CheckConstraint('lifted_on IS NULL OR lifted_on >= "on"', name="order"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    applicant_id: Mapped[int] = mapped_column(ForeignKey("applicant.id"), index=True)
    ground: Mapped[Ground] = mapped_column(Word(Ground))
    on: Mapped[date]
    source: Mapped[str] = mapped_column(String(200))
    facts: Mapped[str] = mapped_column(Text, default="")
    lifted_on: Mapped[date | None]  # of an ABNORMAL_LIST: taken off it
    entered_at: Mapped[datetime]
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    annulled_at: Mapped[datetime | None]
    annulled_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    annulled_reason: Mapped[str | None] = mapped_column(Text)
    applicant: Mapped[Applicant] = relationship(back_populates="exclusions")

    @property
    def ref(self) -> Ref:
        return Ref("exclusion", self.id, self.ground.label)


class SheetState(Labelled):
    PENDING = "pending", "待确认"
    CONFIRMED = "confirmed", "已导入"
    ABANDONED = "abandoned", "已放弃"


class ApplicantSheet(Model):
    """Applicants brought in a spreadsheet. Nothing of it is in the register until it is confirmed."""

    __tablename__ = "applicant_sheet"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str | None] = mapped_column(String(64))  # of the rows read, in the file store; None once done with
    file_name: Mapped[str] = mapped_column(String(200))
    state: Mapped[SheetState] = mapped_column(Word(SheetState), default=SheetState.PENDING)
    bureau: Mapped[str] = mapped_column(String(20), default="")  # of the officer who brought it; "": the province's
    brought_at: Mapped[datetime]
    brought_by: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    added: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)

    @property
    def ref(self) -> Ref:
        return Ref("applicant_sheet", self.id, f"培育对象导入 {self.id}")
