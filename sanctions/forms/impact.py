"""The filter over an impact map, and the form by which tasks are done."""

from collections.abc import Sequence

from werkzeug.datastructures import MultiDict
from wtforms import RadioField, SearchField, SelectField

from core.forms import Form, SelectChoice, reason_field, required
from core.places import bureaus
from sanctions.models import ImpactTask, TaskKind, TaskResult
from sanctions.queries.impact import PROVINCE, TaskState, Wanted
from sanctions.rules.impact import OF_KIND
from supervision.forms.cases import ALL, ListFilter


def _bureaus() -> list[SelectChoice]:
    places = (SelectChoice(key, each.place) for key, each in bureaus().items())
    return [ALL, SelectChoice(PROVINCE, "省厅"), *places]


class MapFilter(ListFilter):
    q = SearchField("培育对象名称或代码", description="可只输其中几个字")
    kind = SelectField("类别", choices=[ALL, *(SelectChoice(each.value, each.label) for each in TaskKind)])
    state = SelectField("状态", choices=[ALL, *(SelectChoice(each.value, each.label) for each in TaskState)])
    result = SelectField("结果", choices=[ALL, *(SelectChoice(each.value, each.label) for each in TaskResult)])
    bureau = SelectField("办理", choices=_bureaus)

    def __init__(self, asked: MultiDict[str, str], *, every_bureau: bool) -> None:
        super().__init__(asked)
        if not every_bureau:
            del self.bureau

    def wanted(self) -> Wanted:
        return Wanted(
            word=self.q.data or "",
            kind=next((each for each in TaskKind if each == self.kind.data), None),
            state=next((each for each in TaskState if each == self.state.data), None),
            result=next((each for each in TaskResult if each == self.result.data), None),
            bureau=(self.bureau.data or "") if self.bureau else "",
        )


class SettleForm(Form):
    """The tasks stand in it as `task`, each as id.version: what was shown."""

    result = RadioField("复核结果", required("请选择复核结果"))
    reason = reason_field("理由", "请写明复核了什么、依据是什么", hint="与结果一起保存；培育对象和机构看不到")

    def __init__(self, tasks: Sequence[ImpactTask]) -> None:
        super().__init__()
        kinds = {task.kind for task in tasks} or set(TaskKind)
        self.result.choices = [
            SelectChoice(each.value, each.label) for each in TaskResult if all(each in OF_KIND[kind] for kind in kinds)
        ]
