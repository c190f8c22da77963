"""What officers ask of the list of evaluations, and what is asked of them at each decision."""

from collections.abc import Iterable
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import FileField, HiddenField, RadioField, SearchField, SelectField, TextAreaField

from applicants.models import Kind
from core import clock
from core.db import LARGEST_INTEGER
from core.forms import Form, SelectChoice, VersionedForm, optional, reason_field, required
from core.labels import Labelled
from core.places import bureaus
from evaluations.forms.fields import FileChosen
from evaluations.queries.listing import FILTERED, Wanted
from evaluations.rules.states import EvaluationFlag, Level, State

ALL = SelectChoice("", "全部")
FIRST_YEAR = 2024  # the rules are in force since 2024-11-05


def _choices(kinds: Iterable[Labelled]) -> list[SelectChoice]:
    return [ALL, *(SelectChoice(kind.value, kind.label) for kind in kinds)]


class EvaluationFilter(Form):
    """The filter over evaluations; `agency` and `applicant` come from links and go along.

    For an officer of a bureau the bureau is set, and isn't asked.
    """

    word = SearchField("培育对象、机构或评价编号", name="q", description="名称、代码的一部分，或 2026-12")
    year = SelectField("申报年度")
    level = SelectField("级别", choices=_choices(Level))
    kind = SelectField("类别", choices=_choices(Kind))
    bureau = SelectField(
        "所属工信局", choices=[ALL, *(SelectChoice(each.key, each.place) for each in bureaus().values())]
    )
    state = SelectField("状态", choices=_choices(State))
    flag = SelectField("标注", choices=_choices(FILTERED))
    agency = HiddenField()
    applicant = HiddenField()

    class Meta(Form.Meta):
        csrf = False  # it changes nothing

    def __init__(self, asked: MultiDict[str, str], *, own_bureau: str | None) -> None:
        super().__init__(asked)
        years = range(clock.today().year + 1, FIRST_YEAR - 1, -1)
        self.year.choices = [ALL, *(SelectChoice(str(year), str(year)) for year in years)]
        for field in (self.year, self.level, self.kind, self.bureau, self.state, self.flag):
            if not field.validate(self):  # a value that no filter has is as good as none
                field.data = ""
        for hidden in (self.agency, self.applicant):
            hidden.data = hidden.data if _is_number(hidden.data or "") else ""
        self.own_bureau = own_bureau
        if own_bureau is not None:
            del self.bureau

    def wanted(self) -> Wanted:
        """What is asked for, within the reader's bureau."""
        return Wanted(
            word=self.word.data or "",
            year=int(self.year.data) if self.year.data else None,
            level=Level(self.level.data) if self.level.data else None,
            kind=Kind(self.kind.data) if self.kind.data else None,
            bureau=self.own_bureau if self.own_bureau is not None else self.bureau.data or "",
            agency_id=int(self.agency.data) if self.agency.data else None,
            applicant_id=int(self.applicant.data) if self.applicant.data else None,
            state=State(self.state.data) if self.state.data else None,
            flag=EvaluationFlag(self.flag.data) if self.flag.data else None,
        )

    def in_address(self) -> dict[str, Any]:
        """The filter as it stands in the address bar, without what is not set."""
        return {field.name: field.data for field in self if field.data}


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 11 and int(text) <= LARGEST_INTEGER


class AdoptionForm(VersionedForm):
    reason = reason_field("采信理由", "请写明采信的理由", hint="例如：报告完整，数据与申报材料一致。")
    in_spite_of = TextAreaField("不予采信期间的说明", optional(most=1000))


class AdmissionForm(VersionedForm):
    reason = reason_field(
        "认定的理由",
        "请写明为什么这一结果可以采信",
        hint="例如：数据由其他机构复测一致。机构和培育对象都能看到。",
    )


class DeclineForm(VersionedForm):
    reason = reason_field("不予采信的理由", "请写明不予采信的理由", hint="机构和培育对象都能看到。")


class DisputeDecisionForm(VersionedForm):
    outcome = RadioField(
        "决定",
        required("请选择异议是否成立"),
        choices=[
            SelectChoice("upheld", "异议成立：评价中止，培育对象重新确认前不能采信"),
            SelectChoice("dismissed", "异议不成立：评价继续"),
        ],
    )
    reason = reason_field("理由", "请写明核实的情况和理由", hint="机构和培育对象都能看到。")


class PartnerDecisionForm(VersionedForm):
    outcome = RadioField(
        "决定",
        required("请选择是否仍为联合评价"),
        choices=[
            SelectChoice("leaves", "退出：由其余机构继续"),
            SelectChoice("stays", "仍为联合评价：视为该机构已确认"),
        ],
    )
    reason = reason_field("理由", "请写明核实的情况和理由", hint="各机构和培育对象都能看到。")


class BlockForm(VersionedForm):
    reason = reason_field("中止的理由", "请写明中止的理由", hint="写明要核实的事实；机构和培育对象都能看到。")


class LiftForm(VersionedForm):
    reason = reason_field("解除的理由", "请写明解除中止的理由", hint="机构和培育对象都能看到。")


class ReleaseForm(VersionedForm):
    outcome = RadioField(
        "决定",
        required("请选择是否释放名额"),
        choices=[
            SelectChoice("granted", "释放：名额可以用于其他评价"),
            SelectChoice("declined", "不予释放：名额仍按已用计算"),
        ],
    )
    reason = reason_field("理由", "请写明理由", hint="机构能看到。")


class PlacingForm(VersionedForm):
    reason = reason_field("核定的理由", "请写明核定名额的理由", hint="例如：某项评价进场前撤回，名额已释放。")


class RestoreForm(VersionedForm):
    reason = reason_field("恢复的理由", "请写明恢复的理由", hint="例如：培育对象决定继续申报，附机构来函。")


class LetterForm(VersionedForm):
    letter = FileField(
        "确认函", [FileChosen("请选择培育对象盖章的确认函")], description="写明委托哪家机构、评价什么，盖章。"
    )
