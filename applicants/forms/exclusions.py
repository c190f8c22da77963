"""Forms about the facts of Article 11."""

from wtforms import RadioField, StringField, TextAreaField

from applicants.entries import ExclusionEntry
from applicants.models import Ground
from core.fields import choices_of
from core.forms import DayField, Form, given, optional, reason_field, required


class ExclusionForm(Form):
    ground = RadioField("情形", required("请选择第十一条的哪一种情形"), choices=choices_of(Ground))
    on = DayField(
        "发生日期",
        required("请填写发生日期"),
        description="决定、事故、列入或移出名单等的日期；三年自这一天起算，满三年的当日仍计入",
    )
    source = StringField(
        "来源",
        required("请填写来源", most=200),
        description="文书名称和文号，或查询的网站和日期，例如 信用中国 2026-06-30 查询",
    )
    facts = TextAreaField("情况说明", optional(most=1000), description="事实概要；不写个人信息")
    lifted_on = DayField("移出日期", optional(), description="只用于列入经营异常名录、严重违法失信名单而已移出的")

    def entry(self) -> ExclusionEntry:
        return ExclusionEntry(
            ground=Ground(self.ground.data),
            on=given(self.on.data),
            source=self.source.data or "",
            facts=self.facts.data or "",
            lifted_on=self.lifted_on.data,
        )


class LiftForm(Form):
    lifted_on = DayField("移出日期", required("请填写移出日期"), description="登记机关移出名录、名单的日期")
    reason = reason_field("依据", "请写明移出的依据", hint="例如：企业信用信息公示系统 2026-06-30 查询", most=200)


class AnnulForm(Form):
    reason = reason_field("撤销理由", "请写明登记有什么错误", hint="例如：系同名企业的情形，误登记于此", most=500)
