"""Reading the desk's register of applicants: search, filters, pages, export, and who is excluded now."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, or_, select
from sqlalchemy.orm import Session, aliased, load_only

from applicants import naming
from applicants.models import Applicant, Exclusion, Kind, ListLevel
from applicants.rules import UNTIL_LIFTED, first_day_that_stands
from core.law import jurisdiction
from core.paging import Page, bounded_count, page_of
from core.places import bureaus

OUTSIDE = "outside"  # in the address bar: outside Jilin, or of no known bureau
FLAGS = {Kind.FACTORY: Applicant.is_factory, Kind.PARK: Applicant.is_park, Kind.SUPPLY_CHAIN: Applicant.is_supply_chain}
SHOWN = (
    Applicant.name, Applicant.credit_code, Applicant.body_code, Applicant.is_factory, Applicant.is_park,
    Applicant.is_supply_chain, Applicant.region, Applicant.bureau, Applicant.county, Applicant.industry_code,
    Applicant.industry, Applicant.listed, Applicant.origin, Applicant.sort_key,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of the register; "" and None: everything. `scope`: the one bureau that the reader sees."""

    word: str = ""
    kind: Kind | None = None
    bureau: str = ""  # a key, or OUTSIDE
    listed: ListLevel | None = None
    excluded: bool | None = None
    scope: str | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """One page; `found` is None where there are too many to count at each look."""

    page: Page[Applicant]
    found: int | None
    excluded: frozenset[int]  # of those on the page


def listing(session: Session, wanted: Wanted, *, on: date, cursor: str | None = None) -> Listing:
    """A page of the applicants that are asked for, by name; three queries, four with a word."""
    rows = _asked_for(session, wanted, on)
    page = page_of(
        session,
        rows.options(load_only(*SHOWN, raiseload=True)),
        keys=(Applicant.sort_key, Applicant.id),
        cursor=cursor,
    )
    return Listing(page, bounded_count(session, rows), excluded_among(session, [row.id for row in page.items], on=on))


def excluded_among(session: Session, ids: Sequence[int], *, on: date) -> frozenset[int]:
    """Those of these applicants against whom, or against an enterprise inside, something stands on a day."""
    if not ids:
        return frozenset()
    excluded = session.execute(
        select(Applicant.id, Applicant.park_id)
        .join(Exclusion, Exclusion.applicant_id == Applicant.id)
        .where(_stands(on), or_(Applicant.id.in_(ids), Applicant.park_id.in_(ids)))
    )
    return frozenset(each for pair in excluded for each in pair) & frozenset(ids)


def exported(session: Session, wanted: Wanted, *, on: date) -> Iterator[tuple[Any, ...]]:
    """Every applicant that is asked for, a row each for the spreadsheet, read piece by piece. No personal data."""
    park = aliased(Applicant)
    rows = (
        _asked_for(session, wanted, on)
        .outerjoin(park, park.id == Applicant.park_id)
        .with_only_columns(
            Applicant.name, Applicant.credit_code, Applicant.body_name, Applicant.body_code, Applicant.is_factory,
            Applicant.is_park, Applicant.is_supply_chain, Applicant.bureau, Applicant.region, Applicant.county,
            Applicant.address, Applicant.industry_code, Applicant.industry, Applicant.listed,
            Applicant.is_green_factory, Applicant.industrial_share, park.name, is_excluded(on),
        )
        .order_by(Applicant.sort_key, Applicant.id)
        .execution_options(yield_per=500)
    )  # fmt: skip
    for (
        name, code, body, body_code, factory, is_park, chain, bureau, region, county, address, industry_code, industry,
        listed, green, share, park_name, excluded,
    ) in session.execute(rows):  # fmt: skip
        held = {Kind.FACTORY: factory, Kind.PARK: is_park, Kind.SUPPLY_CHAIN: chain}
        kinds = "、".join(kind.label for kind, has in held.items() if has)
        place = bureaus()[bureau].place if bureau in bureaus() else region
        yield (
            name, code, body, body_code, kinds, place, county, address, industry_code, industry, listed.label,
            {True: "是", False: "否"}.get(green), None if share is None else share / 10, park_name,
            "是" if excluded else "否",
        )  # fmt: skip


def is_excluded(on: date) -> ColumnElement[bool]:
    """Whether something of Article 11 stands against an applicant on a day, as `rules.standing_exclusions` finds it."""
    inside = aliased(Applicant)
    own = select(Exclusion.applicant_id).where(_stands(on))
    parks = (
        select(inside.park_id)
        .join(Exclusion, Exclusion.applicant_id == inside.id)
        .where(_stands(on), inside.park_id.is_not(None))
    )
    return Applicant.id.in_(own.union(parks))


def _stands(on: date) -> ColumnElement[bool]:
    """Whether a fact stands on a day."""
    law = jurisdiction()
    if on < law.in_force_since:
        return false()
    lasting = and_(Exclusion.ground.in_(UNTIL_LIFTED), or_(Exclusion.lifted_on.is_(None), Exclusion.lifted_on > on))
    for_years = and_(Exclusion.ground.not_in(UNTIL_LIFTED), Exclusion.on >= first_day_that_stands(on, law=law))
    return and_(Exclusion.annulled_at.is_(None), Exclusion.on <= on, or_(lasting, for_years))


def _asked_for(session: Session, wanted: Wanted, on: date) -> Select[Any]:
    return naming.named(session, select(Applicant).where(*_filters(wanted, on)), wanted.word)


def _filters(wanted: Wanted, on: date) -> Iterator[ColumnElement[bool]]:
    if wanted.scope is not None:
        yield Applicant.bureau == wanted.scope
    if wanted.kind is not None:
        yield FLAGS[wanted.kind].is_(True)
    if wanted.bureau == OUTSIDE:
        yield Applicant.bureau == ""
    elif wanted.bureau:
        yield Applicant.bureau == wanted.bureau
    if wanted.listed is not None:
        yield Applicant.listed == wanted.listed
    if wanted.excluded is not None:
        yield is_excluded(on) if wanted.excluded else ~is_excluded(on)
