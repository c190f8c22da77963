"""The year as a document (.docx) in the layout of official papers, to be edited and sent on.

黑体 headings, 仿宋 text of size 3 with 28 points a line and two characters' indent, the page number at the foot
(GB/T 9704 as it is commonly followed). The same content makes the same bytes.
"""

import zipfile
from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from core import clock, law
from summaries.consolidation import AgencyRow, Consolidation
from summaries.wording import Block, Heading, Paragraph, Table, blocks

TITLE, HEADING, BODY, LATIN = "方正小标宋简体", "黑体", "仿宋", "Times New Roman"
SIZE, SMALL = Pt(16), Pt(10.5)
FIRST_DAY_OF_ZIP = (1980, 1, 1, 0, 0, 0)


def document(year: Consolidation, agencies: Iterable[AgencyRow]) -> BytesIO:
    """A rewound file."""
    paper = Document()
    _lay_out(paper, year)
    _paragraph(paper, f"{year.year} 年度绿色制造第三方评价机构工作总结汇总", font=TITLE, size=Pt(22), centred=True)
    day = year.as_of.astimezone(clock.SHANGHAI)
    _paragraph(
        paper,
        f"{law.jurisdiction().department}　{day.year} 年 {day.month} 月 {day.day} 日",
        font="楷体",
        centred=True,
    )
    for block in blocks(year, agencies):
        _block(paper, block)
    return _same_bytes(paper)


def _lay_out(paper: Any, year: Consolidation) -> None:
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    normal = paper.styles["Normal"]
    _font(normal, BODY, SIZE)
    for level in (1, 2):
        style = paper.styles[f"Heading {level}"]
        _font(style, HEADING if level == 1 else "楷体", SIZE)
        style.font.bold = False
        style.font.color.rgb = None
        _spacing(style.paragraph_format)
        style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)
        style.paragraph_format.keep_with_next = True
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    foot.add_run("— ")
    _field(foot, "PAGE")
    foot.add_run(" —")
    for run in foot.runs:
        _font(run, "宋体", Pt(14))
    told = paper.core_properties
    told.title = f"{year.year} 年度绿色制造第三方评价机构工作总结汇总"
    told.author, told.comments = law.jurisdiction().department, ""
    told.created = told.modified = year.as_of.replace(tzinfo=None, microsecond=0)


def _font(holder: Any, name: str, size: Any) -> None:
    """Chinese in one font, figures and letters in another."""
    holder.font.name, holder.font.size = LATIN, size
    fonts = holder.element.get_or_add_rPr().get_or_add_rFonts()
    for kind in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{kind}"), None)
    fonts.set(qn("w:eastAsia"), name)


def _spacing(shape: Any) -> None:
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(28)
    shape.space_before = shape.space_after = Pt(0)


def _paragraph(paper: Any, text: str, *, font: str = BODY, size: Any = SIZE, centred: bool = False) -> None:
    made = paper.add_paragraph()
    _spacing(made.paragraph_format)
    if centred:
        made.alignment = WD_ALIGN_PARAGRAPH.CENTER
        made.paragraph_format.line_spacing = Pt(36)
    else:
        made.paragraph_format.first_line_indent = Pt(32)
    _font(made.add_run(text), font, size)


def _block(paper: Any, block: Block) -> None:
    if isinstance(block, Heading):
        made = paper.add_heading(block.text, level=block.level)
        made.paragraph_format.first_line_indent = Pt(32)
    elif isinstance(block, Paragraph):
        _paragraph(paper, block.text)
    else:
        _table(paper, block)


def _table(paper: Any, block: Table) -> None:
    caption = paper.add_paragraph()
    caption.alignment = WD_ALIGN_PARAGRAPH.CENTER
    caption.paragraph_format.keep_with_next = True
    caption.paragraph_format.space_before = Pt(6)
    _font(caption.add_run(block.caption), HEADING, Pt(12))
    table = paper.add_table(rows=1, cols=len(block.heads))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    _row(table.rows[0], block.heads, font=HEADING)
    _mark(table.rows[0], "tblHeader")  # repeated on every page
    for row in block.rows:
        _row(table.add_row(), row, font=BODY)
    for row in table.rows:
        _mark(row, "cantSplit")
    paper.add_paragraph()


def _row(row: Any, values: Sequence[str], *, font: str) -> None:
    for number, (cell, value) in enumerate(zip(row.cells, values, strict=True)):
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_after = Pt(0)
        if number and value.replace(".", "").replace("%", "").replace("—", "").isdecimal():
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        _font(paragraph.add_run(value), font, SMALL)


def _mark(row: Any, name: str) -> None:
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement(f"w:{name}"))


def _field(paragraph: Any, code: str) -> None:
    """A value that the word processor fills in."""
    for kind, text in (("begin", ""), ("", code), ("end", "")):
        run = paragraph.add_run()
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.set(qn("xml:space"), "preserve")
            mark.text = text
        run._r.append(mark)


def _same_bytes(paper: Any) -> BytesIO:
    """Packed without the time of packing."""
    written, packed = BytesIO(), BytesIO()
    paper.save(written)
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, FIRST_DAY_OF_ZIP), old.read(name), zipfile.ZIP_DEFLATED)
    packed.seek(0)
    return packed
