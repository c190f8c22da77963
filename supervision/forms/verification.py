"""Forms of a case's verification and of what follows, at the desk and on the other side."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from flask import request
from wtforms import BooleanField, FileField, MultipleFileField, RadioField, SelectField, StringField
from wtforms.validators import ValidationError

from core import law
from core.fields import Checkboxes
from core.forms import DayField, SelectChoice, VersionedForm, given, optional, reason_field, required
from evaluations.entries import Upload
from supervision.entries import DemandEntry, InquiryEntry, OnSiteEntry, PointEntry, TalkEntry
from supervision.models import Misconduct, Result
from supervision.queries.verification import NOBODY, Other
from supervision.rules.outcomes import Check
from supervision.rules.verifying import CLAUSES

LOOKED_OVER = "已逐句核对，不会暴露举报人"
LOOKED_OVER_HINT = "系统提示了可能暴露来源的字句、而您核对后认为不会暴露的，才需要勾选。"
ACCEPT = ".pdf,.jpg,.jpeg,.png"


def chosen_files(name: str) -> list[Upload]:
    """The files chosen in a field, read; none where nothing was chosen."""
    return [Upload(file.read(), file.filename or "未命名") for file in request.files.getlist(name) if file.filename]


def chosen_file(name: str) -> Upload | None:
    found = chosen_files(name)
    return found[0] if found else None


def is_looked_over(form: VersionedForm) -> bool:
    """Whether the officer says so; the box is there only where a complaint opened the case."""
    return "looked_over" in form and bool(form.looked_over.data)


class OfficerForm(VersionedForm):
    officer = SelectField("承办人", coerce=int)

    def __init__(self, people: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.officer.choices = [SelectChoice(account_id, name) for account_id, name in people]


class EvidenceForm(VersionedForm):
    title = StringField(
        "证据名称",
        required("请填写证据名称", most=80),
        description="用自己的话写，例如“供电公司 2025 年账单”；给对方看时会显示，不要写举报人给文件起的名字。",
    )
    files = MultipleFileField("文件", description="可以一次选几个。")

    def validate_files(self, field: Any) -> None:
        if not any(getattr(file, "filename", "") for file in field.data or ()):
            raise ValidationError("请选择要加入的文件")


class OnSiteForm(VersionedForm):
    first = StringField("核查人员一", required("请填写核查人员的姓名", most=40))
    second = StringField("核查人员二", required("请填写第二名核查人员的姓名", most=40))
    day = DayField("核查日期", required("请填写核查日期"))
    place = StringField("地点", required("请填写核查地点", most=120))
    seen = reason_field("核查情况", "请写明看到、查到了什么", hint="记入案件后不能修改。", most=4000)
    scan = FileField("签字的记录", description="有签字盖章的扫描件的，一并上传，作为证据保存。", validators=optional())

    def entry(self) -> OnSiteEntry:
        return OnSiteEntry(
            self.first.data or "",
            self.second.data or "",
            given(self.day.data),
            self.place.data or "",
            self.seen.data or "",
        )


class PagesForm(VersionedForm):
    """Which pages of a piece of evidence go into the copy."""

    pages = StringField("给对方看的页", description="例如 1-3,5；只选必要的页，其余的对方看不到。")

    def __init__(self, count: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.count = count
        self.chosen: tuple[int, ...] = ()

    def validate_pages(self, field: Any) -> None:
        self.chosen = _pages(field.data or "", self.count)


def _pages(text: str, count: int) -> tuple[int, ...]:
    """1-3,5 as pages. Raises ValidationError."""
    found: set[int] = set()
    for part in text.replace("，", ",").replace("、", ",").replace("－", "-").replace("–", "-").split(","):
        first, _, last = (each.strip() for each in part.partition("-"))
        ends = (first, last or first)
        if not all(each.isascii() and each.isdigit() and len(each) < 5 for each in ends):
            raise ValidationError("请写页码，例如 1-3,5")
        low, high = int(ends[0]), int(ends[1])
        if not 1 <= low <= high <= count:
            raise ValidationError(f"这份文件共 {count} 页，请核对页码")
        found |= set(range(low, high + 1))
    return tuple(sorted(found))


class ClearForm(VersionedForm):
    looked_over = BooleanField(LOOKED_OVER, description=LOOKED_OVER_HINT)


class InquiryForm(VersionedForm):
    party = RadioField("询问对象", required("请选择询问谁"))
    text = reason_field(
        "事实和要说明的问题",
        "请写明请对方说明的事实和问题",
        hint="只写事实，不转述举报的原话，不写消息从哪里来；对方看到的就是这里的文字。",
        most=4000,
    )
    evidence = Checkboxes("附上的证据", coerce=int, description="只能选已核对副本的证据。")
    due = DayField("答复期限", required("请填写答复期限"), description="默认按规定的工作日计算，可以另定。")
    looked_over = BooleanField(LOOKED_OVER, description=LOOKED_OVER_HINT)

    def __init__(self, parties: Sequence[Other], evidence: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.party.choices = [SelectChoice(each.key, each.name) for each in parties]
        self.evidence.choices = [SelectChoice(file_id, title) for file_id, title in evidence]

    def entry(self) -> InquiryEntry:
        return InquiryEntry(
            party=self.party.data or "",
            text=self.text.data or "",
            due=given(self.due.data),
            evidence_ids=tuple(self.evidence.data or ()) if "evidence" in self else (),
            looked_over=is_looked_over(self),
        )


class AnswerForm(VersionedForm):
    text = reason_field("说明", "请写明情况", hint="逐项说明；有材料的一并上传。", most=8000)
    files = MultipleFileField("材料", description="可以一次选几个，最多 10 个。", validators=optional())


class ProofForm(VersionedForm):
    text = reason_field("整改情况", "请写明做了哪些整改", most=8000)
    files = MultipleFileField("整改材料", description="能证明已经整改的文件，可以一次选几个，最多 10 个。")


class PointForm(VersionedForm):
    party = RadioField("针对", description="结论是关于谁的。")
    misconduct = RadioField(
        "情形",
        required("请选择情形"),
        choices=[SelectChoice(each.value, each.label) for each in Misconduct],
        description="弄虚作假和故意隐瞒须有证据证明是明知、故意；不是故意的选“内容不实”。",
    )
    result = RadioField(
        "结论", required("请选择结论"), choices=[SelectChoice(each.value, each.label) for each in Result]
    )
    clause = SelectField("依据的条款", required("请选择条款"))
    facts = reason_field("查明的事实", "请写明查明的事实", most=4000)
    evidence = reason_field(
        "所依据的证据", "请写明依据哪些证据", hint="逐项列出，例如：1. 供电公司账单；2. 现场核查记录。", most=2000
    )
    evaluations = Checkboxes("涉及的评价", coerce=int)

    def __init__(self, parties: Sequence[Other], evaluations: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.party.choices = [SelectChoice(each.key, each.name) for each in parties or (NOBODY,)]
        self.evaluations.choices = [SelectChoice(row_id, label) for row_id, label in evaluations]
        clauses = dict.fromkeys(clause for each in CLAUSES.values() for clause in each)
        known = law.jurisdiction().clauses
        self.clause.choices = [SelectChoice(each, f"{known[each].label}：{known[each].text}") for each in clauses]

    def entry(self) -> PointEntry:
        return PointEntry(
            party=self.party.data or "",
            misconduct=Misconduct(self.misconduct.data),
            result=Result(self.result.data),
            clause=self.clause.data or "",
            facts=self.facts.data or "",
            evidence=self.evidence.data or "",
            evaluation_ids=tuple(self.evaluations.data or ()) if "evaluations" in self else (),
        )


class ConfirmForm(VersionedForm):
    """Nothing to fill in."""


class ReopenForm(VersionedForm):
    reason = reason_field("重新核实的理由", hint="例如：收到新的证据。记入案件。")


class TalkForm(VersionedForm):
    officers = StringField("约谈人", required("请填写约谈人的姓名", most=80))
    spoken_with = StringField(
        "被约谈人", required("请填写被约谈人的姓名和职务", most=120), description="姓名、单位和职务"
    )
    day = DayField("约谈日期", required("请填写约谈日期"))
    content = reason_field("约谈内容", "请写明约谈的内容和对方的表态", most=4000)
    scan = FileField("签字的约谈记录", description="扫描件，作为证据保存。", validators=optional())

    def entry(self) -> TalkEntry:
        return TalkEntry(
            self.officers.data or "", self.spoken_with.data or "", given(self.day.data), self.content.data or ""
        )


class DemandForm(VersionedForm):
    party = RadioField("整改单位", required("请选择由谁整改"))
    demand = reason_field(
        "整改要求",
        "请写明要整改什么、整改到什么程度",
        hint="对方看到的就是这里的文字；不写消息从哪里来。",
        most=4000,
    )
    due = DayField("整改期限", required("请填写整改期限"), description="默认按规定的天数计算，可以另定。")
    looked_over = BooleanField(LOOKED_OVER, description=LOOKED_OVER_HINT)

    def __init__(self, parties: Sequence[Other], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.party.choices = [SelectChoice(each.key, each.name) for each in parties]

    def entry(self) -> DemandEntry:
        return DemandEntry(self.party.data or "", self.demand.data or "", given(self.due.data), is_looked_over(self))


class CheckForm(VersionedForm):
    check = RadioField("复查结果", required("请选择复查结果"))
    finding = reason_field("复查情况", "请写明复查的情况", hint="对方能看到。", most=2000)
    due = DayField("新的期限", description="只在“未通过，另定期限继续整改”时填写。", validators=optional())

    def __init__(self, checks: Collection[Check], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.check.choices = [SelectChoice(each.value, each.label) for each in Check if each in checks]

    @property
    def new_due(self) -> date | None:
        return self.due.data if self.check.data == Check.RETURN else None
