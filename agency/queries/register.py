"""Reading the desk's register: every agency there is, those known from a ledger too."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import Session, load_only, selectinload

from agency import naming
from agency.models import Agency, FilingStatus, Flag, FlagKind, Spelling, Standing
from core.paging import Page, bounded_count, page_of
from core.places import place_label

OUTSIDE = "outside"  # in the address bar: registered outside Jilin

SHOWN = (
    Agency.name, Agency.credit_code, Agency.standing, Agency.bureau, Agency.division, Agency.filing_status,
    Agency.filing_number, Agency.first_filed_on, Agency.filing_ended_on, Agency.registered_at, Agency.sort_key,
)  # fmt: skip
UNMET = and_(Flag.agency_id == Agency.id, Flag.kind == FlagKind.CONDITIONS_NOT_MET, Flag.cleared_on.is_(None))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of the register; "" and None: everything."""

    word: str = ""
    standing: Standing | None = None
    bureau: str = ""  # a key, or OUTSIDE
    filing: FilingStatus | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """One page; `found` is None where there are too many to count at each look."""

    page: Page[Agency]
    found: int | None


def listing(session: Session, wanted: Wanted, *, cursor: str | None = None) -> Listing:
    """A page of the agencies that are asked for, by name."""
    rows = _asked_for(session, wanted)
    page = page_of(
        session,
        rows.options(
            load_only(*SHOWN, raiseload=True),
            selectinload(Agency.spellings).load_only(Spelling.text, Spelling.agency_id),
            selectinload(Agency.flags.and_(Flag.kind == FlagKind.CONDITIONS_NOT_MET, Flag.cleared_on.is_(None))),
        ),
        keys=(Agency.sort_key, Agency.id),
        cursor=cursor,
    )
    return Listing(page, bounded_count(session, rows))


def exported(session: Session, wanted: Wanted) -> Iterator[tuple[Any, ...]]:
    """Every agency that is asked for, a row each for the spreadsheet, read piece by piece."""
    rows = (
        _asked_for(session, wanted)
        .outerjoin(Flag, UNMET)
        .with_only_columns(
            Agency.name, Agency.credit_code, Agency.standing, Agency.bureau, Agency.division, Agency.registered_at,
            Agency.filing_status, Agency.filing_number, Agency.first_filed_on, Agency.filing_ended_on,
            Flag.since, Flag.mend_by,
        )
        .order_by(Agency.sort_key, Agency.id)
        .execution_options(yield_per=500)
    )  # fmt: skip
    for name, code, standing, bureau, division, registered_at, filing, *days in session.execute(rows):
        yield name, code, standing.label, place_label(bureau, division), registered_at, filing.label, *days


def _asked_for(session: Session, wanted: Wanted) -> Select[Any]:
    return naming.named(session, select(Agency).where(*_filters(wanted)), wanted.word)


def _filters(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.standing is not None:
        yield Agency.standing == wanted.standing
    if wanted.bureau == OUTSIDE:
        yield and_(Agency.bureau == "", Agency.standing == Standing.REGISTERED)
    elif wanted.bureau:
        yield Agency.bureau == wanted.bureau
    if wanted.filing is not None:
        yield Agency.filing_status == wanted.filing
