"""Lists of evaluations, by year: pages by key, kept sums where nothing need be counted, the search by two indexes."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, union
from sqlalchemy.orm import Session, joinedload, load_only, selectinload

from agency.models import Agency, Place
from agency.naming import named as agencies_named
from applicants.models import Applicant, Kind
from applicants.naming import named as applicants_named
from core.paging import Page, bounded_count, page_of
from core.search import contains, searchable
from evaluations.flags import flags_of
from evaluations.models import Evaluation, Hold, Party, Tally
from evaluations.queries import brought, screening
from evaluations.rules.states import EvaluationFlag, HoldKind, Level, State

FEW = 250  # named bodies whose evaluations are looked up; where more are, walking the list meets them soon
FEW_ROWS = 5_000  # evaluations of named agencies that are looked up rather than met
NUMBER = re.compile(r"评?[〔\[(]?(\d{4})[〕\])/-]+(\d{1,9})号?")
KEYS = (Evaluation.year, Evaluation.id)

SHOWN = (
    Evaluation.number, Evaluation.kind, Evaluation.level, Evaluation.mode, Evaluation.year, Evaluation.bureau,
    Evaluation.begun_on, Evaluation.state, Evaluation.unfiled, Evaluation.entered_late, Evaluation.handed_over_on,
    Evaluation.release, Evaluation.applicant_id,
)  # fmt: skip
SHOWN_APPLICANT = (Applicant.name, Applicant.credit_code, Applicant.bureau, Applicant.county)
FILTERED = (
    EvaluationFlag.UNFILED, EvaluationFlag.OVER_CAP, EvaluationFlag.BLOCKED, EvaluationFlag.DISPUTED,
    EvaluationFlag.ENTERED_LATE, EvaluationFlag.SCREENING, EvaluationFlag.CLAUSES_CONFIRMED,
    EvaluationFlag.CONDITIONS_NOT_MET, EvaluationFlag.NON_ADOPTION, EvaluationFlag.RECHECK,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for; "" and None: everything."""

    word: str = ""  # of an applicant's or an agency's name or code; or an evaluation's number
    year: int | None = None
    level: Level | None = None
    kind: Kind | None = None
    bureau: str = ""
    agency_id: int | None = None
    applicant_id: int | None = None
    state: State | None = None
    flag: EvaluationFlag | None = None  # one of FILTERED

    @property
    def is_tallied(self) -> bool:
        """Whether a kept sum says how many there are."""
        return not searchable(self.word) and self.applicant_id is None and self.flag is None


@dataclass(frozen=True, slots=True)
class Listing:
    """One page; `found` is None where there are too many to count at each look."""

    page: Page[Evaluation]
    found: int | None
    flags: Mapping[int, tuple[EvaluationFlag, ...]]


def listing(session: Session, wanted: Wanted, *, cursor: str | None = None) -> Listing:
    """A page of the evaluations that are asked for, the latest year and entry first."""
    rows, is_narrow = asked_for(session, wanted)
    page = page_of(
        session,
        rows.options(
            load_only(*SHOWN, raiseload=True),
            joinedload(Evaluation.applicant).load_only(*SHOWN_APPLICANT, raiseload=True),
            selectinload(Evaluation.parties).joinedload(Party.agency).load_only(Agency.name, raiseload=True),
        ),
        keys=KEYS,
        cursor=cursor,
        descending=True,
    )
    return Listing(page, _found(session, wanted, rows, is_narrow), flags_of(session, page.items))


def _found(session: Session, wanted: Wanted, rows: Select[Any], is_narrow: bool) -> int | None:
    if wanted.is_tallied:
        return total(session, wanted)
    return bounded_count(session, rows) if is_narrow else None


def total(session: Session, wanted: Wanted) -> int:
    """How many there are, by the kept sums: of what they are kept by (`Wanted.is_tallied`)."""
    rows = select(func.coalesce(func.sum(Tally.count), 0)).where(Tally.agency_id == (wanted.agency_id or 0))
    for column, value in (
        (Tally.year, wanted.year), (Tally.level, wanted.level), (Tally.kind, wanted.kind),
        (Tally.bureau, wanted.bureau or None), (Tally.state, wanted.state),
    ):  # fmt: skip
        if value is not None:
            rows = rows.where(column == value)
    return int(session.scalar(rows) or 0)


def asked_for(session: Session, wanted: Wanted) -> tuple[Select[Any], bool]:
    """The evaluations that are asked for, and whether something narrows them to what is quickly counted."""
    rows = select(Evaluation).where(*_filters(session, wanted))
    narrow = any(value is not None for value in (wanted.applicant_id, wanted.agency_id, wanted.flag))
    if searchable(wanted.word):
        found, few = _named(session, wanted.word)
        return rows.where(found), few or narrow
    return rows, narrow


def _filters(session: Session, wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    for column, value in (
        (Evaluation.year, wanted.year), (Evaluation.level, wanted.level), (Evaluation.kind, wanted.kind),
        (Evaluation.bureau, wanted.bureau or None), (Evaluation.applicant_id, wanted.applicant_id),
        (Evaluation.state, wanted.state),
    ):  # fmt: skip
        if value is not None:
            yield column == value
    if wanted.agency_id is not None:
        yield Evaluation.id.in_(select(Party.evaluation_id).where(Party.agency_id == wanted.agency_id))
    if wanted.flag is not None:
        yield _flagged(session, wanted.flag)


def _flagged(session: Session, flag: EvaluationFlag) -> ColumnElement[bool]:
    """Each by an index that holds only the few. Raises KeyError for one that isn't FILTERED."""
    if flag in brought.BY_AGENCIES:
        return Evaluation.id.in_(brought.BY_AGENCIES[flag](session))
    open_holds = select(Hold.evaluation_id).where(Hold.closed_at.is_(None))
    return {
        EvaluationFlag.UNFILED: and_(Evaluation.unfiled),
        EvaluationFlag.ENTERED_LATE: and_(Evaluation.entered_late),
        EvaluationFlag.SCREENING: Evaluation.id.in_(screening.unsettled()),
        EvaluationFlag.CLAUSES_CONFIRMED: Evaluation.id.in_(screening.with_confirmed()),
        EvaluationFlag.OVER_CAP: Evaluation.id.in_(select(Place.evaluation_id).where(Place.number.is_(None))),
        EvaluationFlag.BLOCKED: Evaluation.id.in_(open_holds.where(Hold.kind == HoldKind.BLOCK)),
        EvaluationFlag.DISPUTED: Evaluation.id.in_(open_holds.where(Hold.kind == HoldKind.DISPUTE)),
    }[flag]


def _named(session: Session, word: str) -> tuple[ColumnElement[bool], bool]:
    """Evaluations whose applicant or agency is called so, or that have the number; and whether they are few.

    Who is called so is asked first, of their own indexes. Few: their evaluations are looked up. Many: they are met
    while walking the list, where names are compared as they come.
    """
    applicant_ids = _ids(session, applicants_named(session, select(Applicant.id), word))
    agency_ids = _ids(session, agencies_named(session, select(Agency.id), word))
    few_agencies = len(agency_ids) <= FEW and _evaluations_of(session, agency_ids) <= FEW_ROWS
    by_number = Evaluation.number.in_((word.strip(), number_meant(word)))
    if len(applicant_ids) <= FEW and few_agencies:
        alternatives = union(
            select(Evaluation.id).where(Evaluation.applicant_id.in_(applicant_ids)),
            select(Party.evaluation_id).where(Party.agency_id.in_(agency_ids)),
            select(Evaluation.id).where(by_number),
        )
        return Evaluation.id.in_(select(alternatives.subquery().c[0])), True
    by_applicant = (
        Evaluation.applicant_id.in_(applicant_ids)
        if len(applicant_ids) <= FEW
        else Evaluation.applicant.has(contains(Applicant.search_text, searchable(word)))
    )
    by_agency = (
        Party.agency_id.in_(agency_ids)
        if len(agency_ids) <= FEW
        else Party.agency.has(contains(Agency.search_text, searchable(word)))
    )
    return or_(by_applicant, Evaluation.parties.any(by_agency), by_number), False


def _ids(session: Session, rows: Select[Any]) -> list[int]:
    """The first of them, one more than are few."""
    return list(session.scalars(rows.limit(FEW + 1)))


def _evaluations_of(session: Session, agency_ids: list[int]) -> int:
    """How many evaluations agencies have, by the kept sums."""
    if not agency_ids:
        return 0
    return session.scalar(select(func.sum(Tally.count)).where(Tally.agency_id.in_(agency_ids))) or 0


def number_meant(word: str) -> str:
    """An evaluation's number as people type it, 2026-12 or 评[2026]00012, as it is kept."""
    match = NUMBER.fullmatch(searchable(word))
    return f"评〔{match[1]}〕{int(match[2]):05d}" if match else word.strip()
