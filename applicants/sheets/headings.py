"""Which column of a list of applicants holds what: headings as bureaus write them, in one row or in two."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from config import FOLDER
from core.headings import by_wording, folded, folded_word
from core.sheets import Cell, Row, text_of

COLUMNS = FOLDER / "applicant_columns.toml"
TELLING = ("credit_code", "kinds", "bureau", "body_code")  # beside the name, one of these


@dataclass(frozen=True, slots=True)
class Vocabulary:
    fields: Mapping[str, str]  # heading → field
    words: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Heading:
    """A table's heading: its columns by field, and how many rows it takes."""

    columns: Mapping[str, int]
    height: int


@cache
def vocabulary() -> Vocabulary:
    content = tomllib.loads(COLUMNS.read_text(encoding="utf-8"))
    words = {kind: frozenset(map(folded_word, said)) for kind, said in content["words"].items()}
    return Vocabulary(by_wording(content["columns"]), MappingProxyType(words))


def find_heading(row: Row, below: Row | None) -> Heading | None:
    """The heading that begins in a row; None for a row that is none."""
    single = _columns(row.cells, None)
    double = _columns(below.cells, row.cells) if below and below.number == row.number + 1 else {}
    if "name" in double and _continues(row, below, double) and len(double) > len(single) and single:
        return _heading(double, 2)
    return _heading(single, 1)


def _heading(columns: dict[str, int], height: int) -> Heading | None:
    telling = any(field in columns for field in TELLING)
    return Heading(MappingProxyType(columns), height) if "name" in columns and telling else None


def _columns(cells: Sequence[Cell], above: Sequence[Cell] | None) -> dict[str, int]:
    fields = vocabulary().fields
    columns: dict[str, int] = {}
    for place, cell in enumerate(cells):
        alone, parent = folded(text_of(cell)), folded(text_of(above[place])) if above else ""
        if not alone or alone == parent:
            field = fields.get(parent or alone)
        else:
            field = fields.get(parent + alone) or fields.get(alone)
        if field:
            columns.setdefault(field, place)
    return columns


def _continues(row: Row, below: Row | None, columns: Mapping[str, int]) -> bool:
    """Whether the row below is a second level: nothing of its own under the name, and headings elsewhere."""
    if below is None:
        return False
    name = columns["name"]
    if folded(text_of(below.cells[name])) not in ("", folded(text_of(row.cells[name]))):
        return False
    own = [place for place, cell in enumerate(below.cells) if text_of(cell) and cell != row.cells[place]]
    return bool(own) and 2 * sum(1 for place in own if place in columns.values()) >= len(own)
