"""Who is near the cap: representatives and agencies by how many national evaluations count for them in a year."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, literal, select, union_all
from sqlalchemy.orm import Session, aliased

from agency import naming
from agency.models import Agency, Person, Place, Representation
from agency.queries.places import Strip, names_of, strips
from core.db import Base
from core.paging import Page, page_of

PERSON, AGENCY = "person", "agency"


def _counts() -> Any:
    """A row for each person and year; and for each agency whose year isn't all under one representative."""
    person, agency, beside = Place, aliased(Place), aliased(Place)
    persons = (
        select(
            person.year.label("year"),
            literal(PERSON).label("kind"),
            person.person_id.label("holder_id"),
            func.count().label("used"),
        )
        .where(person.person_id.is_not(None))
        .group_by(person.year, person.person_id)
    )
    agencies = (
        select(
            agency.year.label("year"),
            literal(AGENCY).label("kind"),
            agency.agency_id.label("holder_id"),
            func.count(agency.id.distinct()).label("used"),
        )
        .outerjoin(beside, (beside.evaluation_id == agency.evaluation_id) & beside.person_id.is_not(None))
        .where(agency.agency_id.is_not(None))
        .group_by(agency.year, agency.agency_id)
        .having(func.count(beside.person_id.distinct()) != 1)
    )
    return union_all(persons, agencies).subquery("holder")


class Holder:
    """For whom how many count in a year."""

    year: Any
    kind: Any
    holder_id: Any
    used: Any


_TABLE = _counts()
Base.registry.map_imperatively(Holder, _TABLE, primary_key=[_TABLE.c.year, _TABLE.c.kind, _TABLE.c.holder_id])


@dataclass(frozen=True, slots=True)
class HolderRow:
    """One line of the list: `masked` the person's number as officers may read it; None for an agency."""

    person_id: int | None
    agency_id: int | None
    name: str
    masked: str | None
    strip: Strip


def holders(
    session: Session, *, year: int, least: int = 1, word: str = "", cursor: str | None = None
) -> tuple[Page[Any], tuple[HolderRow, ...]]:
    """A page of those for whom at least so many count, most first; `word`: part of the name of one of the agencies."""
    rows = select(Holder).where(Holder.year == year, Holder.used >= least)
    if word.strip():
        rows = rows.where(_of_agency(session, word, year))
    keys = (Holder.used, Holder.kind, Holder.holder_id)
    page = page_of(session, rows, keys=keys, cursor=cursor, descending=True)
    found = [(row.kind, row.holder_id) for row in page.items]
    return page, _lines(session, found, year)


def _of_agency(session: Session, word: str, year: int) -> Any:
    named: Select[Any] = naming.named(session, select(Agency.id), word)
    maker = aliased(Place)
    persons = (
        select(Place.person_id)
        .join(maker, maker.evaluation_id == Place.evaluation_id)
        .where(Place.year == year, Place.person_id.is_not(None), maker.agency_id.in_(named))
    )
    return ((Holder.kind == PERSON) & Holder.holder_id.in_(persons)) | (
        (Holder.kind == AGENCY) & Holder.holder_id.in_(named)
    )


def _lines(session: Session, found: Collection[tuple[str, int]], year: int) -> tuple[HolderRow, ...]:
    persons = [holder for kind, holder in found if kind == PERSON]
    agencies = [holder for kind, holder in found if kind == AGENCY]
    strip_of = strips(session, year=year, persons=persons, agencies=agencies)
    people, named = people_of(session, persons), names_of(session, agencies)
    return tuple(
        HolderRow(holder, None, *people[holder], strip_of[holder, None])
        if kind == PERSON
        else HolderRow(None, holder, named[holder], None, strip_of[None, holder])
        for kind, holder in found
    )


def people_of(session: Session, person_ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Person → the name under which they represented an agency last, and their number masked."""
    row = Representation
    names = session.execute(
        select(row.person_id, row.name, Person.masked)
        .join(Person, Person.id == row.person_id)
        .where(row.person_id.in_(set(person_ids)))
        .order_by(row.since, row.id)
    )
    return {person_id: (name, masked) for person_id, name, masked in names}


def holder_of_person(session: Session, person_id: int, year: int) -> HolderRow | None:
    """A representative's year; None for a person who never was one."""
    return next(iter(_lines(session, [(PERSON, person_id)], year)), None) if people_of(session, [person_id]) else None


def holder_of_agency(session: Session, agency_id: int, year: int) -> HolderRow | None:
    """An agency's year."""
    return next(iter(_lines(session, [(AGENCY, agency_id)], year)), None) if names_of(session, [agency_id]) else None


def years(session: Session) -> tuple[int, ...]:
    """The years in which places are held, newest first."""
    return tuple(session.scalars(select(Place.year).distinct().order_by(Place.year.desc())))
