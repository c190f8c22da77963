"""The numbered places of the cap (第二十二条第二款): taken, given back, and moved with the representatives.

All of it is part of a running transaction. Everybody who writes places locks first the agencies of the evaluation, in
the order of their ids, and then the persons: whoever changes a representative holds the agency already. So the history
of representatives stands still while it is read, and two who reach for the last place come one after the other. Sums
and log come after: who has written those already calls `hold` first of all. Beneath it the database's constraints make
a sixteenth impossible, whatever the code does.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from agency.models import Agency, Person, Place
from agency.queries.places import HolderUsage, cap_on, terms_of, usage
from agency.rules import capping
from agency.rules.capping import needs_places
from core import audit
from core.errors import Conflict, DomainError
from core.law import jurisdiction
from core.refs import Actor
from notices import outbox
from notices.outbox import Audience

__all__ = [
    "NoPlaceLeft",
    "NothingDue",
    "PlacesMoved",
    "hold",
    "leave",
    "needs_places",
    "place",
    "release",
    "resettle",
    "restore",
    "take",
    "take_what_is_free",
]

RESETTLING = 22_2  # the key of PostgreSQL's lock under which representatives' changes move places


class NoPlaceLeft(DomainError):
    """第二十二条第二款: a sixteenth. `usage`: the holders that have none left, with what each agency has used."""

    def __init__(self, full: Sequence[HolderUsage], *, agency_ids: Collection[int], year: int, cap: int) -> None:
        told = {holder.shares: _told(holder, agency_ids, year, cap) for holder in reversed(full)}
        super().__init__(
            "；".join(reversed(told.values()))
            + f"（{jurisdiction().cite('JL-22-2')}）。进场前终止的项目撤回并经主管部门确认后，名额可以再用。",
            clause="JL-22-2",
            field="level",
        )
        self.usage = tuple(full)


class PlacesMoved(Conflict):
    """Somebody else took or moved the places in the same moment."""


class NothingDue(Conflict):
    """It is not over the cap, or no longer."""


def _told(holder: HolderUsage, agency_ids: Collection[int], year: int, cap: int) -> str:
    whose = "法定代表人" if holder.person_id is not None else "机构"
    shares = "，".join(f"{name} {count} 项" for name, count in holder.as_known_to(agency_ids))
    return f"{whose}{holder.name} {year} 年的国家级评价名额（{cap} 项）已经用完：{shares}"


def hold(session: Session, agency_ids: Collection[int], *, counted_on: date) -> None:
    """Lock these agencies and their representatives of a day, for one who writes sums or log before taking."""
    _lock_agencies(session, agency_ids)
    _lock_persons(session, capping.holders(terms_of(session, agency_ids), on=counted_on).persons)


def take(session: Session, evaluation_id: int, agency_ids: Collection[int], *, counted_on: date) -> None:
    """Take the places that an evaluation needs, all or none. Raises NoPlaceLeft, PlacesMoved."""
    places = _needed(session, evaluation_id, agency_ids, counted_on)
    without = {(place.person_id, place.agency_id) for place in places if place.number is None}
    if without:
        holders = usage(session, agency_ids, counted_on=counted_on)
        raise NoPlaceLeft(
            [holder for holder in holders if (holder.person_id, holder.agency_id) in without],
            agency_ids=agency_ids,
            year=counted_on.year,
            cap=cap_on(jurisdiction(), counted_on),
        )
    _write(session, places)


def take_what_is_free(session: Session, evaluation_id: int, agency_ids: Collection[int], *, counted_on: date) -> bool:
    """Past the gate (reading 6): take what is free. False where some are due without a number: it is over the cap.

    Raises PlacesMoved.
    """
    places = _needed(session, evaluation_id, agency_ids, counted_on)
    _write(session, places)
    return all(place.number is not None for place in places)


def place(session: Session, evaluation_id: int) -> None:
    """Give one that is over the cap the places that have become free: to each holder that lacked one, or to none.

    Free is a number that nobody has: the others over the cap have none and don't stand in the way. Raises NothingDue,
    NoPlaceLeft, PlacesMoved.
    """
    session.flush()
    mine = select(Place).where(Place.evaluation_id == evaluation_id).order_by(Place.id)
    makers = [each.agency_id for each in session.scalars(mine) if each.agency_id is not None]
    _lock_agencies(session, makers)
    _lock_persons(session, (each.person_id for each in session.scalars(mine)))
    held = session.scalars(mine, execution_options={"populate_existing": True}).all()
    lacking = [each for each in held if each.number is None]
    if not lacking:
        raise NothingDue("这项评价没有超额的名额要核定，或者刚刚已经核定。")
    day = lacking[0].counted_on
    free = _numbers(session, lacking, over_cap=False)
    full = {(each.person_id, each.agency_id) for each, number in zip(lacking, free, strict=True) if number is None}
    if full:
        holders = [each for each in usage(session, makers, counted_on=day) if (each.person_id, each.agency_id) in full]
        named = {agency_id for each in holders for agency_id, _, _ in each.shares}  # an officer reads them all
        raise NoPlaceLeft(holders, agency_ids=named, year=day.year, cap=cap_on(jurisdiction(), day))
    for each, number in zip(lacking, free, strict=True):
        each.number = number
    _write(session, lacking)


def release(session: Session, evaluation_id: int) -> None:
    """Give back what an evaluation holds (reading 10)."""
    session.flush()
    makers = select(Place.agency_id).where(Place.evaluation_id == evaluation_id, Place.agency_id.is_not(None))
    _lock_agencies(session, (agency_id for agency_id in session.scalars(makers) if agency_id is not None))
    session.execute(delete(Place).where(Place.evaluation_id == evaluation_id))


def leave(session: Session, evaluation_id: int, agency_id: int) -> None:
    """One of several makers is none any more: its place is free, and its representative's, unless another's as well."""
    session.flush()
    rows = session.execute(
        select(Place.agency_id, Place.counted_on).where(
            Place.evaluation_id == evaluation_id, Place.agency_id.is_not(None)
        )
    ).all()
    days = {maker: day for maker, day in rows if maker is not None}
    if agency_id not in days:
        return
    _lock_agencies(session, days)
    staying = capping.holders(terms_of(session, days.keys() - {agency_id}), on=days[agency_id])
    no_longer = or_(Place.agency_id == agency_id, Place.person_id.not_in(staying.persons))
    session.execute(delete(Place).where(Place.evaluation_id == evaluation_id, no_longer))


def restore(session: Session, evaluation_id: int, agency_ids: Collection[int], *, counted_on: date) -> None:
    """Take again what was given back (reading 10); what was kept is kept. Raises NoPlaceLeft, PlacesMoved."""
    session.flush()
    if session.scalar(select(func.count()).where(Place.evaluation_id == evaluation_id)):
        return
    if needs_places(jurisdiction(), counted_on):
        take(session, evaluation_id, agency_ids, counted_on=counted_on)


def resettle(session: Session, agency_id: int, *, by: Actor | None = None) -> tuple[int, ...]:
    """Reading 8: let the places of an agency's evaluations follow its history of representatives.

    What is no longer due is dropped; what is newly due gets the lowest place free, in the order in which they began,
    and none where none is free; the rest stays. The evaluations that are thereby over the cap are returned; the
    agencies that make them and the desk are told. Raises PlacesMoved.
    """
    session.flush()
    _lock_agencies(session, [agency_id])
    if session.get_bind().dialect.name == "postgresql":
        # a joint evaluation has two agencies: changes at both move the same places, one after the other
        session.execute(select(func.pg_advisory_xact_lock(RESETTLING)))
    evaluations = _evaluations_of(session, agency_id)
    outdated, newly = _compared(session, evaluations)
    if not outdated and not newly:
        return ()
    _lock_persons(session, (place.person_id for place in newly))
    for place in outdated:
        session.delete(place)
    session.flush()
    for place in newly:
        place.number = _numbers(session, [place])[0]
        _write(session, [place])
    over = tuple(place.evaluation_id for place in newly if place.number is None)
    _tell(session, agency_id, newly, parties={each for number in over for each in evaluations[number].makers}, by=by)
    return over


@dataclass(frozen=True, slots=True)
class _Made:
    """An evaluation that holds places: by whom, and of which day."""

    makers: tuple[int, ...]
    counted_on: date


def _evaluations_of(session: Session, agency_id: int) -> dict[int, _Made]:
    own = select(Place.evaluation_id).where(Place.agency_id == agency_id)
    makers: defaultdict[int, list[int]] = defaultdict(list)
    days: dict[int, date] = {}
    rows = select(Place.evaluation_id, Place.agency_id, Place.counted_on)
    for evaluation_id, maker, day in session.execute(
        rows.where(Place.evaluation_id.in_(own), Place.agency_id.is_not(None)).order_by(Place.agency_id)
    ):
        makers[evaluation_id].append(maker or 0)
        days[evaluation_id] = day
    return {evaluation_id: _Made(tuple(by), days[evaluation_id]) for evaluation_id, by in makers.items()}


def _compared(session: Session, evaluations: Mapping[int, _Made]) -> tuple[list[Place], list[Place]]:
    """The persons' places that are due no longer, and those that are newly due, in the order of their days."""
    terms = terms_of(session, {maker for made in evaluations.values() for maker in made.makers})
    due = {
        (evaluation_id, person_id)
        for evaluation_id, made in evaluations.items()
        for person_id in capping.holders({maker: terms[maker] for maker in made.makers}, on=made.counted_on).persons
    }
    rows = select(Place).where(Place.evaluation_id.in_(evaluations), Place.person_id.is_not(None))
    held = {
        (place.evaluation_id, place.person_id): place
        for place in session.scalars(rows, execution_options={"populate_existing": True})
    }
    newly = sorted(due - held.keys(), key=lambda pair: (evaluations[pair[0]].counted_on, *pair))
    return (
        [place for pair, place in held.items() if pair not in due],
        [
            _place(evaluation_id, evaluations[evaluation_id].counted_on, person_id=person)
            for evaluation_id, person in newly
        ],
    )


def _tell(
    session: Session, agency_id: int, moved: Sequence[Place], *, parties: Iterable[int], by: Actor | None
) -> None:
    agency = session.get_one(Agency, agency_id)
    over = sum(place.number is None for place in moved)
    audit.record(session, "agency.places_moved", agency, by=by, after=f"{len(moved)} 项，其中超额 {over} 项")
    for party in sorted(parties):
        outbox.post(session, "over_cap", to=Audience.agency(party), about=session.get_one(Agency, party))
    outbox.post(session, "over_cap" if over else "places_moved", to=Audience.role("reviewer"), about=agency)


def _needed(session: Session, evaluation_id: int, agency_ids: Collection[int], counted_on: date) -> list[Place]:
    """The places that an evaluation needs, each with the lowest number free or none; their holders are locked."""
    session.flush()
    _lock_agencies(session, agency_ids)
    due = capping.holders(terms_of(session, agency_ids), on=counted_on)
    _lock_persons(session, due.persons)
    places = [
        *(_place(evaluation_id, counted_on, person_id=person_id) for person_id in due.persons),
        *(_place(evaluation_id, counted_on, agency_id=agency_id) for agency_id in due.agencies),
    ]
    for place, number in zip(places, _numbers(session, places), strict=True):
        place.number = number
    return places


def _place(evaluation_id: int, counted_on: date, **holder: int) -> Place:
    return Place(evaluation_id=evaluation_id, year=counted_on.year, counted_on=counted_on, **holder)


def _numbers(session: Session, places: Sequence[Place], *, over_cap: bool = True) -> list[int | None]:
    """For each of these, of one day, the number it can have; `over_cap`: what has none counts all the same."""
    day = places[0].counted_on
    used: defaultdict[tuple[int | None, int | None], list[int | None]] = defaultdict(list)
    rows = select(Place.person_id, Place.agency_id, Place.number).where(
        Place.year == day.year,
        or_(
            Place.person_id.in_([place.person_id for place in places if place.person_id is not None]),
            Place.agency_id.in_([place.agency_id for place in places if place.agency_id is not None]),
        ),
    )
    for person_id, agency_id, number in session.execute(rows):
        if over_cap or number is not None:
            used[person_id, agency_id].append(number)
    cap = cap_on(jurisdiction(), day)
    return [capping.place_for(used[place.person_id, place.agency_id], cap=cap) for place in places]


def _lock_agencies(session: Session, agency_ids: Iterable[int]) -> None:
    rows = select(Agency.id).where(Agency.id.in_(set(agency_ids))).order_by(Agency.id)
    session.execute(rows.with_for_update(key_share=True)).all()


def _lock_persons(session: Session, person_ids: Iterable[int | None]) -> None:
    rows = select(Person.id).where(Person.id.in_(set(person_ids))).order_by(Person.id)
    session.execute(rows.with_for_update(key_share=True)).all()


def _write(session: Session, places: Sequence[Place]) -> None:
    session.add_all(places)
    try:
        session.flush()
    except IntegrityError:
        raise PlacesMoved("国家级评价名额刚刚有变动，本次没有办成；请刷新后再办理一次。") from None
