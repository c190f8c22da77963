"""Which parts of a page are read one after the other: columns of prose side by side, tables row by row."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from evaluations.reading.lines import joined
from evaluations.reading.printed import Laid, Stretch

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


def blocks(page: Laid) -> list[Block]:
    """The blocks in the order of reading."""
    found = _divided(sorted(page.stretches, key=lambda each: (each.middle, each.left)), page.rules, MOST_COLUMNS)
    return [Block(_rows(part, page.rules)) for part in found if part]


def _divided(
    stretches: list[Stretch], rules: Sequence[tuple[float, float, float]], columns: int
) -> list[list[Stretch]]:
    gutter = _gutter(stretches) if columns > 1 else None
    if gutter is None:
        return [stretches]
    parts: list[list[Stretch]] = []
    across: list[Stretch] = []  # lines over the whole width, and what stands alone between them
    band: list[Stretch] = []

    def close_band() -> None:
        nonlocal across
        sides = _side_by_side(band, gutter, rules)
        if sides is None:
            across += band
        else:
            parts.append(across)
            across = []
            for side in sides:
                parts.extend(_divided(side, rules, columns - 1))
        band.clear()

    for each in stretches:
        if each.left < gutter - 1 and each.right > gutter + 1:
            close_band()
            across.append(each)
        else:
            band.append(each)
    close_band()
    return [*parts, across]


def _side_by_side(
    band: list[Stretch], gutter: float, rules: Sequence[tuple[float, float, float]]
) -> tuple[list[Stretch], list[Stretch]] | None:
    """The two columns of a band that nothing crosses; None where it is no prose."""
    left = [each for each in band if each.left < gutter - 1]
    right = [each for each in band if each.left >= gutter - 1]
    if not (_is_prose(left) and _is_prose(right)) or _is_ruled(band, gutter, rules):
        return None
    return left, right


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


def _is_ruled(band: list[Stretch], gutter: float, rules: Sequence[tuple[float, float, float]]) -> bool:
    """Whether rules across both columns divide it, as in a table."""
    top, bottom = min(each.top for each in band), max(each.bottom for each in band)
    heights = {round(height) for left, right, height in rules if left < gutter < right and top < height < bottom}
    return len(heights) >= 2


def _rows(stretches: list[Stretch], rules: Sequence[tuple[float, float, float]]) -> list[Row]:
    rows: list[Row] = []
    for group in _by_rules(stretches, rules):
        cells = _cells(group)
        if len(cells) > 1 and len(group) > len(cells):
            rows.append(_row([joined(each.text for each in cell) for cell in cells], group))
        else:
            rows += [_row([each.text for each in line], line) for line in _lines(group)]
    return rows


def _by_rules(stretches: list[Stretch], rules: Sequence[tuple[float, float, float]]) -> list[list[Stretch]]:
    """Apart where a rule lies between."""
    left, right = min(each.left for each in stretches), max(each.right for each in stretches)
    heights = sorted({height for start, end, height in rules if start < right and end > left})
    groups: list[list[Stretch]] = [[]]
    at = 0
    for each in stretches:
        passed = False
        while at < len(heights) and heights[at] < each.middle:
            passed, at = True, at + 1
        if passed and groups[-1]:
            groups.append([])
        groups[-1].append(each)
    return [group for group in groups if group]


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
