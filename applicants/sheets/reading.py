"""From sheets to rows of applicants: where the tables begin, and what lies between the rows."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from applicants.sheets.headings import Heading, find_heading, vocabulary
from core.errors import DomainError
from core.headings import NOTE, SIGNATURE, TOTAL, folded_word, squeezed
from core.sheets import Cell, Limits, Row, Sheet, is_rounded, read_sheets, text_of

CODES = ("credit_code", "body_code")
UNREAD = ("serial", "note")
SECTION = re.compile(r"^([一二三四五六七八九十]+|\([一二三四五六七八九十\d]+\))[、.．)]")


class NoHeading(DomainError):
    """No table of applicants was found."""


class NoApplicants(DomainError):
    """There is a heading and nothing below it."""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row that is an applicant: what it says, by field, without what is left empty."""

    sheet: str
    row: int
    said: Mapping[str, str]
    rounded: tuple[str, ...]  # codes that were kept as numbers, so that their last digits are lost

    @property
    def row_key(self) -> tuple[str, int]:
        return self.sheet, self.row

    def __repr__(self) -> str:
        return f"SheetRow({self.sheet!r}, {self.row})"  # names and phones never slip into a log


@dataclass(frozen=True, slots=True)
class SheetRead:
    rows: tuple[SheetRow, ...]
    skipped: tuple[tuple[str, int, str], ...]  # sheet, row and what it is; blank ones aren't listed
    ignored_sheets: tuple[tuple[str, str], ...]  # name, why


def read_applicants(content: bytes, limits: Limits) -> SheetRead:
    """Read a spreadsheet without judging what it says.

    Raises the UnreadableSheet refusals of core.sheets, NoHeading and NoApplicants.
    """
    sheets = read_sheets(content, limits)
    why = {sheet.name: reason for sheet in sheets if (reason := _why_not(sheet))}
    chosen = [sheet for sheet in sheets if sheet.name not in why]
    if not chosen:
        raise NoHeading("没有找到培育对象的表头，请在同一行写明名称、统一社会信用代码、类别等列名，或下载模板填写。")
    rows: list[SheetRow] = []
    skipped: list[tuple[str, int, str]] = []
    for sheet in chosen:
        for item in _records(sheet):
            if isinstance(item, SheetRow):
                rows.append(item)
            else:
                skipped.append(item)
    if not rows:
        raise NoApplicants("表中没有培育对象，请在表头下方逐行填写。")
    return SheetRead(tuple(rows), tuple(skipped), tuple(why.items()))


def _why_not(sheet: Sheet) -> str | None:
    """Why a sheet is not read; None for one that is."""
    if any(word in squeezed(sheet.name) for word in vocabulary().words["instructions"]):
        return "说明或示例"
    if sheet.hidden:
        return "隐藏的工作表"
    return None if any(_heading_at(sheet, place) for place in range(len(sheet.rows))) else "没有培育对象的表头"


def _heading_at(sheet: Sheet, place: int) -> Heading | None:
    below = sheet.rows[place + 1] if place + 1 < len(sheet.rows) else None
    return find_heading(sheet.rows[place], below)


def _records(sheet: Sheet) -> Iterator[SheetRow | tuple[str, int, str]]:
    """Walk down a sheet, table by table."""
    heading: Heading | None = None
    kinds, covered = "", 0
    for place, row in enumerate(sheet.rows):
        found = _heading_at(sheet, place) if row.number > covered else None
        if found:
            if heading:
                yield sheet.name, row.number, "重复的表头"
            kinds = _kinds_above(sheet, place) if heading is None else kinds
            heading, covered = found, row.number + found.height - 1
        elif heading and row.number > covered:
            said = _said(row, heading)
            kind = _no_record(row, heading, said)
            if kind:
                yield sheet.name, row.number, kind
            elif said:
                if kinds and "kinds" not in said:
                    said["kinds"] = kinds
                rounded = tuple(code for code in CODES if is_rounded(_cell(row, heading, code)))
                yield SheetRow(sheet.name, row.number, said, rounded)


def _kinds_above(sheet: Sheet, place: int) -> str:
    """The one kind that the sheet's name or its title speaks of."""
    above = squeezed(sheet.name + "".join(text_of(cell) for row in sheet.rows[:place] for cell in set(row.cells)))
    named = [label for label in ("绿色工厂", "绿色工业园区", "绿色园区", "绿色供应链") if label in above]
    return named[0] if len(named) == 1 else ""


def _cell(row: Row, heading: Heading, field: str) -> Cell:
    place = heading.columns.get(field)
    return row.cells[place] if place is not None and place < len(row.cells) else ""


def _said(row: Row, heading: Heading) -> dict[str, str]:
    said: dict[str, str] = {}
    for field, place in heading.columns.items():
        text = " ".join(text_of(row.cells[place]).split()) if place < len(row.cells) else ""
        if field not in UNREAD and folded_word(text) not in vocabulary().words["nothing"]:
            said[field] = text
    return said


def _no_record(row: Row, heading: Heading, said: Mapping[str, str]) -> str | None:
    """What a row is that holds no applicant; None for one that does, or for a blank one."""
    own = (cell for place, cell in enumerate(row.cells) if place not in row.merged)
    texts = [text for cell in own if (text := squeezed(text_of(cell)))]
    if any(TOTAL.match(text) for text in texts):
        return "合计"
    if texts and SIGNATURE.match(texts[0]) and ":" in "".join(texts):
        return "落款"
    if texts and NOTE.match(texts[0]):
        return "说明"
    if texts and len(set(texts)) == 1 and (len(texts) > 1 or SECTION.match(texts[0])):
        return "小标题"
    only_numbered = not said or (set(said) <= _merged_fields(row, heading))
    return "空行" if texts and only_numbered else None


def _merged_fields(row: Row, heading: Heading) -> set[str]:
    return {field for field, place in heading.columns.items() if place in row.merged}


def to_json(read: SheetRead) -> str:
    """What was read, as it is kept until it is confirmed."""
    return json.dumps(asdict(read), ensure_ascii=False, separators=(",", ":"))


def from_json(text: str | bytes) -> SheetRead:
    """The inverse of `to_json`. Raises ValueError or LookupError for anything else."""
    content = json.loads(text)
    return SheetRead(
        rows=tuple(SheetRow(row["sheet"], row["row"], row["said"], tuple(row["rounded"])) for row in content["rows"]),
        skipped=tuple(_skipped(content["skipped"])),
        ignored_sheets=tuple((name, why) for name, why in content["ignored_sheets"]),
    )


def _skipped(rows: Sequence[Sequence[str | int]]) -> Iterator[tuple[str, int, str]]:
    for sheet, row, kind in rows:
        yield str(sheet), int(row), str(kind)
