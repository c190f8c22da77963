"""Forms of inspections: the pool, a draw, its public seed, one that is named, an opinion."""

import secrets
from typing import Any

from wtforms import HiddenField, RadioField, SearchField, SelectField, StringField
from wtforms.validators import Length, ValidationError

from agency.particulars import AgencyKind
from core.forms import CountField, Form, SelectChoice, VersionedForm, given, reason_field, required
from core.places import bureaus
from supervision.entries import OUTSIDE, DrawEntry, WantedPool
from supervision.forms.cases import ALL, ListFilter
from supervision.models import Adjustment, Ground
from supervision.rules.inspecting import LONGEST_SEED

OWN, PUBLIC = "own", "public"
MONTHS = (("6", "6 个月"), ("12", "12 个月"), ("24", "24 个月"), ("36", "36 个月"))


class PoolFilter(ListFilter):
    """By what the pool is taken; it stands in the address bar, and goes along with the draw."""

    bureau = SelectField(
        "所在地",
        choices=[
            ALL,
            *(SelectChoice(each.key, each.place) for each in bureaus().values()),
            SelectChoice(OUTSIDE, "外省"),
        ],
    )
    kind = SelectField("机构类型", choices=[ALL, *(SelectChoice(each.value, each.label) for each in AgencyKind)])
    months = SelectField(
        "多长时间内未检查过", choices=[SelectChoice("", "不限"), *(SelectChoice(*each) for each in MONTHS)]
    )

    def wanted(self) -> WantedPool:
        return WantedPool(
            bureau=self.bureau.data or "",
            kind=AgencyKind(self.kind.data) if self.kind.data else None,
            months=int(self.months.data or 0),
        )


class DrawForm(Form):
    """`shown`: the mark of the pool on the page; `token`: the form's own, so that a second click is the same draw."""

    token = HiddenField()
    shown = HiddenField()
    title = StringField(
        "抽查名称", required("请填写抽查名称", most=120), description="例如：2026 年第四季度机构随机抽查"
    )
    matter = reason_field(
        "检查内容", "请写明检查内容", hint="立案时写入每一件检查，例如：人员在岗、现场评价记录", most=1000
    )
    wanted = CountField("抽取家数", required("请填写抽取家数"))
    seeding = RadioField(
        "种子的来源",
        required("请选择种子的来源"),
        choices=[
            SelectChoice(OWN, "系统生成：名单固定之后当场生成，随即摇号"),
            SelectChoice(PUBLIC, "以后公布的公开号码：先固定名单，号码公布后再填入"),
        ],
        default=OWN,
    )
    source = StringField(
        "用哪个公开号码",
        [Length(max=200, message="请控制在 200 个字以内")],
        description="选择公开号码的填写，须是尚未开出的，例如：福利彩票双色球第 2026135 期红球号码，从小到大",
    )

    def validate_source(self, field: Any) -> None:
        if self.seeding.data == PUBLIC and not (field.data or "").strip():
            raise ValidationError("请写明用哪个公开号码作种子")

    def fresh(self, pool_mark: str) -> None:
        """As it is shown: with the pool of this moment."""
        self.token.data, self.shown.data = self.token.data or secrets.token_hex(16), pool_mark

    def entry(self, pool: WantedPool) -> DrawEntry:
        return DrawEntry(
            token=(self.token.data or "")[:32],
            pool=pool,
            shown=self.shown.data or "",
            title=(self.title.data or "").strip(),
            matter=self.matter.data or "",
            wanted=given(self.wanted.data),
            source=" ".join((self.source.data or "").split()) if self.seeding.data == PUBLIC else "",
        )


class SeedForm(VersionedForm):
    seed = StringField(
        "公布的号码",
        required("请填写公布的号码", most=LONGEST_SEED),
        description="照公布的填写，空格不计；填入后随即摇号立案，不能更改",
    )


class PartyFinder(ListFilter):
    """Whom an inspection is to be of."""

    q = SearchField("机构或名单单位", description="名称或信用代码，可只输其中几个字")


class InspectAgencyForm(Form):
    matter = reason_field("检查事由和内容", "请写明为什么检查、检查什么", hint="写入案件，机构不会收到通知", most=1000)


class InspectUnitForm(Form):
    ground = RadioField(
        "依据",
        required("请选择依据"),
        choices=[SelectChoice(each.value, each.label) for each in (Ground.SPOT_CHECK, Ground.KEY_INDICATORS)],
    )
    matter = reason_field(
        "检查事由和内容",
        "请写明为什么检查、检查什么",
        hint="关键指标不符合要求的，写明是哪项指标、动态管理表填报的数值和要求的数值",
        most=1000,
    )


class OpinionForm(VersionedForm):
    opinion = RadioField(
        "动态调整意见",
        required("请选择意见"),
        choices=[SelectChoice(each.value, each.label) for each in Adjustment],
    )
    text = reason_field("理由", "请写明现场评估的结果和理由", hint="记入案件，不能修改", most=2000)
