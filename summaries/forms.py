"""What an agency types into its summary. Rules of law live in summaries.rules."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import request
from wtforms import FileField, HiddenField, StringField, TextAreaField

from core.forms import CountField, VersionedForm, optional, required
from evaluations.entries import Upload
from evaluations.forms.fields import FileChosen
from summaries.entries import DraftEntry
from summaries.figures import STATED, Kept, Stated
from summaries.queries.own import Own, figure_of
from summaries.rules import NEEDED, Texts

FILES = ".pdf,.jpg,.png"
MOST_BYTES = 20 * 1048576
LONGEST = 5000

TEXTS = {
    "account": ("本年度工作情况", "开展评价的组织、质量控制、人员培训、为培育对象提供建议和回访等"),
    "problems": ("存在的问题", "工作中遇到的和自查发现的；没有的请写“无”并说明"),
    "suggestions": ("意见和建议", "对主管部门、对评价工作的建议"),
    "plan": ("下一年度工作计划", "计划开展的评价、人员和能力建设"),
}


class StepForm(VersionedForm):
    """One button, on what was shown."""


class DraftForm(VersionedForm):
    """The whole summary. `seen_…` carries the register's value that the page showed: who left it alone follows it."""

    account = TextAreaField(TEXTS["account"][0], optional(most=LONGEST), description=TEXTS["account"][1])
    problems = TextAreaField(TEXTS["problems"][0], optional(most=LONGEST), description=TEXTS["problems"][1])
    suggestions = TextAreaField(TEXTS["suggestions"][0], optional(most=LONGEST), description=TEXTS["suggestions"][1])
    plan = TextAreaField(TEXTS["plan"][0], optional(most=LONGEST), description=TEXTS["plan"][1])

    @classmethod
    def of(cls, own: Own) -> "DraftForm":
        """As it stands: what is stated, else what the register knows."""
        summary, figures = own.summary, own.by_key
        data: dict[str, Any] = {"version": own.version}
        if summary is not None:
            data |= {name: getattr(summary, name) for name in TEXTS}
        for kept in STATED:
            figure = figures[kept.key]
            data[kept.key], data[f"seen_{kept.key}"] = figure.stated, figure.known
            data[f"{kept.key}_reason"] = figure.reason
        return cls(data=data)

    def texts(self) -> list[Any]:
        return [self[name] for name in TEXTS]

    def rows(self, own: Own) -> "Iterator[FigureRow]":
        for kept in STATED:
            known, before = own.by_key[kept.key].known, figure_of(own.last, kept.key)
            yield FigureRow(kept, known, before, self[kept.key], self[f"{kept.key}_reason"])

    def entry(self) -> DraftEntry:
        return DraftEntry(Texts(**{name: self[name].data or "" for name in TEXTS}), dict(self._stated()))

    def _stated(self) -> "Iterator[tuple[str, Stated]]":
        for kept in STATED:
            value, reason = self[kept.key].data, self[f"{kept.key}_reason"].data or ""
            as_seen = str(self[f"seen_{kept.key}"].data) == str(value)
            if value is not None and (reason or not as_seen):
                yield kept.key, Stated(value, reason)


for _kept in STATED:
    setattr(DraftForm, _kept.key, CountField(_kept.label, optional()))
    setattr(DraftForm, f"{_kept.key}_reason", StringField(f"{_kept.label}不一致的原因", optional(most=500)))
    setattr(DraftForm, f"seen_{_kept.key}", HiddenField())


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A line of the table of figures, with its two fields."""

    kept: Kept
    known: int | None
    before: int | None  # stated the year before
    value: Any
    reason: Any


class AttachForm(VersionedForm):
    file = FileField("附件", [FileChosen("请选择要上传的文件")], description="总结正文的签章扫描件、台账、照片等。")


class SupplementForm(VersionedForm):
    text = TextAreaField(
        "上报后开展的工作",
        required("请写明上报后开展的工作", most=LONGEST),
        description="新签订协议、出具报告的评价，以及其他需要补充的情况",
    )
    file = FileField("附件", optional())


def needed(name: str) -> bool:
    """Whether a hand-in needs this text."""
    return name in NEEDED


def chosen_file(name: str) -> Upload | None:
    """The file chosen in a field that may stay empty, read."""
    file = request.files.get(name)
    if file is None or not file.filename:
        return None
    return Upload(file.read(), file.filename)
