"""An agency's year: how many evaluations of each level, kind and state, from kept sums; its places; other provinces."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from agency.models import Agency, FilingStatus, OutsideProjects
from agency.queries import places
from agency.queries.places import Strip
from agency.rules.capping import representative_on
from applicants.models import Kind
from evaluations.models import Tally
from evaluations.rules.states import Level, State

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Board:
    """Sums of an agency's application year."""

    year: int
    years: tuple[int, ...]  # in which there is something, newest first
    counts: Mapping[tuple[Level, State], int]
    kinds: Mapping[Kind, int]

    def of_level(self, level: Level) -> int:
        return sum(count for (each, _), count in self.counts.items() if each is level)

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Cap:
    """The national places of a calendar year, as the agency may know them."""

    year: int
    representative: str  # name; "" where none is known
    strip: Strip | None  # of the representative: of others of the same it knows only that there are some
    own: Strip  # the agency's own, of whomever it was represented by
    outside: int  # 已知数: national projects for other provinces, which hold no place

    @property
    def left(self) -> int:
        """How many it can still begin this year."""
        return self.own.left if self.strip is None else min(self.strip.left, self.own.left)

    @property
    def own_evaluations(self) -> Mapping[int, int | None]:
        """The agency's own evaluations that hold a place, each with its number."""
        cells = (*self.own.cells, *self.own.over)
        return {cell.evaluation_id: cell.number for cell in cells if cell.evaluation_id is not None}

    @property
    def own_is_tighter(self) -> bool:
        """Whether it is the agency's own places that bind: then they are shown too."""
        return self.strip is None or self.own.left < self.strip.left


def is_filed(session: Session, agency_id: int) -> bool:
    """Whether the agency has a filing in force now."""
    return session.scalar(select(Agency.filing_status).where(Agency.id == agency_id)) is FilingStatus.FILED


def board(session: Session, agency_id: int, year: int) -> Board:
    rows = session.execute(
        select(Tally.year, Tally.level, Tally.kind, Tally.state, func.sum(Tally.count))
        .where(Tally.agency_id == agency_id)
        .group_by(Tally.year, Tally.level, Tally.kind, Tally.state)
        .having(func.sum(Tally.count) > 0)
    )
    found = [(each, level, kind, state, int(count)) for each, level, kind, state, count in rows]
    return Board(
        year=year,
        years=tuple(sorted({year, *(each for each, *_ in found)}, reverse=True)),
        counts=_summed(((level, state), count) for each, level, _, state, count in found if each == year),
        kinds=_summed((kind, count) for each, _, kind, _, count in found if each == year),
    )


def cap(session: Session, agency_id: int, on: date) -> Cap:
    """The places of a day's year: of the representative on that day, and the agency's own."""
    office = representative_on(places.terms_of(session, [agency_id])[agency_id], on)
    outside = select(func.coalesce(func.sum(OutsideProjects.count), 0)).where(
        OutsideProjects.agency_id == agency_id, OutsideProjects.year == on.year
    )
    strip = places.strip(session, person_id=office.person_id, year=on.year) if office else None
    return Cap(
        year=on.year,
        representative=office.name if office else "",
        strip=strip.as_known_to([agency_id]) if strip else None,
        own=places.strip(session, agency_id=agency_id, year=on.year),
        outside=session.scalar(outside) or 0,
    )


def _summed(pairs: Iterable[tuple[Key, int]]) -> Mapping[Key, int]:
    sums: dict[Key, int] = {}
    for key, count in pairs:
        sums[key] = sums.get(key, 0) + count
    return sums
