"""How many evaluations an agency makes a year, as anyone may know: sums alone, no applicant's name, no amount."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Subquery, func, select
from sqlalchemy.orm import Session

from evaluations.models import Tally
from evaluations.rules.states import Level, State

YEARS = 10  # shown of an agency, the latest first


@dataclass(frozen=True, slots=True)
class Year:
    """An application year: how many at each level, in the order of Level."""

    year: int
    levels: tuple[tuple[Level, int], ...]

    @property
    def total(self) -> int:
        return sum(count for _, count in self.levels)


def counted_in(year: int) -> Subquery:
    """Agency and sum of a year, withdrawn ones left out: what a list joins."""
    rows = select(Tally.agency_id, func.sum(Tally.count).label("made")).where(Tally.year == year, *_not_withdrawn())
    return rows.group_by(Tally.agency_id).subquery()


def this_year(session: Session, agency_ids: Collection[int], *, year: int) -> Mapping[int, int]:
    """How many of a year each agency has; who has none is not in it."""
    sums = counted_in(year)
    rows = select(sums.c.agency_id, sums.c.made).where(sums.c.agency_id.in_(agency_ids))
    return {row.agency_id: int(row.made) for row in session.execute(rows)}


def years_of(session: Session, agency_id: int) -> tuple[Year, ...]:
    """The latest years in which an agency has evaluations that were not withdrawn."""
    rows = session.execute(
        select(Tally.year, Tally.level, func.sum(Tally.count).label("made"))
        .where(Tally.agency_id == agency_id, *_not_withdrawn())
        .group_by(Tally.year, Tally.level)
        .order_by(Tally.year.desc())
    )
    found: defaultdict[int, dict[Level, int]] = defaultdict(dict)
    for row in rows:
        found[row.year][row.level] = int(row.made)
    years = (Year(year, tuple((level, levels.get(level, 0)) for level in Level)) for year, levels in found.items())
    return tuple(each for each in years if each.total)[:YEARS]


def _not_withdrawn() -> tuple[ColumnElement[bool], ...]:
    return (Tally.state != State.WITHDRAWN,)
