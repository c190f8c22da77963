"""What reading yields before clauses are cut: sheets of text, and the passages that stand on them.

A sheet is a page of a PDF, a picture, or the whole of a .docx, which has no pages before it is set. Every character of
a passage knows where it stands: `Glyphs` are the text and, run by run, the places it came from.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum, auto

IDEOGRAPH = r"\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
WIDE = rf"{IDEOGRAPH}\u2018-\u201f\u2026\u2014\u2460-\u2473\u3001-\u3003\u3008-\u3020\uff01-\uff65\uffe0-\uffe6"
LETTER = re.compile(r"[A-Za-z]")
LETTER_OR_DIGIT = re.compile(r"[A-Za-z0-9]")
BLANK_BESIDE_WIDE = re.compile(rf"(?<=[{WIDE}])\s+|\s+(?=[{WIDE}])|(?<=\s)\s+")


@dataclass(frozen=True, slots=True)
class Run:
    """`length` characters of a sheet's text from `start` on."""

    sheet: int
    start: int
    length: int

    @property
    def end(self) -> int:
        return self.start + self.length


@dataclass(frozen=True, slots=True)
class Glyphs:
    """Text with the places of its characters; None is a blank that stands on no sheet (between two cells)."""

    text: str
    runs: tuple[Run | None, ...]

    def part(self, start: int, end: int) -> "Glyphs":
        """The characters from `start` to `end`."""
        kept: list[Run | None] = []
        at = 0
        for run in self.runs:
            length = run.length if run else 1
            first, last = max(start, at), min(end, at + length)
            if first < last:
                kept.append(Run(run.sheet, run.start + first - at, last - first) if run else None)
            at += length
        return Glyphs(self.text[start:end], tuple(kept))

    def stripped(self) -> "Glyphs":
        left = len(self.text) - len(self.text.lstrip())
        return self.part(left, max(left, len(self.text.rstrip())))

    def places(self) -> Iterator[Run]:
        return (run for run in self.runs if run)


def glued(pieces: Iterable[Glyphs], blank: bool = False) -> Glyphs:
    """One after the other, with a blank of our own between them where told so."""
    texts: list[str] = []
    runs: list[Run | None] = []
    for piece in pieces:
        if blank and texts:
            texts.append(" ")
            runs.append(None)
        texts.append(piece.text)
        runs.extend(piece.runs)
    return Glyphs("".join(texts), tuple(runs))


def continued(first: Glyphs, second: Glyphs) -> Glyphs:
    """Two lines of one sentence: between Chinese characters a line break is nothing, between words it is a blank."""
    before, after = first.text[-1:], second.text[:1]
    words = LETTER.match(before) and LETTER_OR_DIGIT.match(after)
    return glued((first, second), blank=bool(words))


def tightened(glyphs: Glyphs) -> Glyphs:
    """Without the blanks that typesetting puts between Chinese characters and figures."""
    kept: list[Glyphs] = []
    at = 0
    for blank in BLANK_BESIDE_WIDE.finditer(glyphs.text):
        kept.append(glyphs.part(at, blank.start()))
        at = blank.end()
    return glued([*kept, glyphs.part(at, len(glyphs.text))]) if kept else glyphs


class Kind(Enum):
    PARAGRAPH = auto()
    HEADING = auto()  # set as one
    ROW = auto()  # of a table, its cells joined by blanks
    HEADING_ROW = auto()
    ASIDE = auto()  # headers and footers, of the page or of the document


@dataclass(slots=True)
class Passage:
    glyphs: Glyphs
    kind: Kind = Kind.PARAGRAPH
    automatic_number: str = ""  # counted by the word processor, so not part of the text
    whole: bool = False  # known to end where it ends: no line of the next passage belongs to it

    @property
    def text(self) -> str:
        return self.glyphs.text


@dataclass(slots=True)
class Sheet:
    """The text of one page as it is extracted: lines in the order of reading, each ended by a line break."""

    index: int
    parts: list[str] = field(default_factory=list)
    length: int = 0

    def add(self, text: str, *, ending: str = "\n") -> Glyphs:
        place = Run(self.index, self.length, len(text))
        self.parts.append(text + ending)
        self.length += len(text) + len(ending)
        return Glyphs(text, (place,) if text else ())

    @property
    def text(self) -> str:
        return "".join(self.parts)


@dataclass(slots=True)
class Reading:
    """All that was read of a file."""

    sheets: list[Sheet]
    passages: list[Passage]
    paged: bool
    recognised: list[int] = field(default_factory=list)  # pages read by OCR, counted from 0
    unread: list[int] = field(default_factory=list)  # pages that are pictures nobody read


SHORT_NAME = 10


def is_heading_row(cells: list[str]) -> bool:
    """A row of short names without a figure."""
    named = [text for text in cells if text]
    if len(named) < 2 or any(len(text) > SHORT_NAME or re.search(r"[0-9０-９%％。；]", text) for text in named):
        return False
    return not re.match(r"(?:甲|乙|丙)方", named[0])


def joined(lines: Iterable[str]) -> str:
    """The lines of one cell."""
    text = ""
    for line in lines:
        blank = text and line and LETTER.match(text[-1]) and LETTER_OR_DIGIT.match(line)
        text += f" {line}" if blank else line
    return text
