"""Forms about cases and decisions of non-adoption, and the filters over their lists."""

from collections.abc import Sequence
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import RadioField, SearchField, SelectField, StringField

from core.forms import DayField, Form, SelectChoice, VersionedForm, given, reason_field, required
from supervision.entries import NonAdoptionEntry
from supervision.models import CaseKind, CaseOutcome, CaseState
from supervision.queries import PeriodState, WantedPeriods
from supervision.queries.cases import WantedCases

ALL = SelectChoice("", "全部")


class ListFilter(Form):
    class Meta(Form.Meta):
        csrf = False  # it changes nothing

    def __init__(self, asked: MultiDict[str, str]) -> None:
        super().__init__(asked)
        for field in self:
            if isinstance(field, SelectField) and not field.validate(self):  # no such choice: as good as none
                field.data = ""

    def in_address(self) -> dict[str, Any]:
        """The filter as it stands in the address bar, without what is not set."""
        return {field.name: field.data for field in self if field.data}


class CaseFilter(ListFilter):
    q = SearchField("机构名称或信用代码", description="可只输其中几个字")
    kind = SelectField("事由", choices=[ALL, *(SelectChoice(each.value, each.label) for each in CaseKind)])
    state = SelectField("状态", choices=[ALL, *(SelectChoice(each.value, each.label) for each in CaseState)])
    mine = SelectField("承办人", choices=[ALL, SelectChoice("yes", "由我承办")])

    def wanted(self) -> WantedCases:
        return WantedCases(
            word=self.q.data or "",
            kind=next((each for each in CaseKind if each == self.kind.data), None),
            state=next((each for each in CaseState if each == self.state.data), None),
            mine=self.mine.data == "yes",
        )


class PeriodFilter(ListFilter):
    q = SearchField("机构名称或信用代码", description="可只输其中几个字")
    state = SelectField("状态", choices=[ALL, *(SelectChoice(each.value, each.label) for each in PeriodState)])

    def wanted(self) -> WantedPeriods:
        return WantedPeriods(
            word=self.q.data or "",
            state=next((each for each in PeriodState if each == self.state.data), None),
        )


class NoteForm(VersionedForm):
    text = reason_field("办理记录", "请写明做了什么、查明了什么", hint="记入案件后不能修改", most=2000)


class CloseForm(VersionedForm):
    outcome = RadioField("办理结果", required("请选择办理结果"))
    reason = reason_field("理由", "请写明查明的事实和处理情况", hint="与结果一起保存，以后可以查看")

    def __init__(self, outcomes: Sequence[CaseOutcome], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.outcome.choices = [SelectChoice(each.value, each.label) for each in outcomes]


class CorrectForm(VersionedForm):
    reason = reason_field(
        "改正的情况", "请写明核实的改正情况", hint="例如：已更换协议，费用与结果无关；机构和培育对象能看到。"
    )


class NonAdoptionForm(Form):
    document = StringField(
        "决定书文号", required("请填写决定书文号", most=80), description="例如 吉工信资源函〔2026〕12 号"
    )
    first_day = DayField(
        "不予采信的起始日", required("请填写起始日"), description="决定书载明的第一日，例如 2026-03-01"
    )
    basis = reason_field(
        "查明的事实",
        "请写明决定书认定的事实",
        hint="弄虚作假或者故意隐瞒评价对象问题的具体情形，照决定书填写",
        most=2000,
    )

    def entry(self) -> NonAdoptionEntry:
        return NonAdoptionEntry(
            document="".join((self.document.data or "").split()),
            first_day=given(self.first_day.data),
            basis=self.basis.data or "",
        )


class AnnulForm(Form):
    reason = reason_field("撤销的依据", "请写明由哪份文书撤销、为什么", hint="例如行政复议决定书文号和结论")
