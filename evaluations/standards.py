"""The standards that evaluations go by, as dated reference data (第十条, reading 22): config/standards.csv.

`since` and `until` are the first and the last day in force. What isn't in the table is typed: number and name (OTHER).
A standard that doesn't fit is a warning, never a refusal.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType

from applicants.models import Kind
from config import FOLDER

STANDARDS = FOLDER / "standards.csv"
OTHER = "other"


@dataclass(frozen=True, slots=True)
class Standard:
    key: str
    number: str  # GB/T 36132-2025; "" of an annex
    name: str
    kinds: frozenset[Kind]
    since: date
    until: date | None
    basis: str

    @property
    def title(self) -> str:
        return f"{self.number}《{self.name}》" if self.number else f"《{self.name}》"

    def is_in_force(self, on: date) -> bool:
        return self.since <= on and (self.until is None or on <= self.until)


@cache
def table() -> Mapping[str, Standard]:
    """All standards by key, in the order of the file."""
    with STANDARDS.open(encoding="utf-8", newline="") as file:
        rows = [
            Standard(
                key=row["key"],
                number=row["number"],
                name=row["name"],
                kinds=frozenset(Kind(kind) for kind in row["kinds"].split()),
                since=date.fromisoformat(row["since"]),
                until=date.fromisoformat(row["until"]) if row["until"] else None,
                basis=row["basis"],
            )
            for row in csv.DictReader(file)
        ]
    return MappingProxyType({row.key: row for row in rows})


def standards(on: date, kind: Kind) -> tuple[Standard, ...]:
    """Those in force on a day for a kind: what the form offers first."""
    return tuple(row for row in table().values() if kind in row.kinds and row.is_in_force(on))


def find(key: str) -> Standard | None:
    return table().get(key)


def title_of(key: str, other: str = "") -> str:
    """What a page shows of an evaluation's standard; a key the table no longer has is shown as it is."""
    row = find(key)
    return row.title if row else (other or key)
