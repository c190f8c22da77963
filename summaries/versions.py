"""A summary as it was handed in, read from its kept version; two versions side by side."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from summaries.figures import label_of, shown_value
from summaries.rules import Figure, Texts

TEXTS = {
    "account": "本年度工作情况",
    "problems": "存在的问题",
    "suggestions": "意见和建议",
    "plan": "下一年度工作计划",
}


@dataclass(frozen=True, slots=True)
class Told:
    """What one version says."""

    nil: bool
    texts: Texts
    figures: tuple[Figure, ...]
    file_ids: tuple[int, ...]

    @property
    def by_key(self) -> Mapping[str, Figure]:
        return {figure.key: figure for figure in self.figures}


def read(content: Mapping[str, Any]) -> Told:
    """A version's content, as summaries.writing.keep_version left it."""
    return Told(
        nil=bool(content["nil"]),
        texts=Texts(**{name: content[name] for name in TEXTS}),
        figures=tuple(
            Figure(row["key"], label_of(row["key"]), row["known"], row["stated"], row["reason"])
            for row in content["figures"]
        ),
        file_ids=tuple(content["files"]),
    )


@dataclass(frozen=True, slots=True)
class Difference:
    """A line of the comparison; None: not there."""

    label: str
    before: str | None
    after: str | None


def differences(before: Told, after: Told, names: Mapping[int, str]) -> Iterator[Difference]:
    """What the later version says otherwise. `names`: of files."""
    if before.nil != after.nil:
        yield Difference("零报告", _yes(before.nil), _yes(after.nil))
    for name, label in TEXTS.items():
        old, new = getattr(before.texts, name), getattr(after.texts, name)
        if old != new:
            yield Difference(label, old or None, new or None)
    old_figures, new_figures = before.by_key, after.by_key
    for key in dict.fromkeys((*old_figures, *new_figures)):
        was, now = old_figures.get(key), new_figures.get(key)
        if (was and (was.stated, was.reason)) != (now and (now.stated, now.reason)):
            yield Difference(label_of(key), _figure(was), _figure(now))
    for file_id in dict.fromkeys((*before.file_ids, *after.file_ids)):
        if (file_id in before.file_ids) != (file_id in after.file_ids):
            name = names.get(file_id, "附件")
            there = file_id in before.file_ids
            yield Difference("附件", name if there else None, None if there else name)


def _figure(figure: Figure | None) -> str | None:
    if figure is None:
        return None
    value = shown_value(figure.key, figure.stated)
    return f"{value}（{figure.reason}）" if figure.reason else value


def _yes(value: bool) -> str:
    return "是" if value else "否"
