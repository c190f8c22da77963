"""Which majors are 能源、环境、生态、低碳、生命周期评价等相关专业 (Article 20 (3)).

The list of the text is open, so what the table doesn't know is for an officer.
The table, config/majors.csv, is for people to read and correct: a major and its standing, an asterisk for any text.
"""

import csv
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from types import MappingProxyType

from config import FOLDER
from core.labels import Labelled
from core.law import Verdict

MAJORS = FOLDER / "majors.csv"
SEPARATORS = re.compile(r"[、,;/|+]+")


class Standing(Labelled):
    RELEVANT = "relevant", "相关专业"
    NEIGHBOURING = "neighbouring", "相邻专业"
    UNRELATED = "unrelated", "不相关"

    @property
    def verdict(self) -> Verdict:
        return {
            Standing.RELEVANT: Verdict.MET,
            Standing.NEIGHBOURING: Verdict.NEEDS_JUDGEMENT,
            Standing.UNRELATED: Verdict.NOT_MET,
        }[self]


@dataclass(frozen=True, slots=True)
class MajorCorrection:
    """An admin's dated row: from `since` on it wins over the table."""

    major: str
    standing: Standing
    since: date
    basis: str


@dataclass(frozen=True, slots=True)
class MajorTable:
    exact: Mapping[str, Standing]
    patterns: tuple[tuple[re.Pattern[str], Standing], ...]
    corrections: tuple[MajorCorrection, ...] = ()  # oldest first

    def standing(self, major: str, *, on: date) -> Standing | None:
        """The standing of a major on a day; None for one that the table doesn't know.

        What is written exactly wins. Of several patterns the least favourable speaks: nothing is guessed upwards, so
        能源法学 is for an officer and 环境艺术设计 is not environment.
        """
        key = normalise(major)
        corrected = [row.standing for row in self.corrections if normalise(row.major) == key and row.since <= on]
        if corrected:
            return corrected[-1]
        if key in self.exact:
            return self.exact[key]
        fitting = [standing for pattern, standing in self.patterns if pattern.fullmatch(key)]
        return min(fitting, key=lambda standing: standing.verdict.rank, default=None)

    def relevance(self, major: str, *, on: date) -> Verdict:
        """Whether a senior's major is relevant: a neighbouring or unknown one needs judgement.

        So do several (环境工程、会计) that don't agree: which of them the title was given for is not said.
        """
        parts = [part for part in SEPARATORS.split(normalise(major)) if part] or [major]
        standings = [self.standing(part, on=on) for part in parts]
        verdicts = {standing.verdict if standing else Verdict.NEEDS_JUDGEMENT for standing in standings}
        return verdicts.pop() if len(verdicts) == 1 else Verdict.NEEDS_JUDGEMENT


@lru_cache(4096)  # a roster says the same few over and over
def normalise(major: str) -> str:
    """One spelling: half width, without blanks, 专业 at the end and a bracketed remark."""
    text = re.sub(r"[\s\u200b\ufeff]", "", unicodedata.normalize("NFKC", major)).upper()
    text = re.sub(r"^\((.*)\)$", r"\1", text)
    text = re.sub(r"(?<=.)\([^()]*\)$", "", text)
    return re.sub(r"(?<=..)(专业|方向)$", "", text)


@cache
def _defaults() -> MajorTable:
    with MAJORS.open(encoding="utf-8", newline="") as file:
        rows = [(normalise(row["major"]), Standing(row["standing"])) for row in csv.DictReader(file)]
    return MajorTable(
        exact=MappingProxyType({major: standing for major, standing in rows if "*" not in major}),
        patterns=tuple(
            (re.compile(re.escape(major).replace(r"\*", ".*")), standing) for major, standing in rows if "*" in major
        ),
    )


def table(corrections: Iterable[MajorCorrection] = ()) -> MajorTable:
    """The table with an admin's corrections over it."""
    defaults = _defaults()
    return MajorTable(defaults.exact, defaults.patterns, tuple(sorted(corrections, key=lambda row: row.since)))
