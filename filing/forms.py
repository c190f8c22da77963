"""What is asked for at each step of a filing. Rules of law live in filing.rules."""

from collections.abc import Iterable
from typing import Any

from wtforms import (
    FieldList,
    FormField,
    HiddenField,
    RadioField,
    SearchField,
    SelectField,
    TextAreaField,
)
from wtforms import Form as PlainForm
from wtforms.validators import Length, ValidationError

from agency.particulars import MATERIALS, MaterialKind, TitleLevel
from agency.rules import OpenPoint
from core import clock, law
from core.forms import Form, SelectChoice, VersionedForm, optional, reason_field, required
from core.places import bureaus
from filing.queries import Suspicion, Wanted
from filing.rules import CHECKED, Correction, Decision, FilingKind, State, targets
from filing.rules.evasion import Answer

LONGEST_REMARK = 1000
FIRST_YEAR = 2024  # the rules are in force since 2024-11-05


def choices(pairs: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    """All, or one of these."""
    return [SelectChoice("", "全部"), *(SelectChoice(value, label) for value, label in pairs)]


class StepForm(VersionedForm):
    """A step that needs no words."""


class DecisionForm(VersionedForm):
    """A step that needs its reason."""

    reason = reason_field("理由", "请写明理由")


class OpinionForm(VersionedForm):
    reason = reason_field("审核意见", "请写明审核意见", hint="例如：材料齐全，各项条件符合。审批人可见。")


class ApprovalForm(VersionedForm):
    reason = reason_field("审批意见", "请写明审批意见", hint="例如：同意备案。")


class RefusalForm(VersionedForm):
    reason = reason_field("不予备案的理由", "请写明理由", hint="写明事实和所依据的条款；理由和救济途径一并告知机构。")


class MatchForm(VersionedForm):
    """What matches a barred agency; `basis` says which facts the officer saw."""

    basis = HiddenField()
    answer = RadioField(
        "核实结论",
        required("请选择核实结论"),
        choices=[SelectChoice(each.value, each.label) for each in Answer],
    )
    reason = reason_field(
        "理由",
        "请写明理由",
        hint="写明查了什么、为什么这样认定；加密保存，仅省厅可见，不告知机构。",
        most=LONGEST_REMARK,
    )


class CancelForm(VersionedForm):
    reason = reason_field("注销原因", "请写明注销原因", hint="例如：不再从事绿色制造第三方评价。")


class WithdrawForm(VersionedForm):
    reason = TextAreaField("撤回原因", optional(most=LONGEST_REMARK))


class CommentForm(Form):
    target = SelectField("针对", choices=[SelectChoice(target, target) for target in targets()])
    text = reason_field("意见", "请写明意见")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.target.choices = [SelectChoice(target, target_label(target)) for target in targets()]


def target_label(target: str) -> str:
    """How a reader knows what a correction or comment is tied to."""
    kind, _, name = target.partition(":")
    return law.jurisdiction().cite(name) if kind == "clause" else MaterialKind(name).label


def _name(target: str) -> str:
    return target.replace(":", "-")


class ReturnForm(VersionedForm):
    """A box for each clause and each kind of material; what stays empty is in order."""

    def groups(self) -> list[tuple[str, Any, list[Any]]]:
        """Clause, its box, and the boxes of its materials. None begins with the desk's own remarks."""
        return [
            (
                clause,
                self[_name(f"clause:{clause}")],
                [self[_name(f"material:{slot.kind}")] for slot in MATERIALS if slot.clause == clause],
            )
            for clause in CHECKED
        ]

    def items(self) -> list[Correction]:
        boxes = ((target, (self[_name(target)].data or "").strip()) for target in targets())
        return [Correction(target, text) for target, text in boxes if text]


for _target in targets():
    setattr(ReturnForm, _name(_target), TextAreaField(target_label(_target), optional(most=LONGEST_REMARK)))


ANSWERS = (("", "暂不判断"), ("yes", "认可"), ("no", "不认可"))
LEVELS = (("", "请选择"), *((each.value, each.label) for each in TitleLevel))


class JudgementEntry(PlainForm):
    """One open point. Without a choice it stays open."""

    point = HiddenField()
    accepted = RadioField("判断", choices=[SelectChoice(*each) for each in ANSWERS], default="")
    level = SelectField(
        "认定的级别", choices=[SelectChoice(*each) for each in LEVELS], default=""
    )  # asked only of titles
    reason = TextAreaField("理由", [Length(max=LONGEST_REMARK, message=f"请控制在 {LONGEST_REMARK} 个字以内")])

    def validate_reason(self, field: Any) -> None:
        if self.accepted.data and not (field.data or "").strip():
            raise ValidationError("请写明判断的理由")

    @property
    def about_title(self) -> bool:
        return (self.point.data or "").endswith(":title")

    def validate_level(self, field: Any) -> None:
        if self.about_title and self.accepted.data == "yes" and not field.data:
            raise ValidationError("认可职称的，请选择认定的级别")


class JudgementsForm(VersionedForm):
    points = FieldList(FormField(JudgementEntry))

    @classmethod
    def about(cls, points: Iterable[OpenPoint], *, version: int) -> "JudgementsForm":
        return cls(version=version, points=[{"point": point.point} for point in points])

    def decisions(self) -> list[Decision]:
        """What was decided; points left open are not among them."""
        return [
            Decision(
                point=entry.form.point.data or "",
                accepted=entry.form.accepted.data == "yes",
                reason=entry.form.reason.data or "",
                level=TitleLevel(entry.form.level.data) if entry.form.level.data else None,
            )
            for entry in self.points
            if entry.form.accepted.data
        ]


class FilingsFilter(Form):
    """The filter over the desk's list of filings; it stands in the address bar."""

    word = SearchField("机构名称或统一社会信用代码", name="q", description="可只输其中几个字")
    state = SelectField("状态", choices=choices((each.value, each.label) for each in State if each is not State.DRAFT))
    kind = SelectField("类型", choices=choices((each.value, each.label) for each in FilingKind))
    bureau = SelectField("所在地", choices=choices((bureau.key, bureau.place) for bureau in bureaus().values()))
    year = SelectField("提交年度")
    evasion = SelectField("疑似规避", choices=choices((each.value, each.label) for each in Suspicion))

    class Meta(Form.Meta):
        csrf = False  # it changes nothing

    def __init__(self, asked: Any) -> None:
        super().__init__(asked)
        years = range(clock.today().year, FIRST_YEAR - 1, -1)
        self.year.choices = choices((str(year), str(year)) for year in years)
        for field in (self.state, self.kind, self.bureau, self.year, self.evasion):
            if not field.validate(self):  # a value that no filter has is as good as none
                field.data = ""

    def wanted(self) -> Wanted:
        return Wanted(
            word=(self.word.data or "").strip(),
            state=State(self.state.data) if self.state.data else None,
            kind=FilingKind(self.kind.data) if self.kind.data else None,
            bureau=self.bureau.data or "",
            year=int(self.year.data) if self.year.data else None,
            suspicion=Suspicion(self.evasion.data) if self.evasion.data else None,
        )

    def in_address(self) -> dict[str, Any]:
        """The filter as it stands in the address bar, without what is not set."""
        return {field.name: field.data for field in self if field.data}
