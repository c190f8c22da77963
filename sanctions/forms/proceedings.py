"""What is asked for in a proceeding, on both sides. Rules of law live in sanctions.rules."""

from collections.abc import Iterator
from typing import Any

from wtforms import BooleanField, MultipleFileField, RadioField, SearchField, SelectField, StringField, TextAreaField

from core.fields import Checkboxes, choices_of
from core.forms import DayField, SelectChoice, VersionedForm, given, optional, reason_field, required
from evaluations.entries import Upload
from sanctions.entries import DecisionEntry, ProposalEntry, PublicationEntry, ServiceEntry
from sanctions.models import Channel, Measure, Proceeding, RemovalGround, State
from sanctions.queries.proceedings import Starting, WantedProceedings
from sanctions.rules.course import NOT_HARSHER
from supervision.forms.cases import ALL, ListFilter
from supervision.forms.verification import LOOKED_OVER, LOOKED_OVER_HINT, is_looked_over

MOST = 8000  # characters of a long text


def without_blanks(text: str | None) -> str:
    return "".join((text or "").split())


class ProceedingFilter(ListFilter):
    q = SearchField("名称、告知书编号或文号", description="可只输其中几个字")
    measure = SelectField("措施", choices=[ALL, *choices_of(Measure)])
    state = SelectField("状态", choices=[ALL, *choices_of(State)])

    def wanted(self) -> WantedProceedings:
        return WantedProceedings(
            word=self.q.data or "",
            measure=next((each for each in Measure if each == self.measure.data), None),
            state=next((each for each in State if each == self.state.data), None),
        )


class ProposalForm(VersionedForm):
    measure = RadioField("拟采取的措施", required("请选择拟采取的措施"))
    ground = RadioField("移出的情形（第十八条）", choices=choices_of(RemovalGround), validate_choice=False)
    entry_id = RadioField("要移出的名单条目", validate_choice=False)
    facts = reason_field(
        "告知的事实", "请写明告知对方的事实", hint="对方会逐字看到。不要写是谁反映的，不要引用能认出人的话。", most=MOST
    )
    evidence = reason_field(
        "证据", "请逐项写明证据", hint="按种类一行一项，例如：书证：供电公司账单（2025 年 1-12 月）", most=MOST
    )
    files = Checkboxes("随告知书出示的证据副本", optional(), description="只列出已在案件中制作副本的证据")
    looked_over = BooleanField(LOOKED_OVER, description=LOOKED_OVER_HINT)

    @classmethod
    def of(
        cls, start: Starting, row: Proceeding | None = None, *, wanted: str = "", restricted: bool
    ) -> "ProposalForm":
        """With the conclusions' words, or with what was proposed. `restricted`: somebody reported it."""
        data = {"facts": start.facts, "evidence": start.evidence, "version": 0}
        chosen = [each.value for each in start.measures if each == wanted or len(start.measures) == 1]
        if chosen:
            data["measure"] = chosen[0]
        if row is not None:
            data = {
                "measure": row.intended.value, "facts": row.facts, "evidence": row.evidence, "version": row.version,
                "files": [str(each) for each in row.files], "ground": row.ground.value if row.ground else None,
                "entry_id": str(row.list_entry_id),
            }  # fmt: skip
        form = cls(data=data)
        form.measure.choices = choices_of(start.measures)
        form.files.choices = [SelectChoice(str(number), title) for number, title in start.files]
        form.entry_id.choices = [
            SelectChoice(str(each.id), f"{each.list_name}：{each.name}（{each.level.label}）") for each in start.entries
        ]
        if not start.files:
            del form.files
        if not restricted:
            del form.looked_over
        if not start.party.is_unit:
            del form.ground
            del form.entry_id
        return form

    def entry(self) -> ProposalEntry:
        ground, chosen = self._fields.get("ground"), self._fields.get("entry_id")
        files = self._fields.get("files")
        return ProposalEntry(
            measure=Measure(self.measure.data),
            facts=self.facts.data or "",
            evidence=self.evidence.data or "",
            files=tuple(int(each) for each in (files.data or ())) if files is not None else (),
            ground=next((each for each in RemovalGround if ground is not None and each == ground.data), None),
            entry_id=int(chosen.data) if chosen is not None and str(chosen.data or "").isdigit() else None,
            looked_over=is_looked_over(self),
        )


class ReasonsForm(VersionedForm):
    reasons = reason_field("理由", "请写明理由", most=MOST)


class SendForm(VersionedForm):
    channel = RadioField("送达方式", required("请选择送达方式"))
    served_on = DayField(
        "送达日期",
        optional(),
        description="电子送达不填，以到达对方系统的当天为准；邮寄、公告送达的，收到或期满后再登记",
    )
    note = TextAreaField("送达说明", optional(most=500), description="例如：谁签收、邮件号、见证人、公告的报刊和日期")

    @classmethod
    def of(cls, row: Proceeding, *, electronic: bool) -> "SendForm":
        form = cls(data={"version": row.version, "channel": Channel.ELECTRONIC.value if electronic else None})
        form.channel.choices = choices_of(each for each in Channel if electronic or each is not Channel.ELECTRONIC)
        if not electronic:
            form.channel.description = "对方没有同意电子送达。"
        return form

    def entry(self) -> ServiceEntry:
        return ServiceEntry(Channel(self.channel.data), self.served_on.data, self.note.data or "")


class ReceiptForm(VersionedForm):
    served_on = DayField("送达日期", required("请填写送达日期"), description="回执上的签收日期；公告送达为期满之日")
    note = TextAreaField("送达说明", optional(most=500), description="例如：谁签收")


class FailureForm(VersionedForm):
    note = reason_field("未能送达的情况", "请写明未能送达的情况", hint="例如：邮件退回，原址查无此单位", most=500)


class ExtendForm(VersionedForm):
    due = DayField("新的期限", required("请填写新的期限"), description="到这一天 24 时止")
    reason = reason_field("延长的理由", "请写明延长的理由", hint="只在系统内保存")


class WithFiles(VersionedForm):
    files = MultipleFileField("证据材料", optional(), description="可以一次选多个，最多 10 个。")

    def uploads(self) -> list[Upload]:
        return list(self._sent())

    def _sent(self) -> Iterator[Upload]:
        for file in self.files.data or ():
            if getattr(file, "filename", ""):
                yield Upload(file.read(), file.filename)


class StatementForm(WithFiles):
    text = reason_field(
        "陈述、申辩", "请写明陈述、申辩的内容", hint="一个要点一段，段与段之间空一行；我们逐点答复。", most=MOST
    )


class PaperStatementForm(StatementForm):
    received_on = DayField("收到日期", required("请填写收到日期"), description="书面陈述送到的日期")


class PointsForm(VersionedForm):
    points = reason_field(
        "要点", "至少要有一处要点", hint="一段一个要点，段与段之间空一行；原文另外保存，不会改变。", most=MOST
    )


class AnswerForm(VersionedForm):
    accepted = RadioField(
        "是否采纳",
        required("请选择是否采纳"),
        choices=[SelectChoice("yes", "采纳"), SelectChoice("no", "不予采纳")],
    )
    answer = reason_field("答复", "请写明答复和理由", hint="对方会看到", most=4000)


class ReviewForm(VersionedForm):
    text = reason_field(
        "法制审核意见", "请写明法制审核意见", hint="写明审核机构、结论和建议；只在系统内保存", most=4000
    )


class DatedForm(VersionedForm):
    document = StringField(
        "文号", required("请填写决定的文号", most=80), description="例如 吉工信节能〔2026〕15号；不能与其他决定相同"
    )
    dated = DayField("决定日期", required("请填写决定日期"))
    first_day = DayField("不予采信的起始日", optional(), description="决定载明的第一日，不早于送达日，例如 2026-12-01")

    @property
    def number(self) -> str:
        return without_blanks(self.document.data)


class DecideForm(DatedForm):
    measure = RadioField("决定的措施", required("请选择决定的措施"))
    reasons = reason_field(
        "决定的理由", "请写明决定的理由", hint="写明对事实、证据和陈述申辩的认定；对方会看到", most=MOST
    )

    @classmethod
    def of(cls, row: Proceeding, **data: Any) -> "DecideForm":
        form = cls(data={"version": row.version, "measure": row.intended.value, **data})
        allowed = NOT_HARSHER[row.intended]
        form.measure.choices = [SelectChoice(each.value, each.label) for each in Measure if each in allowed]
        if row.intended is not Measure.NON_ADOPTION:
            del form.first_day
        return form

    def entry(self) -> DecisionEntry:
        first_day, measure = self._fields.get("first_day"), Measure(self.measure.data)
        return DecisionEntry(
            measure=measure,
            reasons=self.reasons.data or "",
            document=self.number,
            dated=given(self.dated.data),
            first_day=first_day.data if first_day is not None and measure is Measure.NON_ADOPTION else None,
        )


class RestateForm(DatedForm):
    @classmethod
    def of(cls, row: Proceeding) -> "RestateForm":
        kept = {"document": row.document, "dated": row.dated, "first_day": row.first_day}
        form = cls(data={"version": row.version, **kept})
        if row.measure is not Measure.NON_ADOPTION:
            del form.first_day
        return form

    @property
    def start(self) -> Any:
        field = self._fields.get("first_day")
        return field.data if field is not None else None


class PublishForm(VersionedForm):
    text = reason_field(
        "公布的内容", "请写明公布的内容", hint="任何人都能看到：只写单位名称、事实和措施，不写个人姓名。", most=MOST
    )
    removed_on = DayField("移出日期", optional(), description="随年度名单移出的留空，名单公布后再登记")
    document = StringField(
        "工业和信息化部的文号", optional(most=80), description="国家级名单已由工业和信息化部移出的填写"
    )

    @classmethod
    def of(cls, row: Proceeding, text: str) -> "PublishForm":
        form = cls(data={"version": row.version, "text": text})
        if row.measure is not Measure.REMOVAL:
            del form.removed_on
            del form.document
        return form

    def entry(self) -> PublicationEntry:
        day, document = self._fields.get("removed_on"), self._fields.get("document")
        return PublicationEntry(
            self.text.data or "",
            day.data if day is not None else None,
            without_blanks(document.data) if document is not None else "",
        )


class CarryOutForm(VersionedForm):
    removed_on = DayField("移出日期", required("请填写移出日期"), description="名单或者公告载明的日期")
    document = StringField("工业和信息化部的文号", optional(most=80), description="国家级名单填写，其他留空")


class ReviewAnnulForm(VersionedForm):
    document = StringField(
        "撤销所依据的文书", required("请填写文书的文号", most=80), description="例如 吉政复决〔2026〕3号"
    )
    reason = reason_field("撤销的理由", "请写明由谁、为什么撤销", hint="不写个人姓名")
