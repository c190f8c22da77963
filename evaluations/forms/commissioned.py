"""What an applicant is asked: its word on an evaluation, and its evaluation of itself."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from wtforms import FileField, RadioField, SelectField, StringField, TextAreaField

from agency.forms.fields import choices_of
from applicants.models import Kind
from core.forms import (
    CountField,
    DayField,
    Form,
    NumberField,
    SelectChoice,
    VersionedForm,
    given,
    optional,
    reason_field,
    required,
)
from evaluations import standards
from evaluations.entries import RegistrationEntry, ReportEntry
from evaluations.forms.fields import FileChosen
from evaluations.rules.states import Conclusion, Level

BETWEEN_NAMES = re.compile(r"[\s,;、，；]+")


class ConfirmationForm(VersionedForm):
    """Needs no words."""


class DisputeForm(VersionedForm):
    reason = reason_field(
        "异议的内容",
        "请写明有什么异议",
        hint="例如：本单位没有委托这家机构；或者评价级别与协议不符。机构和主管部门能看到。",
    )


class SelfEvaluationForm(Form):
    kind = RadioField("评价类别", required("请选择评价类别"))
    level = RadioField("评价级别", required("请选择评价级别"), choices=choices_of(Level))
    year = CountField("申报年度", required("请填写申报年度"), description="名单的年度：开始当年或次年")
    begun_on = DayField("开始日期", required("请填写自我评价开始的日期"))
    standard = SelectField("评价标准", required("请选择评价所用的标准"))
    other_standard = StringField("其他标准的编号和名称", optional(most=120), description="例如 HG/T 6169-2023《…》")
    team = TextAreaField(
        "评价小组", required("请填写评价小组成员", most=600), description="姓名，一行一个；第一位为组长"
    )
    statement = TextAreaField("情况说明", optional(most=1000), description="同一年度已有评价的，请说明")

    def __init__(self, *, kinds: Iterable[Kind], on: date) -> None:
        super().__init__(data={"year": on.year, "begun_on": on})
        kinds = tuple(kinds)
        self.kind.choices = choices_of(kinds)
        offered = [row for row in standards.table().values() if row.kinds & set(kinds)]
        self.standard.choices = [
            SelectChoice("", "请选择"),
            *(SelectChoice(row.key, f"{row.title}{f'，{row.until} 前有效' if row.until else ''}") for row in offered),
            SelectChoice(standards.OTHER, "其他标准（填写编号和名称）"),
        ]
        if len(kinds) == 1 and not self.is_submitted():
            self.kind.data = kinds[0].value

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for name in BETWEEN_NAMES.split(self.team.data or "") if name)

    def entry(self, applicant_id: int) -> RegistrationEntry:
        other = self.standard.data == standards.OTHER
        return RegistrationEntry(
            applicant_id=applicant_id,
            kind=Kind(self.kind.data),
            level=Level(self.level.data),
            year=given(self.year.data),
            begun_on=given(self.begun_on.data),
            standard=self.standard.data or "",
            other_standard=(self.other_standard.data or "") if other else "",
            amount_fen=0,
            agency_ids=(),
            team=(),
            leader_id=None,
            planned_from=None,
            planned_until=None,
            statement=self.statement.data or "",
        )


class SelfReportForm(VersionedForm):
    number = StringField("报告编号", required("请填写报告编号", most=60), description="由贵单位自编，例如 ZP-2026-01")
    issued_on = DayField("报告日期", required("请填写报告日期"))
    score = NumberField("得分", optional(), description="满分 100，没有打分的不填")
    conclusion = RadioField("结论", required("请选择结论"), choices=choices_of(Conclusion))
    file = FileField("评价报告", [FileChosen("请选择评价报告")])
    reason = TextAreaField("更正说明", optional(most=1000), description="更正了什么、为什么")

    def __init__(self, *, corrects: bool, **data: Any) -> None:
        super().__init__(data=data)
        if not corrects:
            del self.reason

    def entry(self) -> ReportEntry:
        score = self.score.data
        return ReportEntry(
            number=self.number.data or "",
            issued_on=given(self.issued_on.data),
            score=None if score is None else round(score * 10),
            conclusion=Conclusion(self.conclusion.data),
            reason=(self.reason.data or "") if "reason" in self else "",
        )


class SelfWithdrawalForm(VersionedForm):
    reason = reason_field("撤回的原因", "请写明撤回的原因")
