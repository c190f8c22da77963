"""Professional titles (职称) and their levels, by exact look-up in a table that people read and correct (reading 4).

config/titles.csv holds title, series, level and basis. Only rows of what is *not* a title may have an asterisk (注册*):
a level is never given by a part of a text.
"""

import csv
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from types import MappingProxyType

from agency import majors
from agency.particulars import TitleLevel
from config import FOLDER

TITLES = FOLDER / "titles.csv"

SENIOR = frozenset({TitleLevel.DEPUTY_SENIOR, TitleLevel.FULL_SENIOR})
LEVEL_WORDS: Mapping[str, frozenset[TitleLevel]] = MappingProxyType(
    {
        "正高": frozenset({TitleLevel.FULL_SENIOR}),
        "正高级": frozenset({TitleLevel.FULL_SENIOR}),
        "教授级": frozenset({TitleLevel.FULL_SENIOR}),
        "研究员级": frozenset({TitleLevel.FULL_SENIOR}),
        "副高": frozenset({TitleLevel.DEPUTY_SENIOR}),
        "副高级": frozenset({TitleLevel.DEPUTY_SENIOR}),
        "高级": SENIOR,
        "中级": frozenset({TitleLevel.INTERMEDIATE}),
        "初级": frozenset({TitleLevel.JUNIOR}),
        "助理级": frozenset({TitleLevel.JUNIOR}),
        "员级": frozenset({TitleLevel.JUNIOR}),
    }
)
SEPARATORS = re.compile(r"[()\[\]【】、,;/|+·:—–-]+")
REMARKS = re.compile(r"(任职资格|专业技术资格|专业技术职务|职称|资格)$")  # 高级工程师任职资格 is the title 高级工程师
SERIES_REMARK = re.compile(r"(技术)?(系列|专业|类)$")


@dataclass(frozen=True, slots=True)
class TitleRow:
    """A row of the table, or an admin's correction: then `since` is its first day."""

    title: str
    series: str
    level: TitleLevel
    basis: str
    since: date = date.min


@dataclass(frozen=True, slots=True)
class TitleTable:
    exact: Mapping[str, tuple[TitleRow, ...]]  # by normalised title, oldest first
    licences: tuple[tuple[re.Pattern[str], TitleRow], ...]  # what is not a title, by pattern
    specialties: majors.MajorTable

    def level(self, title: str, *, on: date) -> TitleLevel | None:
        """The level of a title on a day; None for one that the table doesn't know, or that contradicts itself."""
        row = self.find(title, on=on)
        return row.level if row else None

    def series(self, title: str, *, on: date) -> str:
        """The series of a title; "" for one that the table doesn't know."""
        row = self.find(title, on=on)
        return row.series if row else ""

    def find(self, title: str, *, on: date) -> TitleRow | None:
        """The row that a title stands for on a day: as written, taken apart (高级工程师（环境）), or by pattern."""
        key = normalise(title)
        return self._exact(key, on) or self._composed(key, on) or self._licence(key)

    def _exact(self, key: str, on: date) -> TitleRow | None:
        for written in (key, REMARKS.sub("", key)):
            rows = [row for row in self.exact.get(written, ()) if row.since <= on]
            if rows:
                return rows[-1]
        return None

    def _licence(self, key: str) -> TitleRow | None:
        return next((row for pattern, row in self.licences if pattern.fullmatch(key)), None)

    def _composed(self, key: str, on: date) -> TitleRow | None:
        """A title with its level, specialty or a licence beside it; None unless every part is understood and agrees."""
        parts = [part for part in SEPARATORS.split(key) if part]
        if len(parts) < 2:
            return None
        titles: list[TitleRow] = []
        others: list[TitleRow] = []
        levels: list[frozenset[TitleLevel]] = []
        for part in parts:
            row = self._exact(part, on) or self._licence(part)
            if part in LEVEL_WORDS:
                levels.append(LEVEL_WORDS[part])
            elif row:
                (others if row.level is TitleLevel.NOT_A_TITLE else titles).append(row)
            elif not self._is_specialty(part, on):
                return None
        if not titles:
            return others[0] if others and not levels else None
        agreeing = len({row.level for row in titles}) == 1 and all(titles[0].level in allowed for allowed in levels)
        return titles[0] if agreeing else None

    def _is_specialty(self, part: str, on: date) -> bool:
        stem = SERIES_REMARK.sub("", part)
        known_series = {"工程", "工程技术"} | {rows[-1].series for rows in self.exact.values()}
        return stem in known_series or self.specialties.standing(stem, on=on) is not None


@lru_cache(4096)  # a roster says the same few over and over
def normalise(title: str) -> str:
    """One spelling: half width, without blanks, line breaks and invisible characters."""
    return re.sub(r"[\s\u200b\ufeff]", "", unicodedata.normalize("NFKC", title))


@cache
def defaults() -> tuple[TitleRow, ...]:
    with TITLES.open(encoding="utf-8", newline="") as file:
        return tuple(
            TitleRow(row["title"], row["series"], TitleLevel[row["level"].upper()], row["basis"])
            for row in csv.DictReader(file)
        )


def table(corrections: Iterable[TitleRow] = (), specialties: majors.MajorTable | None = None) -> TitleTable:
    """The table with an admin's dated corrections over it."""
    exact: defaultdict[str, list[TitleRow]] = defaultdict(list)
    licences = []
    for row in (*defaults(), *sorted(corrections, key=lambda row: row.since)):
        key = normalise(row.title)
        if "*" in key and row.level is not TitleLevel.NOT_A_TITLE:
            raise ValueError(f"{row.title}: only what is not a title may be a pattern")
        if "*" in key:
            licences.append((re.compile(re.escape(key).replace(r"\*", ".*")), row))
        else:
            exact[key].append(row)
    return TitleTable(
        exact=MappingProxyType({key: tuple(rows) for key, rows in exact.items()}),
        licences=tuple(licences),
        specialties=specialties or majors.table(),
    )
