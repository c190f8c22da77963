"""Reading inspections: draws, the pool of one, whom an inspection may be of, the years."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, load_only

from accounts.models import User
from agency.models import Agency, FilingStatus
from applicants.models import Applicant
from core import clock
from core.exports import Cell
from core.paging import Page, page_of
from core.places import place_label
from evaluations.models import ListEntry
from supervision.entries import OUTSIDE, WantedPool
from supervision.models import Case, CaseKind, CaseState, Inspection, InspectionDraw, StepKind
from supervision.rules import inspecting
from supervision.rules.inspecting import AdjustmentFacts, Ranked


@dataclass(frozen=True, slots=True)
class Drawn:
    """One agency of a pool, with its rank once there is a seed."""

    agency: Agency
    rank: int
    mark: str
    is_drawn: bool
    case: Case | None


@dataclass(frozen=True, slots=True)
class YearOfInspections:
    year: int
    draws: int
    drawn: int
    agencies: int  # inspections of agencies, those drawn too
    units: int
    open: int
    outcomes: Sequence[tuple[str, int]]


def pool_of(session: Session, wanted: WantedPool) -> Sequence[Agency]:
    """Every agency filed at this moment that the filters leave, by credit code."""
    rows = select(Agency).where(Agency.filing_status == FilingStatus.FILED, Agency.credit_code.is_not(None))
    if wanted.bureau:
        rows = rows.where(Agency.bureau == ("" if wanted.bureau == OUTSIDE else wanted.bureau))
    if wanted.kind is not None:
        rows = rows.where(Agency.kind == wanted.kind)
    if wanted.months:
        since = clock.start_of(_months_back(clock.today(), wanted.months))
        inspected = select(Case.id).where(
            Case.agency_id == Agency.id, Case.kind == CaseKind.INSPECTION, Case.opened_at >= since
        )
        rows = rows.where(~inspected.exists())
    return session.scalars(rows.options(_shown()).order_by(Agency.credit_code)).all()


def _shown() -> Any:
    return load_only(Agency.name, Agency.credit_code, Agency.bureau, Agency.division, Agency.kind)


def _months_back(day: date, months: int) -> date:
    """The same date so many months before, or the last of its month."""
    number = day.year * 12 + day.month - 1 - months
    year, month = divmod(number, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise ValueError(day)


def codes_of(pool: Sequence[Agency]) -> tuple[str, ...]:
    return tuple(sorted(agency.credit_code for agency in pool if agency.credit_code))


def draws(session: Session, *, cursor: str | None) -> Page[InspectionDraw]:
    """The draws, the newest first."""
    return page_of(session, select(InspectionDraw), keys=(InspectionDraw.id,), cursor=cursor, descending=True)


def draw_of(session: Session, draw_id: int) -> InspectionDraw | None:
    return session.get(InspectionDraw, draw_id, populate_existing=not session.info.get("writing"))


def standing_of(session: Session, draw: InspectionDraw) -> Sequence[Drawn]:
    """The pool of a draw: by rank, computed again from what is kept; by code while there is no seed."""
    rows = select(Agency).where(Agency.credit_code.in_(draw.pool)).options(_shown())
    agencies = {agency.credit_code: agency for agency in session.scalars(rows)}
    kept = select(Case).where(Case.draw_id == draw.id).options(load_only(Case.number, Case.agency_id, Case.kind))
    cases = {case.agency_id: case for case in session.scalars(kept)}
    order = inspecting.ranked(draw.pool, draw.seed) if draw.seed else [Ranked(code, "") for code in draw.pool]
    return [
        Drawn(agencies[each.code], rank, each.mark, each.code in (draw.drawn or ()), cases.get(agencies[each.code].id))
        for rank, each in enumerate(order, start=1)
        if each.code in agencies
    ]


def is_reproduced(draw: InspectionDraw) -> bool:
    """Whether what is kept as drawn is what pool and seed give."""
    return draw.seed is not None and tuple(draw.drawn or ()) == inspecting.draw(draw.pool, draw.seed, draw.wanted)


def exported(session: Session, draw: InspectionDraw) -> Iterator[tuple[Cell, ...]]:
    """A draw for publishing: the whole pool by rank, with all that is needed to draw it again."""
    for each in standing_of(session, draw):
        agency = each.agency
        yield (
            each.rank if draw.seed else None, agency.credit_code, agency.name,
            place_label(agency.bureau, agency.division), "抽中" if each.is_drawn else "", each.mark,
            draw.number, draw.seed or "（待公布）", draw.source or "系统生成", draw.method, draw.wanted, draw.fixed_at,
            draw.drawn_at,
        )  # fmt: skip


# ── a single inspection ───────────────────────────────────────────────────────────────────────────────────────────────


def is_listed(session: Session, applicant_id: int) -> bool:
    """Whether a unit stands on a published list today."""
    rows = select(ListEntry.id).where(ListEntry.applicant_id == applicant_id, ListEntry.removed_on.is_(None))
    return session.scalar(rows.limit(1)) is not None


def open_inspection(session: Session, *, agency_id: int | None, applicant_id: int | None) -> str | None:
    """The number of an inspection of it that is not closed."""
    of = Case.agency_id == agency_id if agency_id else Case.applicant_id == applicant_id
    rows = select(Case.number).where(of, Case.kind == CaseKind.INSPECTION, Case.state != CaseState.CLOSED)
    return session.scalar(rows.order_by(Case.id).limit(1))


def inspection_of(session: Session, case: Case) -> Inspection | None:
    """What an inspection rests on; None for other cases."""
    if case.kind is not CaseKind.INSPECTION:
        return None
    rows = select(Inspection).where(Inspection.case_id == case.id).execution_options(populate_existing=True)
    return session.scalar(rows)


def adjustment_facts(case: Case, inspection: Inspection | None) -> AdjustmentFacts:
    return AdjustmentFacts(
        kind=case.kind,
        state=case.state,
        ground=inspection.ground if inspection else None,
        on_site=any(note.kind is StepKind.ON_SITE for note in case.notes),
        opinion=inspection.opinion if inspection else None,
    )


# ── the years ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def years(session: Session, user: User) -> Sequence[YearOfInspections]:
    """Inspections by the year they were opened in, the newest first; a bureau's officers see their own."""
    scope = () if user.is_provincial else (Case.bureau == user.bureau,)
    cases = session.execute(
        select(Case.opened_at, Case.applicant_id, Case.state, Case.outcome).where(
            Case.kind == CaseKind.INSPECTION, *scope
        )
    ).all()
    fixed = session.execute(select(InspectionDraw.fixed_at, InspectionDraw.drawn)).all() if user.is_provincial else []
    found = {_year(row.opened_at) for row in cases} | {_year(row.fixed_at) for row in fixed}
    return [_year_of(year, cases, fixed) for year in sorted(found, reverse=True)]


def _year(instant: datetime) -> int:
    return clock.day_of(instant).year


def _year_of(year: int, cases: Sequence[Any], fixed: Sequence[Any]) -> YearOfInspections:
    own = [row for row in cases if _year(row.opened_at) == year]
    draws = [row for row in fixed if _year(row.fixed_at) == year]
    units = sum(row.applicant_id is not None for row in own)
    outcomes: Mapping[str, int] = Counter(row.outcome.label for row in own if row.outcome)
    return YearOfInspections(
        year=year,
        draws=len(draws),
        drawn=sum(len(row.drawn or ()) for row in draws),
        agencies=len(own) - units,
        units=units,
        open=sum(row.state is not CaseState.CLOSED for row in own),
        outcomes=sorted(outcomes.items(), key=lambda each: (-each[1], each[0])),
    )


def unit_for(user: User, session: Session, applicant_id: int) -> Applicant | None:
    """An applicant that the user may open an inspection of: any for the province, its own for a bureau."""
    applicant = session.get(Applicant, applicant_id)
    if applicant is None or user.is_provincial:
        return applicant
    return applicant if user.bureau and applicant.bureau == user.bureau else None
