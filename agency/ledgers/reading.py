"""The department's old ledger of agencies: a spreadsheet of names, some with credit codes, read into entries."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agency.ledgers.spellings import Entry
from core.errors import DomainError
from core.identifiers import CreditCode, IdentifierError
from core.sheets import Cell, Limits, Row, Sheet, UnreadableSheet, is_rounded, read_sheets, text_of

HEADER_WITHIN = 20  # rows in which a header is looked for: above it stand titles and notes
NAME_HEADERS = (  # the first that a sheet has: beside the agency such lists often name the enterprise it evaluated
    re.compile(r"(绿色制造)?(第三方)?(评价|评审|服务|核查)?机构(名称|全称)?|agency", re.IGNORECASE),
    re.compile(r"(单位|企业|公司)?(名称|全称)|(agency[ _])?name", re.IGNORECASE),
)
CODE_HEADER = re.compile(r"(统一)?社?会?信用代码|(credit[ _])?code|uscc", re.IGNORECASE)
NOTE_IN_HEADER = re.compile(r"[\s*：:]|[（(].*?[）)]")
TOTAL = re.compile(r"合\s*计|总\s*计|小\s*计")
TEXT = re.compile(r"[\u4e00-\u9fff]{2}|[A-Za-z]{3}")


class NoNames(UnreadableSheet):
    def __init__(self) -> None:
        super().__init__(
            "没有找到机构名称。请用一列写机构名称，表头写“机构名称”，有代码的另用一列写“统一社会信用代码”。"
        )


@dataclass(frozen=True, slots=True)
class Remark:
    """What was not taken over from a row as it stands, and why."""

    row: int
    text: str


@dataclass(frozen=True, slots=True)
class Ledger:
    sheet: str  # the one that was read
    entries: tuple[Entry, ...]
    remarks: tuple[Remark, ...]
    other_sheets: tuple[str, ...]  # with something in them, not read


@dataclass(frozen=True, slots=True)
class _Columns:
    name: int
    code: int | None
    header: int  # its row number; 0: there is none


def read_ledger(content: bytes, limits: Limits) -> Ledger:
    """Read the first visible sheet with a column of names; without a header, the first column with texts in it.

    Raises UnreadableSheet. A code that is not right is left out with a remark: the name is what counts here.
    """
    sheets = [sheet for sheet in read_sheets(content, limits) if not sheet.hidden]
    found = [(sheet, columns) for sheet in sheets if (columns := _by_header(sheet) or _by_content(sheet))]
    if not found:
        raise NoNames
    sheet, columns = next(((sheet, columns) for sheet, columns in found if columns.header), found[0])
    read = list(_rows(sheet, columns))
    entries = tuple(item for item in read if isinstance(item, Entry))
    if not entries:
        raise NoNames
    remarks = tuple(item for item in read if isinstance(item, Remark))
    return Ledger(sheet.name, entries, remarks, tuple(other.name for other in sheets if other is not sheet))


def _by_header(sheet: Sheet) -> _Columns | None:
    for pattern in NAME_HEADERS:
        for row in sheet.rows[:HEADER_WITHIN]:
            heads = [NOTE_IN_HEADER.sub("", text_of(cell)) for cell in row.cells]
            names = [place for place, head in enumerate(heads) if pattern.fullmatch(head)]
            if names:
                codes = [place for place, head in enumerate(heads) if CODE_HEADER.fullmatch(head)]
                return _Columns(names[0], codes[0] if codes else None, row.number)
    return None


def _by_content(sheet: Sheet) -> _Columns | None:
    for row in sheet.rows:
        for place, cell in enumerate(row.cells):
            if TEXT.search(text_of(cell)):
                return _Columns(place, None, 0)
    return None


def _rows(sheet: Sheet, columns: _Columns) -> Iterator[Entry | Remark]:
    for row in sheet.rows:
        if row.number <= columns.header or columns.name in row.merged:
            continue
        name = text_of(_cell(row.cells, columns.name))
        if not name:
            yield Remark(row.number, "没有机构名称，未读入")
        elif TOTAL.match(name) or not TEXT.search(name):
            yield Remark(row.number, f"“{name}”不是机构名称，未读入")
        else:
            yield from _entry(row, name, columns.code)


def _entry(row: Row, name: str, column: int | None) -> Iterator[Entry | Remark]:
    cell = _cell(row.cells, column)
    try:
        code = _code(cell)
    except DomainError as refusal:
        yield Remark(row.number, f"信用代码“{text_of(cell)}”未采用：{refusal.message}")
        code = None
    yield Entry(row.number, name, code)


def _code(cell: Cell) -> str | None:
    if not text_of(cell):
        return None
    if is_rounded(cell):
        raise IdentifierError("以数字格式保存，末几位已丢失，请把这一列设为文本后重新填写。")
    return str(CreditCode.parse(text_of(cell)))


def _cell(cells: Sequence[Cell], column: int | None) -> Cell:
    return cells[column] if column is not None and column < len(cells) else ""
