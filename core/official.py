"""Papers in the layout of official documents (GB/T 9704), as .docx files that are edited and signed.

A4 with margins of 37, 35, 28 and 26 mm; 仿宋 of size 3, 28 characters a line and 22 lines a page; headings in 黑体
and 楷体; the page number at the foot. The same content makes the same bytes.
"""

import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

TITLE, HEADING, SUBHEADING, BODY, LATIN = "方正小标宋简体", "黑体", "楷体", "仿宋", "Times New Roman"
SIZE, SMALL, TITLE_SIZE = Pt(16), Pt(10.5), Pt(22)  # 三号, 五号, 二号
INDENT = Pt(32)  # two characters
LINES, CHARACTERS = 22, 28
LINE = 579  # twentieths of a point: 225 mm by 22 lines
TIGHTER = -849  # 4096ths of a point a character: 156 mm by 28 characters of size 3
RED_HEAD = Pt(40)
RED = RGBColor(0xC8, 0x10, 0x1E)
FIRST_DAY_OF_ZIP = (1980, 1, 1, 0, 0, 0)


def new(*, title: str, author: str, at: datetime, line: float = 28, gridded: bool = False) -> Any:
    """An empty paper; `line`: points a line has. `gridded`: lines and characters stand in the grid of the standard, and
    page numbers outside, as an official paper has them; else the number is centred."""
    paper = Document()
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    set_font(paper.styles["Normal"], BODY, SIZE)
    for level in (1, 2):
        style = paper.styles[f"Heading {level}"]
        set_font(style, HEADING if level == 1 else SUBHEADING, SIZE)
        style.font.bold = False
        style.font.color.rgb = None
        spaced(style.paragraph_format, line)
        style.paragraph_format.keep_with_next = True
    if gridded:
        _grid(section)
        paper.settings.odd_and_even_pages_header_footer = True
        section.footer_distance = Mm(28)  # the number stands 7 mm below the text
        _page_number(section.footer.paragraphs[0], WD_ALIGN_PARAGRAPH.RIGHT)
        _page_number(section.even_page_footer.paragraphs[0], WD_ALIGN_PARAGRAPH.LEFT)
    else:
        _page_number(section.footer.paragraphs[0], WD_ALIGN_PARAGRAPH.CENTER)
    told = paper.core_properties
    told.title, told.author, told.comments = title, author, ""
    told.last_modified_by = ""
    told.created = told.modified = at.replace(tzinfo=None, microsecond=0)
    return paper


def _grid(section: Any) -> None:
    """22 lines a page, 28 characters a line."""
    found = section._sectPr.find(qn("w:docGrid"))
    grid = found if found is not None else OxmlElement("w:docGrid")
    for name, value in (("type", "linesAndChars"), ("linePitch", LINE), ("charSpace", TIGHTER)):
        grid.set(qn(f"w:{name}"), str(value))
    if found is None:
        section._sectPr.append(grid)


def _page_number(foot: Any, side: Any) -> None:
    foot.alignment = side
    if side is WD_ALIGN_PARAGRAPH.RIGHT:
        foot.paragraph_format.right_indent = Pt(14)
    elif side is WD_ALIGN_PARAGRAPH.LEFT:
        foot.paragraph_format.left_indent = Pt(14)
    foot.add_run("— ")
    _field(foot, "PAGE")
    foot.add_run(" —")
    for run in foot.runs:
        set_font(run, "宋体", Pt(14))


def set_font(holder: Any, name: str, size: Any) -> None:
    """Chinese in one font, figures and letters in another."""
    holder.font.name, holder.font.size = LATIN, size
    fonts = holder.element.get_or_add_rPr().get_or_add_rFonts()
    for kind in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{kind}"), None)
    fonts.set(qn("w:eastAsia"), name)


def spaced(shape: Any, line: float) -> None:
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(line)
    shape.space_before = shape.space_after = Pt(0)


def paragraph(paper: Any, text: str, *, font: str = BODY, size: Any = SIZE, line: float = 28) -> Any:
    """A paragraph of the body: two characters' indent."""
    made = paper.add_paragraph()
    spaced(made.paragraph_format, line)
    made.paragraph_format.first_line_indent = INDENT
    set_font(made.add_run(text), font, size)
    return made


def centred(paper: Any, text: str, *, font: str = BODY, size: Any = SIZE, line: float = 36) -> Any:
    made = paper.add_paragraph()
    spaced(made.paragraph_format, line)
    made.alignment = WD_ALIGN_PARAGRAPH.CENTER
    set_font(made.add_run(text), font, size)
    return made


def flush(paper: Any, text: str, *, line: float = 28, right: float | None = None, font: str = BODY) -> Any:
    """A paragraph without indent, at the left; `right`: at the right, with so many points left free there."""
    made = paper.add_paragraph()
    spaced(made.paragraph_format, line)
    if right is not None:
        made.alignment, made.paragraph_format.right_indent = WD_ALIGN_PARAGRAPH.RIGHT, Pt(right)
    set_font(made.add_run(text), font, SIZE)
    return made


def heading(paper: Any, text: str, level: int) -> None:
    made = paper.add_heading(text, level=level)
    made.paragraph_format.first_line_indent = INDENT


def ruled(made: Any, colour: str, *, eighths: int = 12) -> None:
    """A line under a paragraph, in eighths of a point."""
    borders, line = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", str(eighths)), ("space", "1"), ("color", colour)):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    made._p.get_or_add_pPr().insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def table(paper: Any, caption: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    told = paper.add_paragraph()
    told.alignment = WD_ALIGN_PARAGRAPH.CENTER
    told.paragraph_format.keep_with_next = True
    told.paragraph_format.space_before = Pt(6)
    set_font(told.add_run(caption), HEADING, Pt(12))
    made = paper.add_table(rows=1, cols=len(heads))
    made.style = "Table Grid"
    made.alignment = WD_TABLE_ALIGNMENT.CENTER
    _row(made.rows[0], heads, font=HEADING)
    _mark(made.rows[0], "tblHeader")  # repeated on every page
    for row in rows:
        _row(made.add_row(), row, font=BODY)
    for row in made.rows:
        _mark(row, "cantSplit")
    paper.add_paragraph()


def _row(row: Any, values: Sequence[str], *, font: str) -> None:
    for number, (cell, value) in enumerate(zip(row.cells, values, strict=True)):
        made = cell.paragraphs[0]
        made.paragraph_format.space_after = Pt(0)
        if number and value.replace(".", "").replace("%", "").replace("—", "").isdecimal():
            made.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        set_font(made.add_run(value), font, SMALL)


def _mark(row: Any, name: str) -> None:
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement(f"w:{name}"))


def _field(made: Any, code: str) -> None:
    """A value that the word processor fills in."""
    for kind, text in (("begin", ""), ("", code), ("end", "")):
        run = made.add_run()
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.set(qn("xml:space"), "preserve")
            mark.text = text
        run._r.append(mark)


def day(on: date) -> str:
    """2026年11月21日, as a paper is dated."""
    return f"{on.year}年{on.month}月{on.day}日"


def packed(paper: Any) -> BytesIO:
    """A rewound file, packed without the time of packing."""
    written, again = BytesIO(), BytesIO()
    paper.save(written)
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(again, "w", zipfile.ZIP_DEFLATED) as new_file:
        for name in old.namelist():
            new_file.writestr(zipfile.ZipInfo(name, FIRST_DAY_OF_ZIP), old.read(name), zipfile.ZIP_DEFLATED)
    again.seek(0)
    return again
