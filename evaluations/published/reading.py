"""A published list in a file: every row as it stands there, or all that is wrong with the file, by row."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from applicants.models import Kind
from core.errors import DomainError, Refusals
from core.sheets import Cell, Limits, Row, Sheet, UnreadableSheet, day_of, read_sheets, text_of
from evaluations.published.known import known_lists
from evaluations.rules.states import Level

HEADS: Mapping[str, str] = MappingProxyType(  # of our own export too
    {
        head: field
        for field, heads in {
            "kind": ("kind", "类别", "名单类别"),
            "batch": ("batch", "批次"),
            "published": ("published", "公布日期"),
            "seq": ("seq", "序号"),
            "region": ("region", "地区"),
            "name": ("name", "名称", "培育对象"),
            "industry": ("industry", "行业"),
            "agency": ("agency", "第三方机构"),
            "uscc": ("uscc", "统一社会信用代码"),
            "source_page": ("source_page", "来源"),
            "year": ("year", "年度"),
        }.items()
        for head in heads
    }
)
NEEDED = ("kind", "batch", "published", "seq", "region", "name", "agency")
KINDS: Mapping[str, Kind] = MappingProxyType(
    {kind.label: kind for kind in Kind}
    | {"绿色园区": Kind.PARK, "绿色供应链": Kind.SUPPLY_CHAIN, "绿色供应链企业": Kind.SUPPLY_CHAIN}
)
LONGEST: Mapping[str, tuple[str, int]] = MappingProxyType(
    {
        "batch": ("批次", 40),
        "region": ("地区", 20),
        "name": ("名称", 120),
        "industry": ("行业", 80),
        "agency": ("第三方机构", 120),
        "uscc": ("统一社会信用代码", 40),
        "source_page": ("来源", 200),
    }
)
TOLD = 20  # refused rows that are named; the rest is counted
YEAR = re.compile(r"(20\d\d)年?(?:度)?")
MOST_IN_A_LIST = 1_000_000


class WrongHeads(UnreadableSheet):
    def __init__(self) -> None:
        super().__init__(
            "没有找到名单的表头。请在同一行写明：kind（类别）、batch（批次）、published（公布日期）、seq（序号）、"
            "region（地区）、name（名称）、agency（第三方机构），另可有 industry、uscc、source_page、year。"
        )


class WrongRow(DomainError):
    """A row that can't be taken as it stands: then nothing of the file is."""

    def __init__(self, row: int, why: str) -> None:
        super().__init__(f"第 {row} 行：{why}")


class Place(NamedTuple):
    """Where an entry stands: once for ever."""

    level: Level
    kind: Kind
    batch: str
    position: int


@dataclass(frozen=True, slots=True)
class PublishedRow:
    """An entry as published. `year` is the list's."""

    row: int  # in the file
    place: Place
    year: int
    published: date
    region: str
    name: str
    industry: str
    code: str | None
    agency: str | None
    source: str


def read_list(content: bytes, limits: Limits, *, level: Level, today: date) -> tuple[PublishedRow, ...]:
    """Read the first visible sheet with the heads of a list.

    Raises UnreadableSheet, and Refusals or WrongRow that name the rows which are wrong and why.
    """
    for sheet in read_sheets(content, limits):
        found = None if sheet.hidden else _heads(sheet)
        if found:
            return _entries(sheet, *found, level=level, today=today)
    raise WrongHeads


def _heads(sheet: Sheet) -> tuple[int, Mapping[str, int]] | None:
    """The heads' row number and the column of each field."""
    for row in sheet.rows[:20]:
        columns: dict[str, int] = {}
        for place, cell in enumerate(row.cells):
            field = HEADS.get(unicodedata.normalize("NFKC", text_of(cell)).strip().lower())
            if field:
                columns.setdefault(field, place)
        if all(field in columns for field in NEEDED):
            return row.number, columns
    return None


def _entries(
    sheet: Sheet, heads: int, columns: Mapping[str, int], *, level: Level, today: date
) -> tuple[PublishedRow, ...]:
    read: list[PublishedRow] = []
    wrong: list[DomainError] = []
    places: dict[Place, int] = {}
    for row in sheet.rows:
        if row.number <= heads:
            continue
        try:
            entry = _entry(row, columns, level=level, today=today)
        except WrongRow as refusal:
            wrong.append(refusal)
            continue
        if entry.place in places:
            wrong.append(WrongRow(row.number, f"与第 {places[entry.place]} 行的类别、批次和序号相同"))
        places.setdefault(entry.place, row.number)
        read.append(entry)
    if wrong:
        raise together(wrong)
    if not read:
        raise UnreadableSheet("表头下方没有内容，请核对文件。")
    return tuple(read)


def together(wrong: Sequence[DomainError]) -> DomainError:
    """Several wrong rows as one refusal, of which the first are named."""
    if len(wrong) == 1:
        return wrong[0]
    more = (
        [DomainError(f"另有 {len(wrong) - TOLD} 行有误，改正以上各行后再导入即可看到。")] if len(wrong) > TOLD else []
    )
    return Refusals([*wrong[:TOLD], *more])


class _Cells:
    """A row's texts by field, within what an entry holds."""

    def __init__(self, row: Row, columns: Mapping[str, int]) -> None:
        self._row, self._columns = row, columns

    def cell(self, field: str) -> Cell:
        place = self._columns.get(field)
        return self._row.cells[place] if place is not None and place < len(self._row.cells) else ""

    def text(self, field: str) -> str:
        text = text_of(self.cell(field))
        if field in LONGEST:
            label, longest = LONGEST[field]
            if len(text) > longest:
                raise WrongRow(self._row.number, f"{label}超过 {longest} 个字")
            if any(unicodedata.category(char) in ("Cc", "Cs") and char not in "\n\t" for char in text):
                raise WrongRow(self._row.number, f"{label}含有不可见的控制字符")
        return text

    def needed(self, field: str, label: str) -> str:
        text = self.text(field)
        if not text:
            raise WrongRow(self._row.number, f"没有{label}")
        return text


def _entry(row: Row, columns: Mapping[str, int], *, level: Level, today: date) -> PublishedRow:
    cells = _Cells(row, columns)
    batch = cells.needed("batch", "批次")
    return PublishedRow(
        row=row.number,
        place=Place(level, _kind(row, cells.text("kind")), batch, _position(row, cells.text("seq"))),
        year=_year(row, cells.text("year"), level, batch, today),
        published=_published(row, cells.cell("published"), today),
        region=cells.needed("region", "地区"),
        name=cells.needed("name", "名称"),
        industry=cells.text("industry"),
        code=cells.text("uscc") or None,
        agency=cells.text("agency") or None,
        source=cells.text("source_page"),
    )


def _kind(row: Row, text: str) -> Kind:
    if text not in KINDS:
        raise WrongRow(row.number, f"类别“{text}”应为{'、'.join(kind.label for kind in Kind)}之一")
    return KINDS[text]


def _position(row: Row, text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text[:9]) <= MOST_IN_A_LIST and len(text) < 9):
        raise WrongRow(row.number, f"序号“{text}”应为 1 起的整数")
    return int(text)


def _published(row: Row, cell: Cell, today: date) -> date:
    day = day_of(cell)
    if day is None:
        raise WrongRow(row.number, f"公布日期“{text_of(cell)}”不是日期，请写作 2022-01-15 的样子")
    if day > today:
        raise WrongRow(row.number, f"公布日期 {day} 在今天之后")
    return day


def _year(row: Row, written: str, level: Level, batch: str, today: date) -> int:
    """The list's year: as the file says, as the list is known, or as the batch is called (2023年度)."""
    named = YEAR.fullmatch(written) if written else YEAR.match(batch)
    known = known_lists().get((level, batch))
    if known and not written:
        return known.year
    if named is None:
        why = f"年度“{written}”不是年份" if written else f"不知道批次“{batch}”是哪一年度的，请加一列 year（年度）写明"
        raise WrongRow(row.number, why)
    if int(named[1]) > today.year:
        raise WrongRow(row.number, f"年度 {named[1]} 在今年之后")
    return int(named[1])


def spellings(rows: Sequence[PublishedRow]) -> Iterator[str]:
    """The agency names of a list, each once."""
    yield from dict.fromkeys(row.agency for row in rows if row.agency)
