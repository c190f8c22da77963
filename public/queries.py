"""The register as anyone may see it: who has filed or is being reviewed, and nothing of their staff but two counts."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session, load_only, selectinload

from agency import naming
from agency.models import (
    Agency,
    FilingStatus,
    Flag,
    FlagKind,
    NonAdoption,
    QualificationCheck,
    Standing,
)
from agency.particulars import AgencyKind, Capability, from_json
from core import clock
from core.labels import Labelled
from core.paging import Page, bounded_count, page_of
from core.places import place_label
from core.search import searchable
from filing import receipts
from filing.models import Filing, Submission
from filing.rules import State
from public import circulars, evaluated
from public.circulars import Bar
from public.evaluated import Year

OUTSIDE = "outside"  # in the address bar: registered outside Jilin
WHOLE_CODE = re.compile("[0-9A-Z]{18}")
COUNTED = 200  # a list says how many it has up to here, then "more than"

PUBLIC = and_(Agency.standing == Standing.REGISTERED, Agency.filing_status != FilingStatus.NONE)
UNMET = and_(Flag.agency_id == Agency.id, Flag.kind == FlagKind.CONDITIONS_NOT_MET, Flag.cleared_on.is_(None))
DOES = {
    Capability.FACTORY: Agency.public_factories,
    Capability.PARK: Agency.public_parks,
    Capability.SUPPLY_CHAIN: Agency.public_supply_chains,
}


class Status(Labelled):
    """What the register can be filtered by. 条件不符 stands beside 已备案, not in its place (reading 1)."""

    FILED = "filed", "已备案"
    PENDING = "pending", "备案审核中"
    UNMET = "unmet", "条件不符"
    BARRED = "barred", "评价结果不予采信"
    CANCELLED = "cancelled", "已注销备案"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of the register; "" and None: everything."""

    word: str = ""
    city: str = ""  # key of a bureau, or OUTSIDE
    capability: Capability | None = None
    status: Status | None = None


@dataclass(frozen=True, slots=True)
class Unmet:
    """The mark 条件不符 beside a filing: since when, and by when it is to be mended (once an officer has said)."""

    since: date
    mend_by: date | None


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the register."""

    name: str
    credit_code: str
    place: str
    capabilities: tuple[Capability, ...]
    status: FilingStatus
    number: str | None
    filed_on: date | None
    ended_on: date | None
    unmet: Unmet | None
    evaluations: int | None = None  # of this year; None before there was a filing
    barred_until: date | None = None  # the last day of the non-adoption that runs today


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of the register; `found` is None where there are more than COUNTED."""

    entries: Sequence[Entry]
    previous: str | None
    next: str | None
    found: int | None


SHOWN = (
    Agency.public_name, Agency.credit_code, Agency.public_bureau, Agency.public_division, Agency.public_factories,
    Agency.public_parks, Agency.public_supply_chains, Agency.filing_status, Agency.filing_number,
    Agency.first_filed_on, Agency.filing_ended_on, Agency.public_sort_key,
)  # fmt: skip


def register(session: Session, wanted: Wanted, *, cursor: str | None = None) -> Listing:
    """A page of the agencies that are asked for, by name."""
    rows = _asked_for(session, wanted)
    page: Page[Agency] = page_of(
        session,
        rows.options(load_only(*SHOWN, raiseload=True), selectinload(Agency.flags.and_(Flag.cleared_on.is_(None)))),
        keys=(Agency.public_sort_key, Agency.id),
        cursor=cursor,
    )
    is_all = page.previous is None and page.next is None
    ids = [agency.id for agency in page.items]
    sums, barred = evaluated.this_year(session, ids, year=clock.today().year), circulars.barred_until(session, ids)
    return Listing(
        entries=[_entry(agency, sums.get(agency.id, 0), barred.get(agency.id)) for agency in page.items],
        previous=page.previous,
        next=page.next,
        found=len(page.items) if is_all else bounded_count(session, rows, most=COUNTED),
    )


def _asked_for(session: Session, wanted: Wanted) -> Select[Any]:
    rows = select(Agency).where(PUBLIC, *_filters(wanted))
    code = searchable(wanted.word).upper()
    if WHOLE_CODE.fullmatch(code):
        return rows.where(Agency.credit_code == code)
    return naming.named(session, rows, wanted.word, text=Agency.public_search_text)


def _filters(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.city:
        yield Agency.public_bureau == ("" if wanted.city == OUTSIDE else wanted.city)
    if wanted.capability is not None:
        yield DOES[wanted.capability].is_(True)
    if wanted.status is Status.UNMET:
        yield and_(Agency.filing_status == FilingStatus.FILED, select(Flag.id).where(UNMET).correlate(Agency).exists())
    elif wanted.status is Status.BARRED:
        yield Agency.id.in_(select(NonAdoption.agency_id).where(circulars.running_now(clock.today())))
    elif wanted.status is not None:
        yield Agency.filing_status == wanted.status.value


def _entry(agency: Agency, evaluations: int | None = None, barred_until: date | None = None) -> Entry:
    return Entry(
        name=agency.public_name,
        credit_code=agency.credit_code or "",
        place=place_label(agency.public_bureau, agency.public_division),
        capabilities=tuple(kind for kind, column in DOES.items() if getattr(agency, column.key)),
        status=agency.filing_status,
        number=agency.filing_number,
        filed_on=agency.first_filed_on,
        ended_on=agency.filing_ended_on,
        unmet=_unmet(agency),
        evaluations=evaluations if evaluations or agency.first_filed_on else None,
        barred_until=barred_until,
    )


def _unmet(agency: Agency) -> Unmet | None:
    """Only a filing in force can carry the mark."""
    if agency.filing_status is not FilingStatus.FILED:
        return None
    return next(
        (
            Unmet(flag.since, flag.mend_by)
            for flag in agency.flags
            if flag.kind is FlagKind.CONDITIONS_NOT_MET and flag.cleared_on is None
        ),
        None,
    )


def exported(session: Session, wanted: Wanted) -> Iterator[tuple[Any, ...]]:
    """Every agency that is asked for, a row each for the spreadsheet, read piece by piece."""
    sums, barred = evaluated.counted_in(clock.today().year), circulars.barred_now()
    rows = (
        _asked_for(session, wanted)
        .outerjoin(Flag, UNMET)
        .outerjoin(sums, sums.c.agency_id == Agency.id)
        .outerjoin(barred, barred.c.agency_id == Agency.id)
        .with_only_columns(
            Agency.public_name, Agency.credit_code, Agency.public_kind, Agency.public_bureau, Agency.public_division,
            Agency.public_address, Agency.public_representative, *DOES.values(),
            Agency.filing_status, Agency.filing_number, Agency.first_filed_on, Agency.filing_ended_on,
            sums.c.made, Flag.since, Flag.mend_by, barred.c.last,
        )
        .order_by(Agency.public_sort_key, Agency.id)
        .execution_options(yield_per=500)
    )  # fmt: skip
    for row in session.execute(rows):
        (name, code, kind, bureau, division, address, representative,
         *can, status, number, filed, ended, count, since, by, until) = row  # fmt: skip
        filed_now = status is FilingStatus.FILED
        does = (capability.label for capability, has in zip(Capability, can, strict=True) if has)
        yield (
            name, code, kind.label, place_label(bureau, division), address, representative, "、".join(does),
            status.label, number, filed, ended, int(count or 0) if count or filed else None,
            since if filed_now else None, by if filed_now else None, until,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class PublicAgency:
    """An agency's page: what the public may know (design: name, code, kind … the two staff counts)."""

    entry: Entry
    former_names: tuple[tuple[str, date], ...]  # name, last day
    kind: AgencyKind
    address: str
    representative: str
    capabilities: tuple[Capability, ...]
    in_force_since: date | None  # of the version in force
    intermediate: int | None
    senior: int | None
    counted_on: date | None
    years: tuple[Year, ...]  # of its evaluations
    bars: tuple[Bar, ...]  # its periods of non-adoption


def find_public(session: Session, credit_code: str) -> PublicAgency | None:
    """An agency by its code, as anyone may see it; None for one that has not handed in a filing.

    For a filing in force it shows what was handed in and accepted: changes count once their filing is.
    """
    if not WHOLE_CODE.fullmatch(credit_code):
        return None
    agency = session.scalar(
        select(Agency)
        .where(PUBLIC, Agency.credit_code == credit_code)
        .options(selectinload(Agency.flags), selectinload(Agency.former_names))
    )
    if agency is None:
        return None
    since = session.scalar(select(Filing.filed_on).where(Filing.agency_id == agency.id, Filing.state == State.FILED))
    entry = _entry(agency, barred_until=circulars.barred_until(session, [agency.id]).get(agency.id))
    check = session.execute(
        select(QualificationCheck.intermediate, QualificationCheck.senior, QualificationCheck.on).where(
            QualificationCheck.agency_id == agency.id
        )
    ).one_or_none()
    return PublicAgency(
        entry=entry,
        former_names=tuple((each.name, each.until) for each in agency.former_names if each.name != entry.name),
        kind=agency.public_kind,
        address=agency.public_address,
        representative=agency.public_representative,
        capabilities=entry.capabilities,
        in_force_since=since,
        intermediate=check.intermediate if check else None,
        senior=check.senior if check else None,
        counted_on=check.on if check else None,
        years=evaluated.years_of(session, agency.id),
        bars=tuple(circulars.bars_of(session, agency.id)),
    )


@dataclass(frozen=True, slots=True)
class Numbers:
    """For the first page; None: more than COUNTED."""

    filed: int | None
    pending: int | None
    unmet: int | None


def numbers(session: Session) -> Numbers:
    return Numbers(
        *(
            bounded_count(session, select(Agency).where(PUBLIC, *_filters(Wanted(status=status))), most=COUNTED)
            for status in (Status.FILED, Status.PENDING, Status.UNMET)
        )
    )


class Validity(Labelled):
    """What became of the filed version that a receipt was given for."""

    IN_FORCE = "in_force", "现行有效"
    CHANGED = "changed", "其后已变更"
    CANCELLED = "cancelled", "已注销"


@dataclass(frozen=True, slots=True)
class Verified:
    """A genuine receipt: for whom, which version, and whether it still says how things are."""

    name: str  # as it was filed
    credit_code: str
    number: str
    version: int  # 1: the first filing; each accepted change is the next
    filed_on: date | None
    ended_on: date | None
    validity: Validity
    unmet: Unmet | None
    barred_until: date | None  # the last day of the non-adoption that runs today


def find_verified(session: Session, token: str) -> Verified | None:
    """What a receipt's token stands for; None for one that we never gave out."""
    filing = receipts.filing_of(session, token)
    if filing is None:
        return None
    content = session.scalar(
        select(Submission.content).where(Submission.filing_id == filing.id).order_by(Submission.number.desc()).limit(1)
    )
    handed_in = from_json(content)
    earlier = select(func.count(Filing.id)).where(
        Filing.agency_id == filing.agency_id, Filing.filed_on.is_not(None), Filing.number == filing.number
    )
    return Verified(
        name=handed_in.name,
        credit_code=handed_in.credit_code,
        number=filing.number or "",
        version=session.scalar(earlier.where(Filing.id <= filing.id)) or 1,
        filed_on=filing.filed_on,
        ended_on=filing.ended_on,
        validity={State.FILED: Validity.IN_FORCE, State.SUPERSEDED: Validity.CHANGED}.get(
            filing.state, Validity.CANCELLED
        ),
        unmet=_unmet(filing.agency) if filing.state is State.FILED else None,
        barred_until=circulars.barred_until(session, [filing.agency_id]).get(filing.agency_id),
    )
