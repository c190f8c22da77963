"""The form in which an agency registers an evaluation, and that in which it raises one."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from wtforms import FileField, RadioField, SelectField, StringField, TextAreaField

from agency.forms.fields import Checkboxes, choices_of
from applicants.models import Kind
from core.forms import CountField, DayField, Form, SelectChoice, VersionedForm, given, optional, required
from evaluations import standards
from evaluations.entries import RegistrationEntry
from evaluations.forms.fields import AGREEMENT_HINT, FileChosen, MoneyField
from evaluations.queries.rosters import Filed
from evaluations.rules.states import Level

BETWEEN_CODES = re.compile(r"[\s,;、，；]+")
YEAR = "名单的年度：协议当年或次年"


def _number(text: Any) -> int | None:
    return int(text) if str(text or "").isdecimal() and len(str(text)) < 10 else None


class RegistrationForm(Form):
    kind = RadioField("评价类别", required("请选择评价类别"))
    level = RadioField("评价级别", required("请选择评价级别"), choices=choices_of(Level))
    year = CountField("申报年度", required("请填写申报年度"), description=YEAR)
    begun_on = DayField(
        "协议日期",
        required("请填写协议日期"),
        description="双方签订之日，也就是评价的开始日；国家级名额按这一天所在的年份计。例如 2026-03-15",
    )
    amount_fen = MoneyField("协议金额", required("请填写协议金额，不收费的填 0"), description="例如 80000 或 80000.50")
    agreement = FileField("评价协议", [FileChosen("请选择评价协议的文件")], description=AGREEMENT_HINT)
    standard = SelectField("评价标准", required("请选择评价所用的标准"))
    other_standard = StringField("其他标准的编号和名称", optional(most=120), description="例如 HG/T 6169-2023《…》")
    team = Checkboxes("小组成员", coerce=_number, validate_choice=False)
    leader_id = SelectField("组长", coerce=_number, validate_choice=False)
    partners = TextAreaField(
        "联合评价的其他机构",
        optional(most=400),
        description="统一社会信用代码，一行一个；国家级的，每家都占一个名额。独自评价的不填",
    )
    planned_from = DayField("计划进场日期", optional())
    planned_until = DayField("计划完成日期", optional())
    statement = TextAreaField("情况说明", optional(most=1000))

    def __init__(self, *, kinds: Iterable[Kind], roster: Sequence[Filed], on: date, **data: Any) -> None:
        super().__init__(data={"year": on.year, **data})
        kinds = tuple(kinds)
        self.kind.choices = choices_of(kinds)
        if len(kinds) == 1 and not self.is_submitted():
            self.kind.data = kinds[0].value
        self.standard.choices = _standards(kinds)
        if not self.is_submitted():
            first = (row.key for kind in kinds for row in standards.standards(on, kind))
            self.standard.data = next(first, standards.OTHER) if len(kinds) == 1 else ""
        self.team.choices = [SelectChoice(each.person_id, _known_as(each)) for each in roster]
        self.leader_id.choices = [
            SelectChoice("", "请选择"),
            *(SelectChoice(each.person_id, _known_as(each)) for each in roster),
        ]

    def validate(self, extra_validators: Any = None) -> bool:
        """A team is asked for by the rules, with all else that they refuse; where the shape stops it before, here."""
        if super().validate(extra_validators):
            return True
        if not self.team.data:
            self.team.errors = [*self.team.errors, "请选择评价小组成员"]
        if not self.leader_id.data:
            self.leader_id.errors = [*self.leader_id.errors, "请指定评价小组组长"]
        return False

    @property
    def partner_codes(self) -> tuple[str, ...]:
        """The codes as typed, in half width and upper case, each once."""
        typed = unicodedata.normalize("NFKC", self.partners.data or "").upper()
        return tuple(dict.fromkeys(code for code in BETWEEN_CODES.split(typed) if code))

    def entry(self, applicant_id: int, agency_id: int, partner_ids: Sequence[int]) -> RegistrationEntry:
        return RegistrationEntry(
            applicant_id=applicant_id,
            kind=Kind(self.kind.data),
            level=Level(self.level.data),
            year=given(self.year.data),
            begun_on=given(self.begun_on.data),
            standard=self.standard.data or "",
            other_standard=(self.other_standard.data or "") if self.standard.data == standards.OTHER else "",
            amount_fen=given(self.amount_fen.data),
            agency_ids=(agency_id, *partner_ids),
            team=tuple((agency_id, person_id) for person_id in self.team.data or () if person_id is not None),
            leader_id=self.leader_id.data,
            planned_from=self.planned_from.data,
            planned_until=self.planned_until.data,
            statement=self.statement.data or "",
        )

    def provisional(self, applicant_id: int, agency_id: int, kind: Kind, on: date) -> RegistrationEntry:
        """What the gate can be asked about before the form is filled in: a national one of today."""
        return RegistrationEntry(
            applicant_id=applicant_id,
            kind=next((each for each in Kind if each == self.kind.data), kind),
            level=Level.NATIONAL,
            year=self.year.data or on.year,
            begun_on=min(self.begun_on.data or on, on),
            standard="",
            other_standard="",
            amount_fen=0,
            agency_ids=(agency_id,),
            team=(),
            leader_id=None,
            planned_from=None,
            planned_until=None,
        )


class RaisingForm(VersionedForm):
    level = RadioField("提升到", required("请选择提升到哪一级"))
    year = CountField("申报年度", required("请填写申报年度"), description="新级别名单的年度：今年或明年")
    statement = TextAreaField("情况说明", optional(most=1000))

    def __init__(self, *, levels: Iterable[Level], **data: Any) -> None:
        super().__init__(data=data)
        levels = tuple(levels)
        self.level.choices = choices_of(levels)
        if len(levels) == 1 and not self.is_submitted():
            self.level.data = levels[0].value


def _known_as(member: Filed) -> str:
    return f"{member.name}（{member.title}）" if member.title else member.name


def _standards(kinds: Sequence[Kind]) -> list[SelectChoice]:
    """Those for these kinds, each with the days it is in force; what isn't in the table is typed."""
    offered = [row for row in standards.table().values() if row.kinds & set(kinds)]
    return [
        SelectChoice("", "请选择"),
        *(SelectChoice(row.key, f"{row.title}{_in_force(row)}") for row in offered),
        SelectChoice(standards.OTHER, "其他标准（填写编号和名称）"),
    ]


def _in_force(row: standards.Standard) -> str:
    return f"，{row.until} 前有效" if row.until else ""
