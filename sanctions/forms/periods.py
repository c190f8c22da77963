"""Forms about decisions of non-adoption, and the filter over their list."""

from wtforms import SearchField, SelectField, StringField

from core.forms import DayField, Form, SelectChoice, given, reason_field, required
from sanctions.entries import NonAdoptionEntry
from sanctions.queries.periods import PeriodState, WantedPeriods
from supervision.forms.cases import ALL, ListFilter


class PeriodFilter(ListFilter):
    q = SearchField("机构名称或信用代码", description="可只输其中几个字")
    state = SelectField("状态", choices=[ALL, *(SelectChoice(each.value, each.label) for each in PeriodState)])

    def wanted(self) -> WantedPeriods:
        return WantedPeriods(
            word=self.q.data or "",
            state=next((each for each in PeriodState if each == self.state.data), None),
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
