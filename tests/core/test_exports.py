"""Exports open as what they are: text as text, days as days."""

from datetime import UTC, date, datetime

import openpyxl
import pytest

from core.exports import Column, workbook

COLUMNS = (Column("名称", 30), Column("日期"), Column("人数", 8))


def sheet_of(*rows):
    return openpyxl.load_workbook(workbook(COLUMNS, rows)).active


def test_the_head_is_bold_and_stays_in_sight():
    sheet = sheet_of()
    assert [cell.value for cell in sheet[1]] == ["名称", "日期", "人数"]
    assert all(cell.font.bold for cell in sheet[1])
    assert sheet.freeze_panes == "A2"
    assert sheet.column_dimensions["A"].width == pytest.approx(30, abs=1)


def test_days_numbers_and_blanks_keep_their_kind():
    sheet = sheet_of(("吉林江澜", date(2026, 12, 15), 12), ("", None, 0))
    assert sheet["B2"].value == datetime(2026, 12, 15)  # noqa: DTZ001 - a spreadsheet's day has no zone
    assert sheet["B2"].number_format == "yyyy-mm-dd"
    assert sheet["C2"].value == 12
    assert (sheet["A3"].value, sheet["B3"].value, sheet["C3"].value) == (None, None, 0)


def test_an_instant_is_shown_in_shanghai():
    assert sheet_of(("", datetime(2026, 12, 31, 16, 0, tzinfo=UTC), 0))["B2"].value.year == 2027


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("x")', "https://example.org", "\t=1"])
def test_no_text_becomes_a_formula_or_a_link(text):
    cell = sheet_of((text, None, 0))["A2"]
    assert cell.data_type == "s"
    assert cell.hyperlink is None
    assert cell.value == text


def test_a_text_too_long_for_a_cell_is_cut():
    assert len(sheet_of(("长" * 40_000, None, 0))["A2"].value) == 32_767
