"""Reading the places of the cap: how many are used and by whom, the strip of fifteen, what is over it."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from agency.models import Agency, Place, Representation
from agency.models.places import MOST
from agency.rules.capping import InOffice, representative_on
from core.law import Jurisdiction, jurisdiction

SOMEBODY_ELSE = "同一法定代表人的其他机构"


@dataclass(frozen=True, slots=True)
class HolderUsage:
    """How many national evaluations count for a person, or for an agency, in a year.

    `used` counts those over the cap too: they were done. `shares`: of a person, which agencies they are of (a joint one
    by two of the person's agencies is in both shares); of an agency, itself.
    """

    person_id: int | None
    agency_id: int | None
    name: str
    used: int
    shares: tuple[tuple[int, str, int], ...]  # agency id, its name, how many
    asked: tuple[int, ...] = ()  # of the agencies that were asked of, those that it is the holder for

    def as_known_to(self, agency_ids: Collection[int]) -> tuple[tuple[str, int], ...]:
        """Name and count of each share as these agencies may know them: the others only as others."""
        own = [(name, count) for agency_id, name, count in self.shares if agency_id in agency_ids]
        others = sum(count for agency_id, _, count in self.shares if agency_id not in agency_ids)
        return (*own, *([(SOMEBODY_ELSE, others)] if others else ()))


@dataclass(frozen=True, slots=True)
class Cell:
    """A place. `number` None: of an evaluation over the cap. Free where `held` is False."""

    number: int | None
    held: bool = False
    evaluation_id: int | None = None
    agency_ids: tuple[int, ...] = ()  # the holder's that make the evaluation: several of a joint one
    agency_name: str = ""
    own: bool = True  # False: another agency's, which the reader may not know by name

    @property
    def agency_id(self) -> int | None:
        return self.agency_ids[0] if self.agency_ids else None


def _is_held(cell: Cell) -> bool:
    return cell.held


def _whose(cell: Cell) -> tuple[str, bool]:
    return cell.agency_name, cell.own


@dataclass(frozen=True, slots=True)
class Strip:
    """The places of a holder in a year: as many cells as the cap allows, and beside them what is over it."""

    year: int
    cap: int
    cells: tuple[Cell, ...]
    over: tuple[Cell, ...]

    @property
    def used(self) -> int:
        """How many count for the year, those over the cap too."""
        return sum(cell.held for cell in self.cells) + len(self.over)

    @property
    def left(self) -> int:
        return max(0, self.cap - self.used)

    @property
    def own(self) -> int:
        """How many places the reader's own agency holds."""
        return sum(cell.held and cell.own for cell in self.cells)

    @property
    def others(self) -> int:
        """How many places other agencies of the same representative hold."""
        return sum(cell.held and not cell.own for cell in self.cells)

    @property
    def shares(self) -> tuple[tuple[str, bool, int], ...]:
        """Who holds how many of the places: name, whether the reader may know it, how many; in the strip's order."""
        return tuple((*whose, count) for whose, count in Counter(map(_whose, filter(_is_held, self.cells))).items())

    @property
    def uses(self) -> tuple[tuple[str, int, int], ...]:
        """Agency by agency: name, how many count for the year, and how many of these are over the cap."""
        over = Counter(cell.agency_name for cell in self.over)
        held = Counter(cell.agency_name for cell in self.cells if cell.held)
        return tuple((name, held[name] + over[name], over[name]) for name in held | over)

    def as_known_to(self, agency_ids: Collection[int]) -> "Strip":
        """The strip as these agencies may see it: their own by name, the rest as others of the representative."""

        def known(cell: Cell) -> Cell:
            if not cell.held or not set(agency_ids).isdisjoint(cell.agency_ids):
                return cell
            return replace(cell, evaluation_id=None, agency_ids=(), agency_name=SOMEBODY_ELSE, own=False)

        return replace(self, cells=tuple(map(known, self.cells)), over=tuple(map(known, self.over)))


def cap_on(law: Jurisdiction, day: date) -> int:
    """How many a holder may have, by the rules in force on a day; never more than the database holds."""
    return min(law.number("national_cap", on=max(day, law.in_force_since)), MOST)


def terms_of(session: Session, agency_ids: Iterable[int]) -> dict[int, list[InOffice]]:
    """Agency → its history of representatives; each agency asked for has one, if an empty one."""
    history: dict[int, list[InOffice]] = {agency_id: [] for agency_id in agency_ids}
    row = Representation
    found = select(row.agency_id, row.person_id, row.name, row.since, row.until).where(row.agency_id.in_(history))
    for agency_id, person_id, name, since, until in session.execute(found.order_by(row.since, row.id)):
        history[agency_id].append(InOffice(person_id, name, since, until))
    return history


@dataclass(frozen=True, slots=True)
class Held:
    """What counts for a holder: `agency_ids` are those of its agencies that make the evaluation."""

    person_id: int | None
    agency_id: int | None
    evaluation_id: int
    number: int | None
    agency_ids: tuple[int, ...]


def held_by(
    session: Session, *, year: int, persons: Collection[int] = (), agencies: Collection[int] = ()
) -> tuple[Held, ...]:
    """What counts in a year for these persons and for these agencies, those over the cap last."""
    row, beside = Place, aliased(Place)
    mine = or_(row.person_id.in_(persons), row.agency_id.in_(agencies))
    places = session.execute(
        select(row.person_id, row.agency_id, row.evaluation_id, row.number, row.counted_on)
        .where(row.year == year, mine)
        .order_by(row.number.is_(None), row.number, row.counted_on, row.evaluation_id)
    ).all()
    made_by: defaultdict[int, list[int]] = defaultdict(list)
    makers = select(beside.evaluation_id, beside.agency_id).where(
        beside.evaluation_id.in_(select(row.evaluation_id).where(row.year == year, row.person_id.in_(persons))),
        beside.agency_id.is_not(None),
    )
    for evaluation_id, agency_id in session.execute(makers.order_by(beside.agency_id)):
        made_by[evaluation_id].append(agency_id or 0)
    terms = terms_of(session, {agency_id for makers_of_one in made_by.values() for agency_id in makers_of_one})

    def shares(place: Any) -> tuple[int, ...]:
        if place.agency_id is not None:
            return (place.agency_id,)
        makers_of_one = made_by[place.evaluation_id]
        return tuple(
            agency_id
            for agency_id in makers_of_one
            if (office := representative_on(terms[agency_id], place.counted_on)) is not None
            and office.person_id == place.person_id
        )

    return tuple(
        Held(place.person_id, place.agency_id, place.evaluation_id, place.number, shares(place)) for place in places
    )


def names_of(session: Session, agency_ids: Iterable[int]) -> dict[int, str]:
    rows = session.execute(select(Agency.id, Agency.name).where(Agency.id.in_(set(agency_ids))))
    return dict(rows.all())


def usage(session: Session, agency_ids: Collection[int], *, counted_on: date) -> tuple[HolderUsage, ...]:
    """How much of a day's year is used of each distinct representative on that day, and of each agency."""
    persons: dict[int, str] = {}
    represents: defaultdict[int, list[int]] = defaultdict(list)
    for agency_id, history in sorted(terms_of(session, agency_ids).items()):
        if (office := representative_on(history, counted_on)) is not None:
            persons[office.person_id] = office.name
            represents[office.person_id].append(agency_id)
    held = held_by(session, year=counted_on.year, persons=persons, agencies=agency_ids)
    named = names_of(session, {*agency_ids, *(agency_id for place in held for agency_id in place.agency_ids)})
    return (
        *(
            replace(_usage(held, persons[person_id], named, person_id=person_id), asked=tuple(represents[person_id]))
            for person_id in sorted(persons)
        ),
        *(_usage(held, named[agency_id], named, agency_id=agency_id) for agency_id in sorted(set(agency_ids))),
    )


def _usage(
    held: Iterable[Held],
    name: str,
    named: Mapping[int, str],
    *,
    person_id: int | None = None,
    agency_id: int | None = None,
) -> HolderUsage:
    own = [place for place in held if (place.person_id, place.agency_id) == (person_id, agency_id)]
    counts = Counter(each for place in own for each in place.agency_ids)
    shares = tuple((each, named[each], count) for each, count in sorted(counts.items()))
    return HolderUsage(person_id, agency_id, name, len(own), shares, (agency_id,) if agency_id is not None else ())


def strip(session: Session, *, person_id: int | None = None, agency_id: int | None = None, year: int) -> Strip:
    """The strip of a person, or of an agency, in a year."""
    return strips(session, year=year, persons=[person_id or 0], agencies=[agency_id or 0])[person_id, agency_id]


def strips(
    session: Session, *, year: int, persons: Collection[int] = (), agencies: Collection[int] = ()
) -> dict[tuple[int | None, int | None], Strip]:
    """The strips of many at once, by (person, None) and (None, agency)."""
    held = held_by(session, year=year, persons=persons, agencies=agencies)
    named = names_of(session, {agency_id for place in held for agency_id in place.agency_ids})
    cap = cap_on(jurisdiction(), date(year, 12, 31))
    whose = [*((person_id, None) for person_id in persons), *((None, agency_id) for agency_id in agencies)]
    return {
        holder: _strip([p for p in held if (p.person_id, p.agency_id) == holder], named, year, cap) for holder in whose
    }


def _strip(held: Sequence[Held], named: Mapping[int, str], year: int, cap: int) -> Strip:
    cells = [
        Cell(
            number=place.number,
            held=True,
            evaluation_id=place.evaluation_id,
            agency_ids=place.agency_ids,
            agency_name="、".join(named[agency_id] for agency_id in place.agency_ids),
        )
        for place in held
    ]
    by_number = {cell.number: cell for cell in cells if cell.number is not None}
    last = max(cap, *by_number, 0)
    return Strip(
        year=year,
        cap=cap,
        cells=tuple(by_number.get(number, Cell(number)) for number in range(1, last + 1)),
        over=tuple(cell for cell in cells if cell.number is None),
    )


def over_cap(evaluation_id: ColumnElement[int] | InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Whether an evaluation is over the cap: it is due to a holder who had no place left for it."""
    due = aliased(Place)  # the statement around it may have places of its own
    return exists().where(due.evaluation_id == evaluation_id, due.number.is_(None))
