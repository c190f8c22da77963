"""Spreadsheets: judged by content, bounded, with the sheet's own row numbers."""

import io
import re
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.styles import PatternFill

from core.sheets import (
    DamagedSheet,
    EncryptedSheet,
    Limits,
    NotASpreadsheet,
    SheetTooLarge,
    UnreadableSheet,
    day_of,
    is_rounded,
    read_sheets,
    text_of,
)

LIMITS = Limits()


def book(cells, *, merge=(), sheet_name="表"):
    """Bytes of a workbook with one sheet: {"B3": value}."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = sheet_name
    for place, value in cells.items():
        sheet[place] = value
    for area in merge:
        sheet.merge_cells(area)
    output = io.BytesIO()
    workbook.save(output)
    return output.getvalue()


def rewritten(content, change):
    """A workbook with `change(name, bytes) -> bytes` applied to every part."""
    output = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return output.getvalue()


def test_rows_keep_the_sheets_own_numbers_and_blank_ones_are_left_out():
    [sheet] = read_sheets(book({"B3": "姓名", "B7": "张三"}), LIMITS)
    assert [(row.number, row.cells) for row in sheet.rows] == [(3, ["", "姓名"]), (7, ["", "张三"])]


def test_a_merged_cells_value_holds_in_every_row_of_it():
    [sheet] = read_sheets(book({"A1": "甲室", "B1": 1, "B2": 2, "B3": 3}, merge=["A1:A2"]), LIMITS)
    assert [(row.cells[0], sorted(row.merged)) for row in sheet.rows] == [("甲室", []), ("甲室", [0]), ("", [])]


def test_hidden_sheets_say_so_and_empty_ones_are_left_out():
    workbook = openpyxl.Workbook()
    workbook.active["A1"] = "看得见"
    hidden = workbook.create_sheet("旧")
    hidden["A1"] = "看不见"
    hidden.sheet_state = "hidden"
    workbook.create_sheet("空")
    output = io.BytesIO()
    workbook.save(output)
    assert [(sheet.name, sheet.hidden) for sheet in read_sheets(output.getvalue(), LIMITS)] == [
        ("Sheet", False),
        ("旧", True),
    ]


def test_a_formula_is_read_as_its_stored_value():
    output = io.BytesIO()
    with xlsxwriter.Workbook(output) as workbook:
        workbook.add_worksheet().write_formula("A1", "=6*2", None, 12)
    [sheet] = read_sheets(output.getvalue(), LIMITS)
    assert text_of(sheet.rows[0].cells[0]) == "12"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\x01\x02",
        b"%PDF-1.7\n\x00",
        b"<html><table></table></html>",
        b"\x89PNG\r\n\x1a\n\x00",
        b" \n\n",
        b"\xff\xff\xff",
    ],
)
def test_what_is_no_spreadsheet_is_refused(content):
    with pytest.raises(NotASpreadsheet):
        read_sheets(content, LIMITS)


def test_a_zip_that_is_no_workbook_is_refused():
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as package:
        package.writestr("word/document.xml", "<x/>")
    with pytest.raises(NotASpreadsheet):
        read_sheets(output.getvalue(), LIMITS)


def test_a_cut_off_or_broken_workbook_is_refused():
    content = book({"A1": "姓名"})
    with pytest.raises(DamagedSheet):
        read_sheets(content[: len(content) // 2], LIMITS)
    with pytest.raises(DamagedSheet):
        read_sheets(rewritten(content, lambda name, data: data[:-20] if "sheet1" in name else data), LIMITS)
    with pytest.raises(NotASpreadsheet):
        read_sheets(bytes.fromhex("D0CF11E0A1B11AE1") + bytes(4000), LIMITS)


def test_a_workbook_with_a_password_is_told_from_a_broken_one():
    ole = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(500) + "EncryptedPackage".encode("utf-16-le") + bytes(500)
    with pytest.raises(EncryptedSheet, match="密码"):
        read_sheets(ole, LIMITS)
    content = bytearray(book({"A1": "姓名"}))
    at = 0
    while (at := content.find(b"PK\x01\x02", at)) >= 0:  # the flags of every entry of the directory
        content[at + 8] |= 1
        at += 4
    with pytest.raises(EncryptedSheet):
        read_sheets(bytes(content), LIMITS)


def test_limits_are_refused_with_what_they_are():
    content = book({f"A{row}": row for row in range(1, 12)})
    assert len(read_sheets(content, Limits(rows=11))[0].rows) == 11
    with pytest.raises(SheetTooLarge, match="10 行"):
        read_sheets(content, Limits(rows=10))
    with pytest.raises(SheetTooLarge, match="MB"):
        read_sheets(content, Limits(bytes=len(content) - 1))
    with pytest.raises(SheetTooLarge, match="3 行"):
        read_sheets("甲\n乙\n丙\n丁".encode(), Limits(rows=3))


def test_a_bomb_is_refused_before_it_is_unpacked_even_when_its_header_lies():
    content = rewritten(book({"A1": "姓名"}), lambda name, data: data + b" " * 30_000_000 if "sheet1" in name else data)
    assert len(content) < 100_000
    with pytest.raises(SheetTooLarge, match="解压后"):
        read_sheets(content, Limits(unpacked=10 << 20))
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        size = next(info.file_size for info in package.infolist() if "sheet1" in info.filename)
    lying = content.replace(size.to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    assert lying != content
    with pytest.raises(SheetTooLarge, match="解压后"):
        read_sheets(lying, Limits(unpacked=10 << 20))


@pytest.mark.parametrize("far", ["A1048576", "XFD49999"])
def test_one_value_far_out_is_refused_instead_of_filling_the_memory(far):
    with pytest.raises(SheetTooLarge):
        read_sheets(book({"A1": "姓名", far: "x"}), LIMITS)


def test_mere_formatting_far_out_does_no_harm():
    workbook = openpyxl.Workbook()
    workbook.active["A1"] = "姓名"
    workbook.active["XFD60000"].fill = PatternFill("solid", fgColor="FFFF00")
    output = io.BytesIO()
    workbook.save(output)
    assert [row.number for row in read_sheets(output.getvalue(), LIMITS)[0].rows] == [1]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_table_of_text_is_read_in_its_encoding(encoding):
    [sheet] = read_sheets("序号,姓名\r\n\r\n1,㐂某\r\n2\r\n".encode(encoding), LIMITS)
    assert [(row.number, row.cells) for row in sheet.rows] == [
        (1, ["序号", "姓名"]),
        (3, ["1", "㐂某"]),
        (4, ["2", ""]),
    ]


def test_a_number_guarded_by_a_formula_in_a_table_of_text_is_bare():
    [sheet] = read_sheets(b'id\n"=""220104198505200031"""\n', LIMITS)
    assert sheet.rows[1].cells == ["220104198505200031"]


@pytest.mark.parametrize(
    ("cell", "rounded", "text"),
    [
        (2.20402197908129e17, True, "220402197908129000"),
        (220104198505200031, True, "220104198505200000"),
        ("2.20402E+17", True, "2.20402E+17"),
        ("220104198505200031", False, "220104198505200031"),
        (220204680402147.0, False, "220204680402147"),
        (3.0, False, "3"),
        (2016.04, False, "2016.04"),
    ],
)
def test_a_number_that_lost_its_last_digits_is_known(cell, rounded, text):
    assert (is_rounded(cell), text_of(cell)) == (rounded, text)


@pytest.mark.parametrize(
    "cell",
    [
        "2019-05",
        "2019.5",
        "2019/05",
        "2019年5月",
        "201905",
        "20190501",
        "2019年5月1日",
        "2019-05-01 00:00",
        43586.0,
        2019.5,
        "2019．05",
        date(2019, 5, 1),
        datetime(2019, 5, 1, 8, tzinfo=UTC),
    ],
)
def test_a_day_is_read_however_it_was_written(cell):
    assert day_of(cell) == date(2019, 5, 1)


@pytest.mark.parametrize("cell", ["", "—", "在原单位", "2019.13", "201913", "20190231", 5.0, 2010.1, True, "12"])
def test_what_is_no_day_is_none(cell):
    assert day_of(cell) is None


def strung():
    """A workbook with a table of shared strings."""
    output = io.BytesIO()
    with xlsxwriter.Workbook(output) as workbook:
        workbook.add_worksheet().write_string("A1", "姓名")
    return output.getvalue()


def test_what_a_workbook_claims_to_hold_is_not_taken_on_trust():
    claimed = rewritten(strung(), lambda _, data: re.sub(rb'ount="\d+"', b'ount="99999999999"', data))
    with pytest.raises(DamagedSheet):
        read_sheets(claimed, LIMITS)
    moved = rewritten(strung(), lambda _, data: data.replace(b"worksheets/sheet1.xml", b"worksheets/sheet1.vml"))
    with pytest.raises(DamagedSheet):
        read_sheets(moved, LIMITS)
    dimension = b'<dimension ref="A1:XFD1048576"'
    assert read_sheets(rewritten(strung(), lambda _, data: re.sub(rb'<dimension ref="[^"]*"', dimension, data)), LIMITS)


def test_an_old_workbook_that_breaks_the_parser_breaks_only_itself():
    content = (Path(__file__).parent.parent / "data" / "rosters_other" / "old_format.xls").read_bytes()
    assert len(read_sheets(content, LIMITS)[0].rows) == 5
    for broken in (content[:2000], content[:40] + b"\xff" * 40 + content[80:], content[:512] + b"\xff" * 5000):
        with pytest.raises(UnreadableSheet):
            read_sheets(broken, LIMITS)
