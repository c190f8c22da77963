"""Spreadsheets as people send them (.xlsx, .xls, .csv), read into rows that keep the sheet's own numbers.

What a file is, its content says, never its name. Everything is bounded before it is unpacked; what can't be read is
refused in one sentence.
"""

import contextlib
import csv
import io
import re
import resource
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from multiprocessing import get_context
from typing import NamedTuple
from xml.parsers import expat

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
    ZipError,
)

from core.errors import DomainError

Cell = str | int | float | bool | date | datetime | time | timedelta

ZIP_MARK = b"PK"
OLE_MARK = bytes.fromhex("D0CF11E0A1B11AE1")
ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")  # the stream in which an .xlsx with a password is kept
CHUNK = 1 << 16
FOLLOWED = (".xml", ".rels")
OLD_WORKBOOK_MEMORY = 1 << 30
MAX_CELLS = 3_000_000  # a grid is held whole, so one value far out would cost as much as a full sheet
UNREADABLE = (  # how a broken package shows itself; LookupError: an encoding that doesn't exist
    zipfile.BadZipFile,
    zlib.error,
    expat.ExpatError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    ValueError,
)
EXACT_DIGITS = 15  # a spreadsheet's number keeps no more
SERIAL_ORIGIN = date(1899, 12, 30)
SERIALS = range(7_000, 80_000)  # 1919 to 2119: the numbers that can be meant as days


class UnreadableSheet(DomainError):
    """The file as a whole can't be read."""

    says = ""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or self.says)


class NotASpreadsheet(UnreadableSheet):
    says = "这不是可以读取的电子表格，请用 .xlsx、.xls 或 .csv 格式（在 Excel、WPS 中“另存为”）后再上传。"


class EncryptedSheet(UnreadableSheet):
    says = "电子表格设有打开密码，无法读取，请取消密码后再上传。"


class DamagedSheet(UnreadableSheet):
    says = "电子表格已损坏，无法读取，请在 Excel、WPS 中打开并另存为 .xlsx 后再上传。"


class SheetTooLarge(UnreadableSheet):
    """The message says what is too large."""


@dataclass(frozen=True, slots=True)
class Limits:
    """`unpacked`: bytes of everything inside an .xlsx; `rows`: of all the sheets together."""

    bytes: int = 20 << 20
    unpacked: int = 200 << 20
    rows: int = 50_000


class Row(NamedTuple):
    number: int  # the sheet's own, from 1
    cells: list[Cell]  # as many in every row of a sheet
    merged: frozenset[int]  # columns whose value is held by a merged cell that begins in a row above


@dataclass(frozen=True, slots=True)
class Sheet:
    name: str
    hidden: bool
    rows: tuple[Row, ...]  # without blank ones


def read_sheets(content: bytes, limits: Limits) -> tuple[Sheet, ...]:
    """Read every sheet with something in it.

    Raises NotASpreadsheet, EncryptedSheet, DamagedSheet or SheetTooLarge.
    """
    if len(content) > limits.bytes:
        raise SheetTooLarge(f"文件超过 {limits.bytes >> 20} MB，请删去图片和无关的工作表，或拆分后再上传。")
    if content.startswith(ZIP_MARK):
        _require_bounded(content, limits)
        return _workbook(content, limits)
    if content.startswith(OLE_MARK):
        if ENCRYPTED_PACKAGE in content:
            raise EncryptedSheet
        return _isolated(content, limits)
    return (_table(content, limits),)


def extension_of(content: bytes) -> str:
    """The ending that fits what a spreadsheet is, whatever it was called."""
    return "xlsx" if content.startswith(ZIP_MARK) else "xls" if content.startswith(OLE_MARK) else "csv"


# .xlsx: what is inside is measured before it is loaded


class _Extent:
    """The farthest cell with a value in one part, followed while the part is unpacked.

    It also refuses what a reader would take on trust: a count of strings to make room for, and a sheet in a part that
    was not followed.
    """

    def __init__(self) -> None:
        self.rows = self.columns = 0
        self._row = self._column = 0
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._begin

    def feed(self, chunk: bytes, *, last: bool = False) -> None:
        self._parser.Parse(chunk, last)

    def _begin(self, tag: str, attributes: dict[str, str]) -> None:
        match tag.rpartition(":")[2]:
            case "row":
                number = attributes.get("r", "")
                self._row = int(number) if number.isdecimal() else self._row + 1
                self._column = 0
            case "c":
                self._place(attributes.get("r", ""))
            case "v" | "is" | "f":
                self.rows = max(self.rows, self._row)
                self.columns = max(self.columns, self._column)
            case "sst":
                counts = (attributes.get(name, "0") for name in ("count", "uniqueCount"))
                if any(not count.isdecimal() or int(count) > MAX_CELLS for count in counts):
                    raise DamagedSheet
            case "Relationship" if attributes.get("Type", "").endswith("/worksheet"):
                if not attributes.get("Target", "").lower().endswith(FOLLOWED):
                    raise DamagedSheet

    def _place(self, reference: str) -> None:
        letters = reference.rstrip("0123456789")
        if not letters.isascii() or not letters.isalpha() or len(letters) > 3:
            self._column += 1
            return
        self._column = 0
        for letter in letters.upper():
            self._column = self._column * 26 + ord(letter) - ord("A") + 1
        if digits := reference[len(letters) :]:
            self._row = int(digits)


def _require_bounded(content: bytes, limits: Limits) -> None:
    """Unpack everything once, in pieces that are thrown away: a header's word on sizes may be false."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            members = package.infolist()
            if any(member.flag_bits & 1 for member in members):
                raise EncryptedSheet
            if not any(member.filename.lower() == "xl/workbook.xml" for member in members):
                raise NotASpreadsheet
            room = limits.unpacked
            for member in members:
                member.file_size = room + 2 * CHUNK  # read until the data ends, not until the header says so
                room -= _measure(package, member, room, limits)
    except UNREADABLE:
        raise DamagedSheet from None


def _measure(package: zipfile.ZipFile, member: zipfile.ZipInfo, room: int, limits: Limits) -> int:
    """The size of a member, refused past `room` or when its cells lie too far out."""
    size = 0
    extent = _Extent() if member.filename.lower().endswith(FOLLOWED) else None
    with package.open(member) as part:
        while chunk := part.read(CHUNK):
            size += len(chunk)
            if size > room:
                raise SheetTooLarge(f"电子表格解压后超过 {limits.unpacked >> 20} MB，请删去图片和无关内容后再上传。")
            if extent:
                extent.feed(chunk)
                _require_small(extent.rows, extent.columns, limits)
    return size


def _require_small(rows: int, columns: int, limits: Limits) -> None:
    if rows > limits.rows:
        raise SheetTooLarge(
            f"电子表格超过 {limits.rows} 行，请删去多余的行（包括表格下方很远处的内容）或拆分后再上传。"
        )
    if rows * columns > MAX_CELLS:
        raise SheetTooLarge("电子表格的列数过多，请删去表格右侧多余的列后再上传。")


def _isolated(content: bytes, limits: Limits) -> tuple[Sheet, ...]:
    """Read an .xls in a process of its own.

    Its sizes can't be measured first, and a broken one can make the parser ask for more memory than there is, which
    ends the process that asks.
    """
    with ProcessPoolExecutor(1, get_context("spawn"), initializer=_bound_memory) as pool:
        try:
            return pool.submit(_workbook, content, limits).result()
        except BrokenProcessPool:
            raise DamagedSheet from None


def _bound_memory() -> None:
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (OLD_WORKBOOK_MEMORY, OLD_WORKBOOK_MEMORY))


def _workbook(content: bytes, limits: Limits) -> tuple[Sheet, ...]:
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
            hidden = {
                entry.name: entry.visible is not SheetVisibleEnum.Visible
                for entry in workbook.sheets_metadata
                if entry.typ is SheetTypeEnum.WorkSheet
            }
            return _within(limits, (_grid(workbook.get_sheet_by_name(name), hidden[name], limits) for name in hidden))
    except PasswordError:
        raise EncryptedSheet from None
    except (CalamineError, ZipError):
        raise (NotASpreadsheet if content.startswith(OLE_MARK) else DamagedSheet) from None


def _within(limits: Limits, sheets: Iterable[Sheet]) -> tuple[Sheet, ...]:
    read: list[Sheet] = []
    for sheet in sheets:
        if sheet.rows:
            read.append(sheet)
        _require_small(sum(len(each.rows) for each in read), 1, limits)
    return tuple(read)


def _grid(sheet: CalamineSheet, hidden: bool, limits: Limits) -> Sheet:
    _require_small(sheet.total_height, sheet.total_width, limits)
    grid = sheet.to_python(skip_empty_area=False)
    merged = _fill_merges(grid, sheet.merged_cell_ranges or ())
    rows = (Row(number, cells, merged.get(number, frozenset())) for number, cells in enumerate(grid, 1))
    return Sheet(sheet.name, hidden, tuple(row for row in rows if any(cell != "" for cell in row.cells)))


def _fill_merges(
    grid: list[list[Cell]], ranges: Iterable[tuple[tuple[int, int], tuple[int, int]]]
) -> dict[int, frozenset[int]]:
    """Write a merged cell's value into every cell of it; return the columns so filled from above, by row number."""
    filled: dict[int, frozenset[int]] = {}
    room = MAX_CELLS
    for (top, left), (bottom, right) in ranges:
        bottom, right = min(bottom, len(grid) - 1), min(right, len(grid[0]) - 1) if grid else -1
        room -= max(0, bottom - top + 1) * max(0, right - left + 1)
        if room < 0:
            raise SheetTooLarge("电子表格的合并单元格过多，请取消不必要的合并后再上传。")
        if top > bottom or left > right or grid[top][left] == "":
            continue
        value, columns = grid[top][left], frozenset(range(left, right + 1))
        for place in range(top, bottom + 1):
            grid[place][left : right + 1] = [value] * len(columns)
            if place > top:
                filled[place + 1] = filled.get(place + 1, frozenset()) | columns
    return filled


# .csv


def _table(content: bytes, limits: Limits) -> Sheet:
    text = _decoded(content)
    if re.match(r"\s*<", text) or re.search(r"[\x00-\x08\x0e-\x1f]", text[: CHUNK * 4]):
        raise NotASpreadsheet
    rows: list[Row] = []
    width = 0
    try:
        for number, cells in enumerate(_records(text), 1):
            width = max(width, len(cells))
            _require_small(number, width, limits)
            if any(cells):
                rows.append(Row(number, cells, frozenset()))
    except csv.Error:
        raise NotASpreadsheet from None
    if not rows:
        raise NotASpreadsheet
    for row in rows:
        row.cells.extend([""] * (width - len(row.cells)))
    return Sheet("", hidden=False, rows=tuple(rows))


def _decoded(content: bytes) -> str:
    encodings = ["utf-16"] if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NotASpreadsheet


def _records(text: str) -> Iterator[list[Cell]]:
    head = text[:CHUNK]
    delimiter = max(",\t;，", key=head.count)
    for record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
        # ="2201…" is how careful exporters keep a long number from becoming a float
        yield [re.sub(r'^="?([^"]*)"?$', r"\1", cell.strip()) for cell in record]


# cells


def text_of(cell: Cell) -> str:
    """A cell as a person reads it: 3.0 is 3, a day is ISO, a long number shows the fifteen digits that were kept."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    if isinstance(cell, int | float):
        return format(Decimal(f"{cell:.{EXACT_DIGITS - 1}e}").normalize(), "f")
    return str(cell)


def is_rounded(cell: Cell) -> bool:
    """Whether a long number stood here and lost its last digits: stored as one, or shown as 2.20402E+17."""
    if isinstance(cell, str):
        return re.fullmatch(r"\s*'?\d(\.\d+)?[Ee]\+?1\d\s*", cell) is not None
    return isinstance(cell, int | float) and abs(cell) >= 10**EXACT_DIGITS


def day_of(cell: Cell) -> date | None:
    """The day that a cell means (a month: its first day), or None.

    2019-05-01, 2019.5, 2019/05, 2019年5月, 201905, 20190501, typed days and serial numbers are read. A number such as
    2010.1 is not: it may have been 2010.10.
    """
    if cell == "":
        return None
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, int | float) and int(cell) in SERIALS:
        return SERIAL_ORIGIN + timedelta(days=int(cell))
    if isinstance(cell, float) and text_of(cell).endswith(".1"):
        return None
    return _written_day(text_of(cell))


def _written_day(text: str) -> date | None:
    written = re.sub(r"\s", "", text)
    match = re.match(r"(\d{4})[-./年．。](\d{1,2})(?:[-./月．。](\d{1,2}))?(?!\d)", written) or re.fullmatch(
        r"(\d{4})(\d{2})(\d{2})?", written
    )
    if not match:
        return None
    year, month, day = match.groups()
    try:
        return date(int(year), int(month), int(day or 1))
    except ValueError:
        return None
