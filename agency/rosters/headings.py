"""Which column of a roster holds what: headings as agencies write them, in one row or in two."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from config import FOLDER
from core.headings import by_wording, folded, folded_word
from core.sheets import Cell, Row, text_of

COLUMNS = FOLDER / "roster_columns.toml"

ENOUGH = 3  # recognised headings that make a row a heading
LONG_NUMBER = 10  # digits that no heading has


@dataclass(frozen=True, slots=True)
class Vocabulary:
    fields: Mapping[str, str]  # heading → field
    words: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Heading:
    """A table's heading: its columns by field, and how many rows it takes."""

    columns: Mapping[str, int]
    height: int

    @property
    def is_roster(self) -> bool:
        return "name" in self.columns and "number" in self.columns

    @property
    def lacks_number(self) -> bool:
        return "name" in self.columns and "title" in self.columns and "number" not in self.columns


@cache
def vocabulary() -> Vocabulary:
    content = tomllib.loads(COLUMNS.read_text(encoding="utf-8"))
    return Vocabulary(
        fields=by_wording(content["columns"]),
        words=MappingProxyType({kind: frozenset(map(folded_word, words)) for kind, words in content["words"].items()}),
    )


def field_of(text: str, above: str = "") -> str | None:
    """The field that a heading names, read together with the one above it, then alone."""
    fields = vocabulary().fields
    alone, parent = folded(text), folded(above)
    if not alone or alone == parent:
        return fields.get(parent)
    return fields.get(parent + alone) or fields.get(alone)


def find_heading(row: Row, below: Row | None) -> Heading | None:
    """The heading that begins in a row; None for a row that is none."""
    if not row.cells or has_long_number(row.cells):
        return None
    single = _columns(row.cells, None)
    if below and below.number == row.number + 1 and _is_second_level(row.cells, below.cells):
        double = _columns(below.cells, row.cells)
        # a row of group names alone (基本信息, 职称信息) helps only where it tells columns apart
        groups = len(set(map(text_of, row.cells)) - {""}) > 1
        if len(double) > len(single) and (single or (groups and len(double) > len(_columns(below.cells, None)))):
            return _heading(double, 2)
    return _heading(single, 1)


def _heading(columns: dict[str, int], height: int) -> Heading | None:
    heading = Heading(MappingProxyType(_with_major(columns)), height)
    enough = len(columns) >= ENOUGH or (heading.is_roster and len(columns) == len({"name", "number"}))
    return heading if enough and (heading.is_roster or heading.lacks_number) else None


def _columns(cells: Sequence[Cell], above: Sequence[Cell] | None) -> dict[str, int]:
    columns: dict[str, int] = {}
    for place, cell in enumerate(cells):
        parent = text_of(above[place]) if above else ""
        if field := field_of(text_of(cell), parent):
            columns.setdefault(field, place)
    return columns


def _is_second_level(above: Sequence[Cell], cells: Sequence[Cell]) -> bool:
    """Whether a row continues the heading above: headings itself, and nothing of its own under 姓名."""
    if has_long_number(cells):
        return False
    name = _columns(above, None).get("name")
    if name is not None and folded(text_of(cells[name])) not in ("", folded(text_of(above[name]))):
        return False
    filled = [place for place, cell in enumerate(cells) if text_of(cell) and text_of(cell) != text_of(above[place])]
    known = [place for place in filled if field_of(text_of(cells[place]), text_of(above[place]))]
    return bool(filled) and 2 * len(known) >= len(filled)


def _with_major(columns: dict[str, int]) -> dict[str, int]:
    """A heading 专业 alone is the degree's, unless that has a column of its own: then it is the title's."""
    found = dict(columns)
    place = found.pop("any_major", None)
    if place is not None:
        found.setdefault("degree_major" if "degree_major" not in found else "major", place)
    return found


def has_long_number(cells: Sequence[Cell]) -> bool:
    """Whether a row has a number as long as an identity number's: a person, not a heading."""
    return any(sum(char.isdigit() for char in text_of(cell)) >= LONG_NUMBER for cell in cells)
