"""Forms of the desk about summaries, and the filter over a year's list."""

from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import SearchField, SelectField, TextAreaField

from core.forms import DayField, Form, SelectChoice, VersionedForm, optional, reason_field, required
from core.places import bureaus
from summaries.queries.overview import Standing, Wanted
from summaries.states import Duty

ALL = SelectChoice("", "全部")


class YearFilter(Form):
    class Meta(Form.Meta):
        csrf = False  # it changes nothing

    q = SearchField("机构名称或信用代码", description="可只输其中几个字")
    bureau = SelectField("所属工信局")
    standing = SelectField("状态", choices=[ALL, *(SelectChoice(each.value, each.label) for each in Standing)])
    duty = SelectField("应报情况", choices=[ALL, *(SelectChoice(each.value, each.label) for each in Duty)])

    def __init__(self, asked: MultiDict[str, str], *, own_bureau: str = "") -> None:
        super().__init__(asked)
        self._own_bureau = own_bureau
        self.bureau.choices = [ALL, *(SelectChoice(each.key, each.name) for each in bureaus().values())]
        for field in self:
            if isinstance(field, SelectField) and not field.validate(self):  # no such choice: as good as none
                field.data = ""
        if own_bureau:
            del self.bureau

    def in_address(self) -> dict[str, Any]:
        """The filter as it stands in the address bar, without what is not set."""
        return {field.name: field.data for field in self if field.data}

    def wanted(self) -> Wanted:
        return Wanted(
            word=self.q.data or "",
            bureau=self._own_bureau or self.bureau.data or "",
            standing=next((each for each in Standing if each == self.standing.data), None),
            duty=next((each for each in Duty if each == self.duty.data), None),
        )


class OpeningForm(VersionedForm):
    opens_on = DayField("开放日", required("请填写开放日"), description="自这一天 0 时起机构可以填报，例如 2026-11-01")


class AcceptForm(VersionedForm):
    remark = TextAreaField("给机构的话", optional(most=1000), description="机构可以看到，例如需要在来年注意的事项")


class ReturnForm(VersionedForm):
    points = reason_field(
        "需要修改的内容",
        "请逐条写明需要修改的内容，每行一条",
        hint="每行一条，机构会逐条看到；首次上报的时间不受影响",
        most=4000,
    )
