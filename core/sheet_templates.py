"""Spreadsheets to be filled in: an empty one with the columns that an import reads, and how to fill each."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import xlsxwriter

ROWS = 2000  # offered choices reach so far


@dataclass(frozen=True, slots=True)
class TemplateColumn:
    """`example` is invented; `choices`: what a cell may hold, none for any text."""

    heading: str
    width: int
    example: str
    how: str
    choices: Sequence[str] = ()


def write_template(sheet: str, columns: Sequence[TemplateColumn], *, frozen: int) -> bytes:
    """An empty sheet formatted as text, so that numbers stay whole, and a second one with an example and notes.

    `frozen`: how many columns stay in sight.
    """
    output = io.BytesIO()
    with xlsxwriter.Workbook(output, {"in_memory": True}) as workbook:
        head = workbook.add_format({"bold": True, "bg_color": "#E8EFE9", "border": 1, "text_wrap": True})
        text = workbook.add_format({"num_format": "@"})
        page = workbook.add_worksheet(sheet)
        page.freeze_panes(1, frozen)
        for place, column in enumerate(columns):
            page.set_column(place, place, column.width, text)
            page.write_string(0, place, column.heading, head)
            if column.choices:
                page.data_validation(1, place, ROWS, place, _one_of(column.choices))
        _write_notes(workbook.add_worksheet("填写说明"), columns, head, text)
    return output.getvalue()


def _one_of(choices: Sequence[str]) -> Mapping[str, object]:
    return {"validate": "list", "source": list(choices)}


def _write_notes(notes: object, columns: Sequence[TemplateColumn], head: object, text: object) -> None:
    page: xlsxwriter.worksheet.Worksheet = notes
    page.set_column(0, 0, 18)
    page.set_column(1, 1, 28)
    page.set_column(2, 2, 60)
    for place, heading in enumerate(("列", "示例（虚构）", "说明")):
        page.write_string(0, place, heading, head)
    for number, column in enumerate(columns, 1):
        page.write_string(number, 0, column.heading)
        page.write_string(number, 1, column.example, text)
        page.write_string(number, 2, column.how)
