"""What is asked for at each act of the work on an evaluation. Rules of law live in evaluations.rules."""

import unicodedata
from collections.abc import Collection, Sequence
from decimal import Decimal, InvalidOperation, Overflow
from typing import Any

from wtforms import FileField, RadioField, SelectField, StringField, TextAreaField

from agency.forms.fields import Checkboxes, Ticked, choices_of
from core.forms import DayField, SelectChoice, VersionedForm, given, optional, reason_field, required
from evaluations.entries import AdviceEntry, ReportEntry, ReviewEntry, VisitEntry
from evaluations.forms.fields import AGREEMENT_HINT, FileChosen, MoneyField
from evaluations.models import AgreementMark
from evaluations.rules.reporting import LONGEST
from evaluations.rules.states import AdviceKind, Conclusion

FILES = ".pdf,.jpg,.png"
AGREEMENTS = ".docx,.pdf,.jpg,.png"
MOST_BYTES = 20 * 1048576


class PlanForm(VersionedForm):
    planned_from = DayField("计划进场日期", optional(), description="不早于协议日期，例如 2026-12-15")
    planned_until = DayField("计划完成日期", optional(), description="计划出具报告的日期")


class TeamForm(VersionedForm):
    """`people`: (agency, person) → the name that it is known by, of all who may be chosen."""

    team = Checkboxes("小组成员", [Ticked("请选择评价小组成员")])
    leader_id = SelectField("组长", required("请指定评价小组组长"))

    def __init__(self, *, people: Sequence[tuple[tuple[int, int], str]], **data: Any) -> None:
        super().__init__(data=data)
        self.team.choices = [SelectChoice(f"{agency}-{person}", name) for (agency, person), name in people]
        leaders = {str(person): name for (_, person), name in people}
        self.leader_id.choices = [
            SelectChoice("", "请选择"),
            *(SelectChoice(person, name) for person, name in leaders.items()),
        ]

    def members(self) -> tuple[tuple[int, int], ...]:
        pairs = (chosen.partition("-") for chosen in self.team.data or ())
        return tuple((int(agency), int(person)) for agency, _, person in pairs)

    def leader(self) -> int:
        return int(self.leader_id.data)


class VisitForm(VersionedForm):
    on = DayField("现场日期", required("请填写现场评价的日期"), description="一天一条，例如 2026-12-15")
    place = StringField("地点", required("请填写地点", most=200), description="厂区、园区或分部的名称和地址")
    attendees = TextAreaField(
        "参加人员", required("请填写参加人员", most=1000), description="评价小组和对方陪同人员的姓名"
    )
    record = TextAreaField(
        "现场情况",
        required("请填写现场情况", most=4000),
        description="看了哪些车间、设施和记录，核对了什么，有什么发现",
    )

    def entry(self) -> VisitEntry:
        return VisitEntry(given(self.on.data), self.place.data or "", self.attendees.data or "", self.record.data or "")


class ReviewForm(VersionedForm):
    person_id = SelectField("复核人", required("请选择复核人"), description="在案人员中不属于评价小组的，由其独立复核")
    on = DayField("复核日期", required("请填写复核日期"), description="不早于最后一次现场评价，例如 2026-12-15")
    opinions = TextAreaField(
        "复核意见",
        required("请填写复核意见；没有意见的写“无意见”", most=4000),
        description="例如：证据充分，得分计算无误",
    )

    def __init__(self, *, people: Sequence[tuple[int, str]], **data: Any) -> None:
        super().__init__(data=data)
        known = (SelectChoice(str(person), name) for person, name in people)
        self.person_id.choices = [SelectChoice("", "请选择"), *known]

    def entry(self) -> ReviewEntry:
        return ReviewEntry(int(self.person_id.data), "", given(self.on.data), self.opinions.data or "")


class ScoreField(StringField):
    """Points of a hundred, held in tenths: exact, never a float."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        text = unicodedata.normalize("NFKC", valuelist[0] if valuelist else "").strip().removesuffix("分").strip()
        self.data = None
        if not text:
            return
        try:
            tenths = Decimal(text) * 10
        except InvalidOperation:
            raise ValueError("请填写得分，例如 86 或 86.5") from None
        except Overflow:
            tenths = Decimal("Infinity")
        if not tenths.is_finite() or abs(tenths) > 10**6:
            raise ValueError("得分应在 0 至 100 分之间")
        if tenths != tenths.to_integral_value():
            raise ValueError("得分最多一位小数，例如 86.5")
        self.data = int(tenths)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{Decimal(self.data) / 10:f}"


class ReportForm(VersionedForm):
    number = StringField(
        "报告编号", required("请填写报告编号", most=LONGEST), description="本机构自己的编号，一份报告一个编号"
    )
    issued_on = DayField("报告日期", required("请填写报告日期"), description="报告上的签发日期，例如 2026-12-15")
    score = ScoreField("得分", optional(), description="百分制，最多一位小数；标准不计分的不填")
    conclusion = RadioField("评价结论", required("请选择评价结论"), choices=choices_of(Conclusion))
    report = FileField("评价报告", [FileChosen("请选择评价报告文件")], description="签字盖章的完整报告。")

    def entry(self) -> ReportEntry:
        return ReportEntry(
            number=self.number.data or "",
            issued_on=given(self.issued_on.data),
            score=self.score.data,
            conclusion=Conclusion(self.conclusion.data),
        )


class CorrectionForm(ReportForm):
    reason = reason_field(
        "更正了什么、为什么", "请写明更正了什么、为什么", hint="与更正后的报告一并留存，培育对象和主管部门可见"
    )

    def entry(self) -> ReportEntry:
        return ReportEntry(
            number=self.number.data or "",
            issued_on=given(self.issued_on.data),
            score=self.score.data,
            conclusion=Conclusion(self.conclusion.data),
            reason=self.reason.data or "",
        )


class AgreementForm(VersionedForm):
    amount_fen = MoneyField("协议金额", required("请填写协议金额，不收费的填 0"), description="例如 80000 或 80000.50")
    agreement = FileField("评价协议", [FileChosen("请选择评价协议的文件")], description=AGREEMENT_HINT)
    reason = reason_field("更换原因", "请写明更换原因", hint="例如：签订补充协议，金额调整")


class AdviceForm(VersionedForm):
    kind = RadioField("类别", required("请选择类别"), choices=choices_of(AdviceKind))
    on = DayField("日期", required("请填写日期"))
    text = TextAreaField(
        "内容",
        required("请写明提出了什么建议，或回访了解到什么", most=4000),
        description="提升建议写明针对什么、怎样改进；回访写明建议落实得怎样",
    )

    def entry(self) -> AdviceEntry:
        return AdviceEntry(AdviceKind(self.kind.data), given(self.on.data), self.text.data or "")


class LetterForm(VersionedForm):
    letter = FileField(
        "确认函", [FileChosen("请选择确认函的扫描件")], description="培育对象盖章，写明委托哪家机构作哪项评价。"
    )


class HandOverForm(VersionedForm):
    """A step that needs no words."""


class AgreeingForm(VersionedForm):
    """Needs no words."""


class RefusalForm(VersionedForm):
    reason = reason_field(
        "不同意的理由",
        "请写明为什么不同意",
        hint="例如：本单位没有与该机构约定联合评价。牵头机构、培育对象和主管部门都能看到。",
    )


class WithdrawalForm(VersionedForm):
    reason = reason_field("撤回原因", "请写明撤回原因", hint="例如：培育对象决定推迟创建，双方已终止协议")


def known_as(name: str, title: str, *notes: str) -> str:
    """A person as a choice: 高职员01（高级工程师，在组）."""
    said = "，".join(filter(None, (title, *notes)))
    return f"{name}（{said}）" if said else name


def chosen(team: Collection[tuple[int | None, int | None]]) -> list[str]:
    """The boxes that are ticked for a team."""
    return [f"{agency}-{person}" for agency, person in team if agency is not None and person is not None]


def dispute_form(marks: Sequence[AgreementMark], **data: Any) -> "DisputeMarksForm":
    """A form with a field for each of these marks: what is left empty says nothing to its mark."""
    fields = {
        f"mark_{mark.position}": TextAreaField(
            f"第 {mark.position} 处“{mark.label.words}”为什么不成立", optional(most=1000), default=mark.dispute
        )
        for mark in marks
    }
    form: DisputeMarksForm = type("DisputeMarksForm", (DisputeMarksForm,), fields)(data=data)
    return form


class DisputeMarksForm(VersionedForm):
    def said(self, marks: Sequence[AgreementMark]) -> dict[int, str]:
        """By position, what is said anew."""
        typed = {mark.position: str(self[f"mark_{mark.position}"].data or "").strip() for mark in marks}
        return {mark.position: typed[mark.position] for mark in marks if typed[mark.position] not in ("", mark.dispute)}

    def __getitem__(self, name: str) -> Any:
        return self._fields[name]
