"""Forms in which officers follow up what a check found, and an admin corrects what it reads by."""

from datetime import date
from typing import cast

from wtforms import HiddenField, RadioField, SearchField, SelectField, StringField

from agency.forms.fields import choices_of
from agency.majors import Standing
from agency.particulars import TitleLevel
from core.forms import DayField, Form, reason_field, required


class TermForm(Form):
    shown = HiddenField()  # the term that the page showed
    mend_by = DayField("补正期限", required("请填写补正期限"))
    reason = reason_field("理由", "请写明确定或延长期限的理由", hint="与期限一起记入日志")

    def day(self) -> date:
        return cast(date, self.mend_by.data)  # a submitted form has it


class MendedForm(Form):
    reason = reason_field("理由", "请写明核对了什么", hint="写明核对了哪些材料；待判断的事项，写明如何判断")


class AwardForm(Form):
    agency_id = RadioField("计入哪家机构", required("请选择计入哪家机构"), coerce=str)
    reason = reason_field("理由", "请写明核定的依据", hint="例如核对了社会保险缴纳记录和劳动合同；机构看不到")


class TableFilterForm(Form):
    class Meta(Form.Meta):
        csrf = False

    q = SearchField("名称")


class TitleCorrectionForm(Form):
    title = StringField("职称", required("请填写职称全称", most=60), description="一次一个，写全称，例如 高级工程师")
    series = StringField("系列", required("请填写职称系列", most=60), description="例如 工程技术")
    level = SelectField("级别", required("请选择级别"), choices=choices_of(TitleLevel, empty="请选择"))
    since = DayField("自哪天起", required("请填写起始日"), description="今天或以后；以前的决定按当时的表，不受影响")
    reason = reason_field("依据和理由", "请写明依据", hint="例如文件名称和文号；所有办理人都能看到")

    def first_day(self) -> date:
        return cast(date, self.since.data)  # a submitted form has it


class MajorCorrectionForm(Form):
    major = StringField("专业", required("请填写专业名称", most=80), description="一次一个，例如 环境工程")
    standing = RadioField("是否相关专业", required("请选择"), choices=choices_of(Standing))
    since = DayField("自哪天起", required("请填写起始日"), description="今天或以后；以前的决定按当时的表，不受影响")
    reason = reason_field("依据和理由", "请写明依据", hint="例如专业目录和文号；所有办理人都能看到")

    def first_day(self) -> date:
        return cast(date, self.since.data)  # a submitted form has it
