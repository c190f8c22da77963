"""Forms about cases and decisions of non-adoption, and the filters over their lists."""

from collections.abc import Sequence
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import RadioField, SearchField, SelectField

from core.forms import Form, SelectChoice, VersionedForm, reason_field, required
from supervision.models import CaseKind, CaseOutcome, CaseState
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
