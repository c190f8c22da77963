"""The tables of titles and majors for people to read: each row with where it comes from, corrections first."""

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import User
from agency import majors as major_tables
from agency import models
from agency import titles as title_tables
from agency.majors import MAJORS, Standing
from agency.particulars import TitleLevel
from agency.tables import tables_of
from agency.titles import TitleRow
from core.law import Verdict
from core.search import searchable


@dataclass(frozen=True, slots=True)
class Source:
    """Where a row comes from: the file (`since` is None), or somebody's correction."""

    basis: str
    since: date | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class TitleEntry:
    title: str
    series: str
    level: TitleLevel
    source: Source
    is_outdated: bool  # a correction in force stands over it


@dataclass(frozen=True, slots=True)
class MajorEntry:
    major: str
    standing: Standing
    source: Source
    is_outdated: bool


@dataclass(frozen=True, slots=True)
class TitleListing:
    rows: tuple[TitleEntry, ...]
    asked: str
    read_as: TitleRow | None  # how the check reads exactly what was asked for


@dataclass(frozen=True, slots=True)
class MajorListing:
    rows: tuple[MajorEntry, ...]
    asked: str
    read_as: Verdict | None


def titles(session: Session, word: str, *, on: date) -> TitleListing:
    """Rows whose title or series contains a word; all for an empty one."""
    corrections = session.execute(
        select(models.TitleCorrection, User.display_name)
        .join(User, User.id == models.TitleCorrection.entered_by)
        .order_by(models.TitleCorrection.since.desc(), models.TitleCorrection.id.desc())
    )
    rows: list[TitleEntry] = []
    in_force: set[str] = set()
    for row, name in corrections:
        key = title_tables.normalise(row.title)
        rows.append(TitleEntry(row.title, row.series, row.level, Source(row.reason, row.since, name), key in in_force))
        if row.since <= on:
            in_force.add(key)
    for default in title_tables.defaults():
        outdated = title_tables.normalise(default.title) in in_force
        rows.append(TitleEntry(default.title, default.series, default.level, Source(default.basis), outdated))
    wanted = searchable(word)
    found = tuple(row for row in rows if wanted in searchable(f"{row.title} {row.series}"))
    return TitleListing(found, word, tables_of(session).titles.find(word, on=on) if word else None)


def majors(session: Session, word: str, *, on: date) -> MajorListing:
    """Rows whose major contains a word; all for an empty one."""
    corrections = session.execute(
        select(models.MajorCorrection, User.display_name)
        .join(User, User.id == models.MajorCorrection.entered_by)
        .order_by(models.MajorCorrection.since.desc(), models.MajorCorrection.id.desc())
    )
    rows: list[MajorEntry] = []
    in_force: set[str] = set()
    for row, name in corrections:
        key = major_tables.normalise(row.major)
        rows.append(MajorEntry(row.major, row.standing, Source(row.reason, row.since, name), key in in_force))
        if row.since <= on:
            in_force.add(key)
    for major, standing in _major_defaults():
        rows.append(MajorEntry(major, standing, Source("专业表"), major_tables.normalise(major) in in_force))
    wanted = searchable(word)
    found = tuple(row for row in rows if wanted in searchable(row.major))
    return MajorListing(found, word, tables_of(session).majors.relevance(word, on=on) if word else None)


@cache
def _major_defaults() -> tuple[tuple[str, Standing], ...]:
    with MAJORS.open(encoding="utf-8", newline="") as file:
        return tuple((row["major"], Standing(row["standing"])) for row in csv.DictReader(file))
