"""An agency's year: how many evaluations of each level, kind and state, from kept sums; its places; other provinces."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from agency.models import OutsideProjects, Representation
from agency.queries import places
from agency.queries.places import HolderUsage, Strip
from applicants.models import Kind
from core import law
from evaluations.models import Tally
from evaluations.rules.states import Level, State

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Board:
    """Sums of an agency's application year."""

    year: int
    years: tuple[int, ...]  # in which there is something, newest first
    counts: Mapping[tuple[Level, State], int]
    kinds: Mapping[Kind, int]  # without those withdrawn

    def of_level(self, level: Level) -> int:
        return sum(count for (each, _), count in self.counts.items() if each is level)

    def of_state(self, state: State) -> int:
        return sum(count for (_, each), count in self.counts.items() if each is state)

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Cap:
    """The national places of a calendar year, as the agency may know them."""

    year: int
    most: int
    representative: str
    strip: Strip | None  # of its legal representative in office; None: nobody is known
    by_representative: HolderUsage | None
    by_agency: HolderUsage | None
    outside: int  # 已知数: national projects for other provinces, which hold no place

    @property
    def own(self) -> int:
        """The agency's own that its representative of today has used, or that it used under another."""
        return self.by_agency.used if self.by_agency else 0

    @property
    def left(self) -> int:
        used = (usage.used for usage in (self.by_representative, self.by_agency) if usage is not None)
        return max(self.most - max(used, default=0), 0)


def board(session: Session, agency_id: int, year: int) -> Board:
    rows = session.execute(
        select(Tally.level, Tally.kind, Tally.state, func.sum(Tally.count))
        .where(Tally.agency_id == agency_id, Tally.year == year)
        .group_by(Tally.level, Tally.kind, Tally.state)
    ).tuples()
    found = [(level, kind, state, int(count)) for level, kind, state, count in rows]
    return Board(
        year=year,
        years=_years(session, agency_id, year),
        counts=_summed(((level, state), count) for level, _, state, count in found),
        kinds=_summed((kind, count) for _, kind, state, count in found if state is not State.WITHDRAWN),
    )


def cap(session: Session, agency_id: int, on: date) -> Cap:
    """The places of a day's year: those of the representative in office and the agency's own."""
    person = session.execute(
        select(Representation.person_id, Representation.name)
        .where(Representation.agency_id == agency_id, Representation.since <= on)
        .where(Representation.until.is_(None) | (Representation.until >= on))
        .order_by(Representation.since.desc(), Representation.id.desc())
        .limit(1)
    ).one_or_none()
    usages = places.usage(session, [agency_id], counted_on=on)
    return Cap(
        year=on.year,
        most=law.jurisdiction().number("national_cap", on=on),
        representative=person.name if person else "",
        strip=places.strip(session, person_id=person.person_id, year=on.year) if person else None,
        by_representative=next((usage for usage in usages if usage.person_id is not None), None),
        by_agency=next((usage for usage in usages if usage.agency_id is not None), None),
        outside=session.scalar(
            select(func.coalesce(func.sum(OutsideProjects.count), 0)).where(
                OutsideProjects.agency_id == agency_id, OutsideProjects.year == on.year
            )
        )
        or 0,
    )


def _years(session: Session, agency_id: int, year: int) -> tuple[int, ...]:
    some = session.scalars(
        select(Tally.year).where(Tally.agency_id == agency_id).group_by(Tally.year).having(func.sum(Tally.count) > 0)
    )
    return tuple(sorted({year, *some}, reverse=True))


def _summed(pairs: Iterable[tuple[Key, int]]) -> Mapping[Key, int]:
    sums: dict[Key, int] = {}
    for key, count in pairs:
        sums[key] = sums.get(key, 0) + count
    return sums
