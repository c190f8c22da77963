"""Forms of the officers' side, and the filter over the list."""

from collections.abc import Sequence
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, RadioField, SearchField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, ValidationError

from complaints.models import CallResult, Matter, Refusal, ReplyWay, State, Target
from complaints.queries.desk import PROVINCE, Wanted
from complaints.queries.officers import Found, PartyIds
from complaints.rules.handling import Purpose
from core.forms import Form, SelectChoice, VersionedForm, optional, reason_field, required
from core.places import bureaus

ALL = SelectChoice("", "全部")
REPORTER_READS = "举报人凭编号和查询码能看到，请勿写其他人的信息"
REASONS = "理由："  # how the draft of a reply ends: what follows it the officer writes


def choices_of(words: Any) -> list[SelectChoice]:
    return [SelectChoice(each.value, each.label) for each in words]


class ComplaintFilter(Form):
    class Meta(Form.Meta):
        csrf = False  # it changes nothing

    q = SearchField("编号", description="例如 JB20260012")
    state = SelectField("状态", choices=[ALL, *choices_of(State)])
    whose = SelectField("范围", choices=[ALL, SelectChoice("mine", "我办理的"), SelectChoice("overdue", "已超期的")])
    target = SelectField("被举报单位", choices=[ALL, *choices_of(Target)])
    matter = SelectField("事项", choices=[ALL, *choices_of(Matter)])
    bureau = SelectField("办理部门", choices=[ALL])

    def __init__(self, asked: MultiDict[str, str]) -> None:
        super().__init__(asked)
        desks = [SelectChoice(each.key, each.place) for each in bureaus().values()]
        self.bureau.choices = [ALL, SelectChoice(PROVINCE, "省厅"), *desks]
        for field in self:
            if isinstance(field, SelectField) and not field.validate(self):  # no such choice: as good as none
                field.data = ""

    def in_address(self) -> dict[str, Any]:
        """The filter as it stands in the address bar, without what is not set."""
        return {field.name: field.data for field in self if field.data}

    def wanted(self) -> Wanted:
        return Wanted(
            number=(self.q.data or "").upper(),
            state=next((each for each in State if each == self.state.data), None),
            mine=self.whose.data == "mine",
            overdue=self.whose.data == "overdue",
            target=next((each for each in Target if each == self.target.data), None),
            matter=next((each for each in Matter if each == self.matter.data), None),
            bureau=self.bureau.data or "",
        )


class AssignForm(VersionedForm):
    account_id = RadioField("办理人", required("请选择办理人"), coerce=int, choices=[])

    @property
    def chosen(self) -> int:
        return int(self.account_id.data)


class DeclareForm(VersionedForm):
    declared = BooleanField("本人与本件举报、被举报单位没有利害关系，能够公正办理", required("请确认，或者申请回避"))


class RecuseForm(VersionedForm):
    reason = reason_field("回避的理由", "请写明回避的理由", hint="只有登记回避的人员能看到", most=500)


class RecusalForm(Form):
    account_id = SelectField("人员", coerce=int, choices=[])
    party = StringField(
        "单位", required("请填写单位"), description="名称全称，或者统一社会信用代码；限系统里的机构和培育对象"
    )
    reason = reason_field("理由", "请写明理由", hint="例如：近亲属在该单位任职", most=500)


class ReferForm(VersionedForm):
    bureau = SelectField("转交给", required("请选择部门"), choices=[])
    reason = reason_field("转交的理由", hint=REPORTER_READS, most=500)
    mention_is_harmless = BooleanField(
        "已看过举报内容：内容虽提到该局，但举报的不是该局", description="只在系统提示举报内容提到该局时勾选"
    )

    def __init__(self, *args: Any, here: str | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        desks = [SelectChoice(each.key, each.name) for each in bureaus().values() if each.key != here]
        province = [SelectChoice(PROVINCE, "省工业和信息化厅")] if here is not None else []
        self.bureau.choices = [SelectChoice("", "请选择"), *province, *desks]

    @property
    def chosen(self) -> str | None:
        return None if self.bureau.data == PROVINCE else str(self.bureau.data)


class PurposeForm(Form):
    purpose = RadioField("查看的用途", required("请选择用途"), choices=choices_of(Purpose))


class CallForm(VersionedForm):
    result = RadioField("核实结果", required("请选择结果"), choices=choices_of(CallResult))
    note = TextAreaField("备注", optional(most=500), description="加密保存，只有办理人能看到")


class AskForm(VersionedForm):
    text = reason_field("请举报人补充什么", "请写明请举报人补充什么", hint=REPORTER_READS, most=1000)
    for_evidence = BooleanField("这是请举报人补充佐证材料", description="只能请一次；期满没有补充的，可以据此不予受理")


FACTS = {
    "message": "请写明需要核实的事实",
    "hint": "用自己的话写：被举报单位可能看到这些文字。不写举报人是谁、从哪里知道，不照抄举报原文",
    "most": 3000,
}


class FactsForm(VersionedForm):
    facts = reason_field("需要核实的事实", FACTS["message"], hint=FACTS["hint"], most=FACTS["most"])  # type: ignore[arg-type]


class VersionForm(VersionedForm):
    """A step without anything to fill in."""


def _way() -> RadioField:
    return RadioField(
        "没有确认邮箱的举报人怎样告知",
        [],
        choices=choices_of((ReplyWay.PHONE, ReplyWay.POST)),
        validate_choice=False,
        description="请先告知，再登记",
    )


class ToldForm(VersionedForm):
    """What a reporter is told; `way` where mail can't do it."""

    way = _way()

    @property
    def chosen_way(self) -> ReplyWay | None:
        return next((each for each in ReplyWay if each == self.way.data), None)


class RefuseForm(ToldForm):
    ground = RadioField("不予受理的情形", required("请选择情形"), choices=choices_of(Refusal))
    reasons = reason_field("理由", hint=REPORTER_READS, most=1000)


class NamePartyForm(VersionedForm):
    q = SearchField("查找", [Length(max=200)], description="名称或信用代码，可只输其中几个字")
    party = RadioField("涉及的单位", choices=[], validate_choice=False)

    def offer(self, found: Sequence[Found]) -> None:
        """Those that may be chosen."""
        self.known = {each.key: each for each in found}
        self.party.choices = [SelectChoice(each.key, f"{each.name}（{each.about}）") for each in found]

    def validate_party(self, field: Any) -> None:
        if field.data not in self.known:
            raise ValidationError("请在查到的单位里选一个；换了查找的字，请先按“查找”。")

    @property
    def chosen(self) -> PartyIds:
        return self.known[self.party.data].party


class JoinForm(VersionedForm):
    number = StringField("并入哪一件", required("请填写编号", most=20), description="例如 JB20260012")


class ExtensionForm(VersionedForm):
    reason = reason_field(
        "申请延长的理由", "请写明为什么期限内核实不完", hint="审批人能看到：不写举报人和举报的内容", most=500
    )


class DecideExtensionForm(VersionedForm):
    grant = RadioField(
        "决定", required("请选择"), choices=[SelectChoice("yes", "同意延长"), SelectChoice("no", "不同意")]
    )
    reason = reason_field("理由", hint="同意延长的，举报人能看到", most=500)


class ReplyForm(ToldForm):
    text = reason_field("答复", "请写明答复", hint=REPORTER_READS, most=3000)

    def validate_text(self, field: Any) -> None:
        if (field.data or "").rstrip().endswith(REASONS):
            raise ValidationError(f"请在“{REASONS}”后面写明理由。")


class WithdrawnForm(VersionedForm):
    decision = RadioField(
        "决定",
        required("请选择"),
        choices=[SelectChoice("go_on", "继续办理"), SelectChoice("close", "以撤回办结")],
    )
    reason = reason_field("理由", hint=REPORTER_READS, most=500)


class UpholdForm(ToldForm):
    text = reason_field("复核意见", "请写明复核意见", hint=REPORTER_READS, most=3000)


class ReopenForm(FactsForm):
    text = reason_field("为什么重新核实", "请写明为什么重新核实", hint=REPORTER_READS, most=1000)
