"""The forms by which an officer records an evaluation past the gate: whose it is, then what it was."""

from typing import Any

from flask_wtf.file import FileField
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, SearchField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional

from applicants.models import Kind
from core.forms import CountField, DayField, Form, SelectChoice, given, optional, reason_field, required
from evaluations import standards
from evaluations.entries import RegistrationEntry, Upload
from evaluations.forms.fields import MoneyField
from evaluations.rules.states import Level
from supervision.entries import RecordEntry

CHOOSE = SelectChoice("", "请选择")


class FinderForm(Form):
    """What was chosen already goes along while the other side is searched."""

    agency_word = SearchField("评价机构", description="名称、曾用名、台账写法或信用代码，可只输其中几个字")
    applicant_word = SearchField("培育对象", description="名称或信用代码，可只输其中几个字")
    agency_id = HiddenField()
    applicant_id = HiddenField()

    class Meta(Form.Meta):
        csrf = False  # it changes nothing


class RecordForm(Form):
    """`shown`: what stands against it, as the page listed it; empty before it was looked at."""

    kind = SelectField(
        "类别", required("请选择类别"), choices=[CHOOSE, *(SelectChoice(each.value, each.label) for each in Kind)]
    )
    level = SelectField(
        "级别", required("请选择级别"), choices=[CHOOSE, *(SelectChoice(each.value, each.label) for each in Level)]
    )
    begun_on = DayField("协议日期", required("请填写协议日期"), description="评价自该日开始，名额也按该日计算")
    year = CountField("申报年度", required("请填写申报年度"), description="例如 2026")
    standard = SelectField(
        "评价标准",
        required("请选择评价标准"),
        choices=[
            CHOOSE,
            *(SelectChoice(row.key, row.title) for row in standards.table().values()),
            SelectChoice(standards.OTHER, "其他标准"),
        ],
    )
    other_standard = StringField("其他标准的编号和名称", optional(most=120))
    partners = TextAreaField(
        "联合评价的其他机构",
        optional(most=600),
        description="统一社会信用代码或全称，一行一个；只从台账知道的机构也可以",
    )
    amount_fen = MoneyField("协议金额", [Optional()], description="不知道的不填")
    agreement = FileField("评价协议", description="没有取得的可以不传。")
    source = StringField(
        "信息来源", required("请写明从哪里得知", most=200), description="例如 2026 年 3 月现场督查，企业提供的合同"
    )
    reason = reason_field("补录理由", "请写明为什么由主管部门补录", hint="记入评价的经过和案件")
    shown = HiddenField()

    @property
    def partner_lines(self) -> tuple[str, ...]:
        """Codes or names as typed, each once."""
        lines = (line.strip() for line in (self.partners.data or "").splitlines())
        return tuple(dict.fromkeys(line for line in lines if line))

    def entry(self, agency_ids: tuple[int, ...], applicant_id: int) -> RecordEntry:
        """`agency_ids`: the one that leads first."""
        return RecordEntry(
            evaluation=RegistrationEntry(
                applicant_id=applicant_id,
                kind=Kind(self.kind.data),
                level=Level(self.level.data),
                year=given(self.year.data),
                begun_on=given(self.begun_on.data),
                standard=self.standard.data or "",
                other_standard=self.other_standard.data or "",
                amount_fen=self.amount_fen.data or 0,
                agency_ids=agency_ids,
                team=(),
                leader_id=None,
                planned_from=None,
                planned_until=None,
            ),
            reason=self.reason.data or "",
            source=self.source.data or "",
            shown=frozenset((self.shown.data or "").split()),
            amount_known=self.amount_fen.data is not None,
        )

    def upload(self) -> Upload | None:
        """The agreement, where one was chosen."""
        file = self.agreement.data
        if not file or not file.filename:
            return None
        return Upload(content=file.read(), name=file.filename)


def finder(asked: MultiDict[str, str]) -> tuple[FinderForm, dict[str, Any]]:
    """The form that finds both sides, and what it asks for."""
    form = FinderForm(asked)
    return form, {field.name: field.data for field in form if field.data}
