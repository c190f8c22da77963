"""Rosters made as workbooks, for the tests of reading them."""

import io
from datetime import date

import openpyxl

from agency import majors, titles
from agency.rosters import judged, read_roster
from agency.rules import Tables
from core import law
from tests.numbers import id_number

ON = date(2026, 6, 30)
TABLES = Tables(titles.table(), majors.table())
HEAD = ["姓名", "身份证号", "职称", "职称专业", "是否专职"]


def person(serial=1, name=None, title="高级工程师", major="环境工程", full_time="是", **born):
    return [name or f"张{chr(0x4E00 + serial)}", id_number(serial, **born), title, major, full_time]


def workbook(*tables, merge=(), hide=()):
    """Bytes of a workbook: each table a sheet, (title, rows) or rows."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for place, table in enumerate(tables, 1):
        title, rows = table if isinstance(table, tuple) else (f"Sheet{place}", table)
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
        if place == 1:
            for area in merge:
                sheet.merge_cells(area)
        sheet.sheet_state = "hidden" if title in hide else "visible"
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


def read(content, **kwargs):
    """A roster, judged."""
    roster = read_roster(content, file_name="名单.xlsx", on=kwargs.pop("on", ON), **kwargs)
    return judged(roster, tables=TABLES, law=law.jurisdiction())


def read_one(head, row, **kwargs):
    roster = read(workbook([head, row]), **kwargs)
    assert len(roster.rows) == 1, roster
    return roster.rows[0]
