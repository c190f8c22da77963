"""The published lists that are known by themselves (config/published_lists.csv).

The year is the list's own. Where its title names one (2021年度, published in 2022) it is that; the others are called by
their number only, and belong to the year in which they were announced: two of them to 2018.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from config import FOLDER
from evaluations.rules.states import Level

LISTS = FOLDER / "published_lists.csv"
NUMERALS = "零一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class PublishedList:
    level: Level
    batch: str
    year: int
    name: str
    source: str


@cache
def known_lists() -> Mapping[tuple[Level, str], PublishedList]:
    """By level and batch, in the order of publishing."""
    with LISTS.open(encoding="utf-8", newline="") as file:
        lists = [
            PublishedList(Level(row["level"]), row["batch"], int(row["year"]), row["name"], row["source"])
            for row in csv.DictReader(file)
        ]
    return MappingProxyType({(each.level, each.batch): each for each in lists})


def batch_label(batch: str) -> str:
    """第六批 for 6; what is no small number stands for itself."""
    number = int(batch) if batch.isascii() and batch.isdigit() and len(batch) < 3 else 0
    return f"第{NUMERALS[number]}批" if 0 < number < len(NUMERALS) else batch


def list_name(level: Level, batch: str) -> str:
    """A list's full name where it is known."""
    known = known_lists().get((level, batch))
    return known.name if known else f"{level.label}名单{batch_label(batch)}"
