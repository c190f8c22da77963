"""The text layer of a PDF: characters with their boxes, gathered into stretches that stand together on a line.

The order in which a PDF draws its text promises nothing, so what follows (`layout`) goes by place alone.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pypdfium2 import PdfDocument, PdfiumError, PdfPage, PdfTextPage, raw

from evaluations.reading.faults import Fault, Faulty

MAX_CHARACTERS_A_PAGE = 60_000
FAR = 1.5  # characters: a gap this wide is no blank but the next column or cell
A_BLANK = 0.1
HIDDEN_SIZE = 0.5  # points: nobody reads smaller print
MOST_RULES = 4000
RULE, THINNEST_CELL, LOWEST_CELL = 3, 20, 8  # points

Rule = tuple[float, float, float]


@dataclass(slots=True)
class Stretch:
    """Characters side by side on one line. Heights count from the top of the page downwards."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


@dataclass(slots=True)
class Laid:
    """What stands on a page."""

    width: float
    height: float
    stretches: list[Stretch]
    rules: list[tuple[float, float, float]]  # left, right, height of every horizontal rule


def opened(content: bytes) -> PdfDocument:
    try:
        return PdfDocument(content)
    except PdfiumError as error:
        locked = error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)
        raise Faulty(Fault.ENCRYPTED if locked else Fault.DAMAGED) from error


def laid(page: PdfPage) -> Laid:
    """The page as it is shown: turned upright where the file says so."""
    width, height = page.get_size()
    level, plumb = _rules(page, height)
    text = page.get_textpage()
    try:
        stretches = list(_stretches(text, _Upright(page), plumb))
    finally:
        text.close()
    return Laid(width, height, stretches, level)


class _Upright:
    """From the page's own coordinates to places counted from the upper left corner as shown."""

    def __init__(self, page: PdfPage) -> None:
        self._turned = page.get_rotation()
        left, bottom, right, top = page.get_bbox()
        self._left, self._bottom, self._right, self._top = left, bottom, right, top

    def box(self, left: float, right: float, bottom: float, top: float) -> tuple[float, float, float, float]:
        """left, right, top, bottom"""
        match self._turned:
            case 90:
                return bottom - self._bottom, top - self._bottom, left - self._left, right - self._left
            case 180:
                return self._right - right, self._right - left, bottom - self._bottom, top - self._bottom
            case 270:
                return self._top - top, self._top - bottom, self._right - right, self._right - left
            case _:
                return left - self._left, right - self._left, self._top - top, self._top - bottom


def _characters(text: PdfTextPage, upright: _Upright) -> Iterator[tuple[str, Stretch | None]]:
    """Each character with its box; those that PDFium put in between (blanks, line breaks) have none."""
    count = text.count_chars()
    if count > MAX_CHARACTERS_A_PAGE:
        raise Faulty(Fault.TOO_COMPLEX)
    high = 0
    for index in range(count):
        code = raw.FPDFText_GetUnicode(text, index)
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000 and high:
            code = 0x10000 + ((high - 0xD800) << 10) + code - 0xDC00
        high = 0
        if code in (0, 0xFFFE, 0xFFFF, 0xAD) or 0xD800 <= code < 0xE000:
            continue
        character = chr(code)
        if raw.FPDFText_IsGenerated(text, index) == 1:
            yield character, None
            continue
        loose = raw.FS_RECTF()
        if not raw.FPDFText_GetLooseCharBox(text, index, loose):
            continue
        across = upright.box(loose.left, loose.right, loose.bottom, loose.top)
        size = across[3] - across[2]
        if size > HIDDEN_SIZE:
            yield character, Stretch(character, *across, size)


def _stretches(text: PdfTextPage, upright: _Upright, plumb: Sequence[Rule]) -> Iterator[Stretch]:
    now: Stretch | None = None
    last: Stretch | None = None
    for character, box in _characters(text, upright):
        if box and last and _printed_twice(last, box):
            continue
        last = replace(box) if box else last
        if box is None or character.isspace():
            if now and not now.text.endswith(" "):
                now.text += " "
            continue
        if now and _beside(now, box) and not _walled_off(now, box, plumb):
            bare = now.text.rstrip(" ")
            # a blank only where there is room for one: kerning makes PDFium see more
            now.text = (bare if box.left - now.right < A_BLANK * now.size else bare + now.text[len(bare) :]) + character
            now.right = max(now.right, box.right)
            now.top, now.bottom = min(now.top, box.top), max(now.bottom, box.bottom)
            continue
        if now:
            now.text = now.text.rstrip()
            yield now
        now = box
    if now:
        now.text = now.text.rstrip()
        yield now


def _printed_twice(last: Stretch, box: Stretch) -> bool:
    """Drawn again a hair aside, to look bold."""
    near = 0.2 * box.size
    return last.text == box.text and abs(last.left - box.left) < near and abs(last.middle - box.middle) < near


def _beside(now: Stretch, box: Stretch) -> bool:
    size = max(now.size, box.size)
    same_line = abs(now.middle - box.middle) < 0.45 * size
    return same_line and -0.8 * size < box.left - now.right < FAR * size


def _walled_off(now: Stretch, box: Stretch, plumb: Sequence[Rule]) -> bool:
    """Whether the line between two cells of a table stands between them."""
    first, last = now.right - 0.3 * box.size, box.left + 0.3 * box.size
    if box.left - now.right < 0.1 * box.size:
        return False
    at = bisect_left(plumb, (first,))
    while at < len(plumb) and plumb[at][0] < last:
        if plumb[at][1] <= box.middle <= plumb[at][2]:
            return True
        at += 1
    return False


def _rules(page: PdfPage, height: float) -> tuple[list[Rule], list[Rule]]:
    """The horizontal rules by which the rows of a table are told apart, and the vertical ones between its cells.

    Horizontal: left, right, height. Vertical: place, top, bottom.
    """
    level: list[Rule] = []
    plumb: list[Rule] = []
    for drawn in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=2):
        left, low, right, high = drawn.get_bounds()
        top, bottom = height - high, height - low
        if right - left >= THINNEST_CELL:
            level += [(left, right, top)] if bottom - top < RULE else [(left, right, top), (left, right, bottom)]
        if bottom - top >= LOWEST_CELL:
            plumb += [(left, top, bottom)] if right - left < RULE else [(left, top, bottom), (right, top, bottom)]
        if len(level) + len(plumb) > MOST_RULES:
            return [], []
    return sorted(level, key=lambda rule: rule[2]), sorted(plumb)
