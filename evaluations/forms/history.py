"""Forms of the old years: bringing a list, what is asked of the entries, taking one off its list."""

from collections.abc import Sequence
from typing import Any

from flask_wtf.file import FileField, FileRequired
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, RadioField, SearchField, SelectField, StringField, TextAreaField

from applicants.models import Kind
from core.db import LARGEST_INTEGER
from core.forms import DayField, Form, SelectChoice, reason_field, required
from evaluations.queries.history import ListRef, Wanted
from evaluations.rules.states import Level

ALL = SelectChoice("", "全部")


class ListForm(Form):
    level = RadioField("名单级别", choices=[SelectChoice(level.value, level.label) for level in Level])
    file = FileField("名单文件", [FileRequired("请选择名单文件（.csv 或 .xlsx）。")])

    def __init__(self) -> None:
        super().__init__(level=Level.NATIONAL.value)

    @property
    def chosen_level(self) -> Level:
        return Level(self.level.data)


class EntryFilter(Form):
    """The filter over the entries; `body`, `spelling` and `applicant` come from links and go along."""

    word = SearchField("名称、曾用名或信用代码", name="q", description="可只输其中几个字")
    year = SelectField("年度")
    list = SelectField("名单")
    kind = SelectField("类别", choices=[ALL, *(SelectChoice(kind.value, kind.label) for kind in Kind)])
    region = SelectField("地区")
    agency = StringField("第三方机构", description="名称的一部分")
    body = HiddenField()
    spelling = HiddenField()
    applicant = HiddenField()

    class Meta(Form.Meta):
        csrf = False  # it changes nothing

    def __init__(self, asked: MultiDict[str, str], lists: Sequence[ListRef], regions: Sequence[str]) -> None:
        super().__init__(asked)
        years = sorted({each.year for each in lists})
        self.year.choices = [ALL, *(SelectChoice(str(year), f"{year} 年度") for year in years)]
        self.list.choices = [ALL, *(SelectChoice(each.key, each.name) for each in lists)]
        self.region.choices = [ALL, *(SelectChoice(region, region) for region in regions)]
        for field in (self.year, self.list, self.kind, self.region):
            if not field.validate(self):  # a value that no filter has is as good as none
                field.data = ""
        for number in (self.body, self.applicant):
            if not _is_number(number.data or ""):
                number.data = ""

    def wanted(self) -> Wanted:
        """What is asked for."""
        level, _, batch = (self.list.data or "").partition(":")
        return Wanted(
            word=self.word.data or "",
            level=Level(level) if level else None,
            batch=batch,
            year=int(self.year.data) if self.year.data else None,
            kind=Kind(self.kind.data) if self.kind.data else None,
            region=self.region.data or "",
            agency=self.agency.data or "",
            body=int(self.body.data) if self.body.data else None,
            spelling=self.spelling.data or "",
            applicant=int(self.applicant.data) if self.applicant.data else None,
        )

    def in_address(self) -> dict[str, Any]:
        """The filter as it stands in the address bar, without what is not set."""
        return {field.name: field.data for field in self if field.data}


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 11 and int(text) <= LARGEST_INTEGER


class RemovalForm(Form):
    on = DayField("移出日期", required("请填写移出公告的日期"))
    basis = TextAreaField(
        "移出依据",
        required("请写明公告的名称和文号", most=200),
        description="公告的名称和文号，例如：工信厅节函〔2023〕384号",
    )


class PutBackForm(Form):
    reason = reason_field("理由", "请写明为什么撤销，例如：登记错了条目")
