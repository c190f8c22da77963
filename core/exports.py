"""Lists as .xlsx: one way for every export. Text is written as text, so that no cell becomes a formula or a link.

Rows are taken one by one and written at once; what is held in memory is the packed file.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any

import xlsxwriter
from flask import Response, send_file

from core import clock

Cell = str | int | float | date | None

MIMETYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_TEXT = 32_767  # Excel's own limit of a cell


@dataclass(frozen=True, slots=True)
class Column:
    """A column's head and its width in characters."""

    title: str
    width: int = 14


def workbook(columns: Sequence[Column], rows: Iterable[Sequence[Cell]], *, sheet: str = "名单") -> BytesIO:
    """A rewound file with one sheet: a bold, frozen head, days as days, instants in Shanghai's time."""
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"constant_memory": True})
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    minute = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    page = book.add_worksheet(sheet)
    page.freeze_panes(1, 0)
    for number, column in enumerate(columns):
        page.set_column(number, number, column.width)
        page.write_string(0, number, column.title, bold)
    for line, row in enumerate(rows, start=1):
        for number, value in enumerate(row):
            write_cell(page, line, number, value, day, minute)
    book.close()
    file.seek(0)
    return file


def write_cell(page: Any, line: int, number: int, value: Cell, day: Any, minute: Any) -> None:
    """Text as text, days and instants in their formats; nothing for None and ""."""
    if value is None or value == "":
        return
    if isinstance(value, datetime):
        page.write_datetime(line, number, value.astimezone(clock.SHANGHAI).replace(tzinfo=None), minute)
    elif isinstance(value, date):
        page.write_datetime(line, number, value, day)
    elif isinstance(value, str):
        page.write_string(line, number, value[:LONGEST_TEXT])
    else:
        page.write_number(line, number, value)


def download(name: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]], *, sheet: str = "名单") -> Response:
    """The answer that hands a list over as `name`.xlsx."""
    return send_file(
        workbook(columns, rows, sheet=sheet), mimetype=MIMETYPE, as_attachment=True, download_name=f"{name}.xlsx"
    )
