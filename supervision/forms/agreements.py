"""What is asked of officers about the marks of agreements, and of the lists of them."""

from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, RadioField, SearchField, SelectField, SelectMultipleField, TextAreaField
from wtforms.validators import AnyOf
from wtforms.widgets import CheckboxInput, ListWidget

from core import clock
from core.db import LARGEST_INTEGER
from core.forms import SelectChoice, VersionedForm, optional, reason_field, required
from core.places import bureaus
from evaluations.models import AgreementMark
from evaluations.screening.labels import Label
from supervision.entries import MarkEntry
from supervision.forms.cases import ALL, ListFilter
from supervision.queries.agreements import AgreementStanding, WantedAgreements

FIRST_YEAR = 2024  # the rules are in force since 2024-11-05
CONFIRM, DISMISS = "confirm", "dismiss"
LONGEST_CHOICE = 60  # characters of a clause in a list to choose from


def years() -> range:
    """Of which there can be evaluations, the latest first."""
    return range(clock.today().year + 1, FIRST_YEAR - 1, -1)


class AgreementFilter(ListFilter):
    q = SearchField("培育对象、机构或评价编号", description="名称、代码的一部分，或 2026-12")
    standing = SelectField("状态", choices=[ALL, *(SelectChoice(each.value, each.label) for each in AgreementStanding)])
    label = SelectField("类型", choices=[ALL, *(SelectChoice(each.value, each.words) for each in Label)])
    year = SelectField("申报年度", choices=lambda: [ALL, *(SelectChoice(str(year), str(year)) for year in years())])
    bureau = SelectField(
        "所属工信局", choices=[ALL, *(SelectChoice(each.key, each.place) for each in bureaus().values())]
    )

    def __init__(self, asked: MultiDict[str, str], *, own_bureau: str | None) -> None:
        super().__init__(asked)
        self.own_bureau = own_bureau
        if own_bureau is not None:
            del self.bureau

    def wanted(self) -> WantedAgreements:
        """What is asked for, within the reader's bureau."""
        return WantedAgreements(
            word=self.q.data or "",
            label=Label(self.label.data) if self.label.data else None,
            standing=AgreementStanding(self.standing.data) if self.standing.data else None,
            year=int(self.year.data) if self.year.data else None,
            bureau=self.own_bureau if self.own_bureau is not None else self.bureau.data or "",
        )


class DecisionForm(VersionedForm):
    """On one mark; which button was pressed is the decision. A page has several: their ids bear the mark's number."""

    verdict = HiddenField(validators=[AnyOf((CONFIRM, DISMISS), "请选择认定或者不成立。")])
    reason = reason_field("理由", "请写明核实的情况和理由")

    def __init__(self, mark: AgreementMark, version: int, *, is_sent: bool) -> None:
        if is_sent:
            super().__init__()
        else:
            super().__init__(formdata=None, data={"version": version})
        self.reason.id = self.reason.label.field_id = f"reason-{mark.position}"

    @property
    def is_confirmed(self) -> bool:
        return bool(self.verdict.data == CONFIRM)


class DismissalsForm(VersionedForm):
    marks = SelectMultipleField(
        "标记", coerce=int, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(), validate_choice=False
    )
    reason = reason_field("不成立的理由", "请写明核实的情况和理由", hint="每一处都记下这个理由；机构能看到。")

    def __init__(self, marks: list[AgreementMark], version: int, *, is_sent: bool) -> None:
        if is_sent:
            super().__init__()
        else:
            super().__init__(formdata=None, data={"version": version})
        self.marks.choices = [SelectChoice(mark.id, choice_of(mark)) for mark in marks]
        self.reason.id = self.reason.label.field_id = "reason-together"

    @property
    def chosen(self) -> tuple[int, ...]:
        return tuple(each for each in self.marks.data or () if 0 < each <= LARGEST_INTEGER)


def choice_of(mark: AgreementMark) -> str:
    place = "，".join(each for each in (f"第 {mark.page} 页" if mark.page else "", mark.number) if each)
    return f"{mark.position}. {mark.label.words}{f'（{place}）' if place else ''}：{_short(mark.clause)}"


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_CHOICE else f"{text[:LONGEST_CHOICE]}…"


class AddMarkForm(VersionedForm):
    clause = SelectField("条款", validate_choice=True)
    quote = TextAreaField(
        "原文",
        optional(most=2000),
        description="条款中有问题的字句，照原文抄录；系统没有读到的内容（扫描页、图片）也抄在这里。",
    )
    label = RadioField("类型", required("请选择类型"), choices=[SelectChoice(each.value, each.words) for each in Label])
    reason = reason_field(
        "为什么标出", "请写明为什么标出", hint="机构能看到，可以据此说明；写明什么钱或义务取决于什么结果。"
    )

    def __init__(self, clauses: list[tuple[str, str]], version: int) -> None:
        super().__init__(data={"version": version})
        self.clause.choices = [
            SelectChoice("", "不在系统读到的条款中，原文见下"),
            *(
                SelectChoice(str(index), _short(f"{number}　{text}" if number else text))
                for index, (number, text) in enumerate(clauses)
            ),
        ]

    def entry(self) -> MarkEntry:
        return MarkEntry(
            label=Label(self.label.data),
            clause=int(self.clause.data) if self.clause.data else None,
            quote=self.quote.data or "",
            reason=self.reason.data or "",
        )


class SettleForm(VersionedForm):
    reason = reason_field(
        "阅看的情况",
        "请写明阅看了哪些内容、结论是什么",
        hint="例如：已阅看原件全部 6 页，没有对赌、保过、搭售和其他扰乱市场的内容。",
    )
