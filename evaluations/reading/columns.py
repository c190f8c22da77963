"""Which parts of a page are read one after the other: columns of prose side by side, tables row by row."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import median

from evaluations.reading.lines import joined
from evaluations.reading.printed import Laid, Rule, Stretch

NARROWEST = 8  # characters: narrower columns are cells of a table
FEWEST = 3  # lines
MOST_COLUMNS = 4


@dataclass(slots=True)
class Row:
    """One line of prose, or one row of a table with its cells."""

    cells: list[str]
    left: float
    right: float
    top: float
    bottom: float
    size: float

    @property
    def text(self) -> str:
        return " ".join(self.cells)


@dataclass(slots=True)
class Block:
    rows: list[Row]


class Reader:
    """Goes through the pages of one document, and remembers where its columns were parted."""

    def __init__(self) -> None:
        self._known: float | None = None

    def blocks(self, page: Laid) -> list[Block]:
        """The blocks in the order of reading."""
        stretches = sorted(page.stretches, key=lambda each: (each.middle, each.left))
        found = self._divided(stretches, page.rules, MOST_COLUMNS)
        return [Block(_rows(part, page.rules)) for part in found if part]

    def _divided(self, stretches: list[Stretch], rules: Sequence[Rule], columns: int) -> list[list[Stretch]]:
        gutter = (_gutter(stretches) or self._known) if columns > 1 else None
        if gutter is None:
            return [stretches]
        parts: list[list[Stretch]] = []
        across: list[Stretch] = []  # lines over the whole width, and what stands alone between them
        for crossing, band in _bands(stretches, gutter):
            sides = None if crossing else self._side_by_side(band, gutter, rules)
            if sides is None:
                across += band
                continue
            self._known = gutter if columns == MOST_COLUMNS else self._known
            parts.append(across)
            across = []
            for side in sides:
                parts.extend(self._divided(side, rules, columns - 1))
        return [*parts, across]

    def _side_by_side(
        self, band: list[Stretch], gutter: float, rules: Sequence[Rule]
    ) -> tuple[list[Stretch], list[Stretch]] | None:
        """The two columns of a band that nothing crosses; None where it is no prose."""
        left = [each for each in band if each.left < gutter - 1]
        right = [each for each in band if each.left >= gutter - 1]
        known = self._known is not None and abs(self._known - gutter) < 2 * band[0].size
        prose = _is_prose(left) and (_is_prose(right) or (known and right))
        if not prose or _is_ruled(band, gutter, rules):
            return None
        return left, right


def _bands(stretches: list[Stretch], gutter: float) -> Iterator[tuple[bool, list[Stretch]]]:
    """From top to bottom: what crosses the gutter, and what does not."""
    return (
        (crossing, list(band))
        for crossing, band in groupby(stretches, key=lambda each: each.left < gutter - 1 and each.right > gutter + 1)
    )


def _gutter(stretches: list[Stretch]) -> float | None:
    """Just left of where many lines begin that have others beside them."""
    if len(stretches) < 2 * FEWEST:
        return None
    furthest = min(each.left for each in stretches)
    size = median(each.size for each in stretches)
    starts = sorted(each.left for each in stretches if each.left > furthest + NARROWEST * size)
    best, most = None, 0
    for start in starts:
        together = sum(1 for each in starts if 0 <= each - start < 0.8 * size)
        if together > most:
            best, most = start, together
    return best - 0.3 * size if best is not None and most >= FEWEST else None


def _is_prose(stretches: list[Stretch]) -> bool:
    return len(stretches) >= FEWEST and median(len(each.text) for each in stretches) >= NARROWEST


def _is_ruled(band: list[Stretch], gutter: float, rules: Sequence[Rule]) -> bool:
    """Whether rules across both columns divide it, as in a table."""
    top, bottom = min(each.top for each in band), max(each.bottom for each in band)
    heights = {round(height) for left, right, height in rules if left < gutter < right and top < height < bottom}
    return len(heights) >= 2


def _rows(stretches: list[Stretch], rules: Sequence[Rule]) -> list[Row]:
    rows: list[Row] = []
    for group, ruled in _by_rules(stretches, rules):
        cells = _cells(group)
        if ruled and len(cells) > 1 and len(group) > len(cells):
            rows.append(_row([joined(each.text for each in cell) for cell in cells], group))
            continue
        for lines in _rows_of_lines(_lines(group)):
            whole = [each for line in lines for each in line]
            cells = _cells(whole) if len(lines) > 1 else [[each] for each in lines[0]]
            rows.append(_row([joined(each.text for each in cell) for cell in cells], whole))
    return rows


def _rows_of_lines(lines: list[list[Stretch]]) -> list[list[list[Stretch]]]:
    """Where no rules are drawn: a line that lacks a cell of the row above it, and is set under the others, goes on."""
    rows: list[list[list[Stretch]]] = []
    for line in lines:
        above = rows[-1] if rows else None
        if above and _goes_on(above, line):
            above.append(line)
        else:
            rows.append([line])
    return rows


def _goes_on(above: list[list[Stretch]], line: list[Stretch]) -> bool:
    cells = above[0]
    near = line[0].top - above[-1][0].bottom < line[0].size
    under = all(_stands_under(each, cells) for each in line) and _stands_under(line[-1], cells[1:])
    return near and under and len(line) < len(cells)


def _stands_under(stretch: Stretch, cells: Sequence[Stretch]) -> bool:
    return any(abs(stretch.left - cell.left) < 0.6 * stretch.size for cell in cells)


def _by_rules(stretches: list[Stretch], rules: Sequence[Rule]) -> list[tuple[list[Stretch], bool]]:
    """Apart where a rule lies between; and whether there is one above and one below, as around a row of a table."""
    left, right = min(each.left for each in stretches), max(each.right for each in stretches)
    heights = sorted({height for start, end, height in rules if start < right and end > left})
    groups: list[tuple[int, list[Stretch]]] = []
    for each in stretches:
        passed = bisect_left(heights, each.middle)
        if groups and groups[-1][0] == passed:
            groups[-1][1].append(each)
        else:
            groups.append((passed, [each]))
    return [(group, 0 < passed < len(heights)) for passed, group in groups]


def _cells(group: list[Stretch]) -> list[list[Stretch]]:
    """By what stands above one another."""
    cells: list[tuple[float, list[Stretch]]] = []
    for each in sorted(group, key=lambda stretch: stretch.left):
        if cells and each.left < cells[-1][0]:
            cells[-1] = (max(cells[-1][0], each.right), [*cells[-1][1], each])
        else:
            cells.append((each.right, [each]))
    return [sorted(cell, key=lambda stretch: stretch.middle) for _, cell in cells]


def _lines(stretches: list[Stretch]) -> list[list[Stretch]]:
    lines: list[list[Stretch]] = []
    for each in stretches:
        first = lines[-1][0] if lines else None
        if first and abs(each.middle - first.middle) < 0.5 * min(each.size, first.size):
            lines[-1].append(each)
        else:
            lines.append([each])
    return [sorted(line, key=lambda stretch: stretch.left) for line in lines]


def _row(cells: list[str], stretches: list[Stretch]) -> Row:
    return Row(
        cells,
        min(each.left for each in stretches),
        max(each.right for each in stretches),
        min(each.top for each in stretches),
        max(each.bottom for each in stretches),
        median(each.size for each in stretches),
    )
