"""From stretches of text with their places to passages: columns, tables, what pages repeat, and whole paragraphs."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from evaluations.reading.columns import Block, Reader, Row
from evaluations.reading.lines import Glyphs, Kind, Passage, Sheet, continued, glued, is_heading_row
from evaluations.reading.numbers import number_of
from evaluations.reading.printed import Laid

EDGE = 0.045  # of the page's height: only headers and footers stand so near to its edge
MARGIN = 0.1  # where what is repeated on other pages is a header or footer
PAGE_NUMBER = re.compile(
    r"[-—–·\s]*(?:第?\s*\d{1,4}\s*页?)[-—–·\s]*(?:[/／，,、|]?\s*共?\s*\d{1,4}\s*页?)?[-—–·\s]*|[-—–\s]*[ivxIVX]{1,6}[-—–\s]*"
)
ENDS = re.compile(r"[。！？；：!?;:…][”’」』）)】\s]*$")
STOPS = re.compile(r"[。！？!?][”’」』）)】\s]*$")
PUNCTUATED = re.compile(r"[，。；：！？、]")
MOST_PAGES = 0.6
LARGER = 1.17  # than the next line: set as a heading
SHORT_BY = 1.9  # characters short of the right edge: the line was ended on purpose


@dataclass(slots=True)
class Line:
    glyphs: Glyphs
    kind: Kind
    left: float
    right: float
    top: float
    bottom: float
    size: float
    edge_left: float  # of the column
    edge_right: float
    block: tuple[int, int]  # page, block

    @property
    def text(self) -> str:
        return self.glyphs.text


def arranged(pages: Sequence[tuple[Sheet, Laid]]) -> list[Passage]:
    """The passages of all pages in the order of reading. The sheets get their text."""
    repeated = _repeated([page for _, page in pages])
    lines: list[Line] = []
    reader = Reader()
    for sheet, page in pages:
        edges: tuple[float, float] | None = None
        for index, block in enumerate(reader.blocks(page)):
            edges = _edges(block, edges)
            lines += [_line(row, sheet, page, repeated, edges, index) for row in block.rows]
    return _passages(lines)


def _edges(block: Block, before: tuple[float, float] | None) -> tuple[float, float]:
    """Between which a block is set; a block of few lines is measured by the one before it in the same column."""
    left, right = min(row.left for row in block.rows), max(row.right for row in block.rows)
    size = median(row.size for row in block.rows)
    if before and abs(before[0] - left) < 3 * size and len(block.rows) < 4:
        return min(left, before[0]), max(right, before[1])
    return left, right


def _line(row: Row, sheet: Sheet, page: Laid, repeated: frozenset[str], edges: tuple[float, float], index: int) -> Line:
    texts = row.cells
    pieces = [sheet.add(text, ending=" ") for text in texts[:-1]]
    pieces.append(sheet.add(texts[-1]))
    kind = Kind.ROW if len(texts) > 1 else Kind.PARAGRAPH
    if _is_furniture(row, page, repeated):
        kind = Kind.ASIDE
    return Line(
        glued(pieces, blank=True), kind, row.left, row.right, row.top, row.bottom, row.size, *edges,
        (sheet.index, index),
    )  # fmt: skip


def _is_furniture(row: Row, page: Laid, repeated: frozenset[str]) -> bool:
    place = (row.top + row.bottom) / 2 / page.height
    if MARGIN < place < 1 - MARGIN:
        return False
    text = row.text
    return not EDGE < place < 1 - EDGE or bool(PAGE_NUMBER.fullmatch(text)) or _without_figures(text) in repeated


def _repeated(pages: Sequence[Laid]) -> frozenset[str]:
    """What stands near the edge of several pages, but for its figures the same.

    A whole sentence must do so on most pages: two pages of a contract may well begin with the same one.
    """
    seen: Counter[str] = Counter()
    for page in pages:
        outer = (each for each in page.stretches if not MARGIN < each.middle / page.height < 1 - MARGIN)
        seen.update({_without_figures(each.text) for each in outer})
    return frozenset(
        text
        for text, times in seen.items()
        if len(text) > 1 and times > (max(2, MOST_PAGES * len(pages)) if PUNCTUATED.search(text) else 1)
    )


def _without_figures(text: str) -> str:
    return re.sub(r"[\d\s]+", "", text)


def _passages(lines: Iterable[Line]) -> list[Passage]:
    passages: list[Passage] = []
    asides: set[str] = set()
    last: Line | None = None
    for line in lines:
        if line.kind is Kind.ASIDE:
            if line.text not in asides:
                asides.add(line.text)
                passages.append(Passage(line.glyphs, Kind.ASIDE, whole=True))
            continue
        if line.kind is Kind.ROW:
            passages.append(Passage(line.glyphs, Kind.ROW, whole=True))
            last = None
        elif last and _goes_on(last, line):
            open_passage = next(each for each in reversed(passages) if each.kind is not Kind.ASIDE)
            open_passage.glyphs = continued(open_passage.glyphs, line.glyphs)
            open_passage.whole = bool(ENDS.search(line.text))
            last = line
        else:
            passages.append(Passage(line.glyphs, whole=bool(ENDS.search(line.text))))
            last = line
    _name_headings(passages)
    return passages


def _goes_on(last: Line, line: Line) -> bool:
    """Whether a line goes on with the sentence, or at least the paragraph, of the line before it."""
    ended = bool(ENDS.search(last.text))
    size = min(last.size, line.size)
    if max(last.size, line.size) > LARGER * size and not (len(line.text) < 6 and not ended):
        return False
    number = number_of(line.text)
    missing = last.edge_right - last.right
    if number and (number.firm or ended or missing > SHORT_BY * size):
        return False
    same_block = last.block == line.block
    if same_block and line.top - last.bottom > _usual_gap(last) and ended:
        return False
    if missing > SHORT_BY * size and not _word_did_not_fit(last, line, missing):
        return False
    if ended and STOPS.search(last.text):
        return line.left - line.edge_left < 1.2 * size and last.left - last.edge_left > -0.5 * size
    return line.left - line.edge_left < 3.5 * size


def _usual_gap(line: Line) -> float:
    return 0.95 * line.size


def _word_did_not_fit(last: Line, line: Line, missing: float) -> bool:
    """Foreign words and figures are not divided: a line before one may end early."""
    if ENDS.search(last.text):
        return False
    word = re.match(r"[A-Za-z0-9./%〔〕()+-]+", line.text)
    return bool(word) and missing < (0.6 * len(word[0]) + 1.5) * line.size if word else False


def _name_headings(passages: list[Passage]) -> None:
    """The first row of a table where it is one of names, again wherever a page repeats it."""
    named: set[str] = set()
    for index, passage in enumerate(passages):
        if passage.kind is not Kind.ROW:
            continue
        first = not index or passages[index - 1].kind is not Kind.ROW
        more = index + 1 < len(passages) and passages[index + 1].kind is Kind.ROW
        if passage.text in named or (first and more and is_heading_row(passage.text.split(" "))):
            named.add(passage.text)
            passage.kind = Kind.HEADING_ROW
