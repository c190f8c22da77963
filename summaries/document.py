"""The year as a document (.docx) in the layout of official papers, to be edited and sent on (core.official)."""

from collections.abc import Iterable
from io import BytesIO
from typing import Any

from core import clock, law, official
from summaries.consolidation import AgencyRow, Consolidation
from summaries.wording import Block, Heading, Paragraph, blocks


def document(year: Consolidation, agencies: Iterable[AgencyRow]) -> BytesIO:
    """A rewound file; the same content makes the same bytes."""
    department = law.jurisdiction().department
    title = f"{year.year} 年度绿色制造第三方评价机构工作总结汇总"
    paper = official.new(title=title, author=department, at=year.as_of)
    official.centred(paper, title, font=official.TITLE, size=official.TITLE_SIZE)
    day = year.as_of.astimezone(clock.SHANGHAI)
    official.centred(paper, f"{department}　{day.year} 年 {day.month} 月 {day.day} 日", font=official.SUBHEADING)
    for block in blocks(year, agencies):
        _block(paper, block)
    return official.packed(paper)


def _block(paper: Any, block: Block) -> None:
    if isinstance(block, Heading):
        official.heading(paper, block.text, block.level)
    elif isinstance(block, Paragraph):
        official.paragraph(paper, block.text)
    else:
        official.table(paper, block.caption, block.heads, list(block.rows))
