"""Bringing a year of all agencies together, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, contains_eager, load_only

from agency.models import Agency
from core import clock, law
from core.places import bureaus
from summaries import versions
from summaries.consolidation import AgencyRow, CityRow, Consolidation, FigureRow, RegisterSums, Sum, places_of
from summaries.figures import KEYS, STATED, Known
from summaries.models import Summary, SummaryFigure, SummaryVersion
from summaries.queries import figures as register
from summaries.queries.overview import NAMED, Line, Totals, standing_word, totals_by_bureau
from summaries.rules import Dates, is_overdue
from summaries.states import State

# of a returned one the figures are being rewritten: what it said stands in its last version
AS_HANDED_IN = (State.HANDED_IN, State.ACCEPTED)

Stated = dict[tuple[str, str], Sum]  # bureau, key → sum


def consolidated(session: Session, dates: Dates, *, today: date) -> Consolidation:
    """The whole year as it is now."""
    cap = law.jurisdiction().number("national_cap", on=dates.last_day)
    known = register.known(session, dates.year)
    sums = RegisterSums.of(known.values(), cap=cap)
    stated, by_bureau = _stated(session, dates.year), totals_by_bureau(session, dates.year, today=today)
    made = _made_by_bureau(session, known)
    units = {kept.key: kept for kept in STATED}
    keys = [*bureaus(), *sorted({*by_bureau, *made, *sums.there} - {*bureaus()})]
    return Consolidation(
        dates=dates,
        as_of=clock.now(),
        totals=Totals.together(by_bureau.values()),
        figures=tuple(
            FigureRow(key, units[key].label, units[key].unit, _over(stated, key), sums.values.get(key, 0))
            for key in KEYS
        ),
        cities=tuple(
            CityRow(
                key=key,
                place=places_of(key),
                totals=by_bureau.get(key, Totals()),
                stated=stated.get((key, "evaluations"), Sum()).stated,
                made=made.get(key, 0),
                there=sums.there.get(key, 0),
            )
            for key in keys
        ),
        matrix=sums.matrix,
        states=sums.states,
        scores=sums.scores,
        cases=sums.cases,
        places=sums.values.get("places", 0),
        over_cap=sums.values.get("over_cap", 0),
        full=sums.full,
        cap=cap,
    )


def _over(stated: Stated, key: str) -> Sum:
    found = Sum()
    for (_, each), part in stated.items():
        if each == key:
            found = found.plus(part)
    return found


def _stated(session: Session, year: int) -> Stated:
    """Added up by the database; only what is being rewritten is read one by one."""
    differs = SummaryFigure.stated.is_distinct_from(SummaryFigure.known)
    rows = (
        select(
            Agency.bureau,
            SummaryFigure.key,
            func.sum(SummaryFigure.stated),
            func.sum(SummaryFigure.known),
            func.count().filter(differs),
        )
        .join(Summary, Summary.id == SummaryFigure.summary_id)
        .join(Agency, Agency.id == Summary.agency_id)
        .where(Summary.year == year, Summary.state.in_(AS_HANDED_IN), SummaryFigure.key.in_(KEYS))
        .group_by(Agency.bureau, SummaryFigure.key)
    )
    found: Stated = defaultdict(Sum)
    for bureau, key, stated, known, differing in session.execute(rows):
        found[bureau, key] = Sum(int(stated or 0), int(known or 0), differing)
    for _, bureau, told in _returned(session, year):
        for key, figure in told.by_key.items():
            if key in KEYS:
                one = Sum(figure.stated or 0, figure.known or 0, int(figure.differs))
                found[bureau, key] = found[bureau, key].plus(one)
    return found


def _returned(session: Session, year: int) -> Iterator[tuple[int, str, versions.Told]]:
    """Summary id, its agency's bureau, what the last version says; of those that were returned."""
    last = (
        select(SummaryVersion.summary_id, func.max(SummaryVersion.number).label("number"))
        .group_by(SummaryVersion.summary_id)
        .subquery()
    )
    rows = (
        select(Summary.id, Agency.bureau, SummaryVersion.content)
        .join(Agency, Agency.id == Summary.agency_id)
        .join(SummaryVersion, SummaryVersion.summary_id == Summary.id)
        .join(last, (last.c.summary_id == SummaryVersion.summary_id) & (last.c.number == SummaryVersion.number))
        .where(Summary.year == year, Summary.state == State.RETURNED)
    )
    for row_id, bureau, content in session.execute(rows):
        yield row_id, bureau, versions.read(content)


def _made_by_bureau(session: Session, known: Mapping[int, Known]) -> dict[str, int]:
    """Evaluations by where their agency sits."""
    found: dict[str, int] = defaultdict(int)
    rows = select(Agency.id, Agency.bureau).execution_options(yield_per=2_000)
    for agency_id, bureau in session.execute(rows):
        if agency_id in known:
            found[bureau] += known[agency_id].total
    return dict(found)


# ── agency by agency ──────────────────────────────────────────────────────────────────────────────────────────────────


def agency_rows(session: Session, dates: Dates, *, today: date) -> Iterator[AgencyRow]:
    """A line of every agency that owes or may hand in, by name."""
    known = register.known(session, dates.year)
    stated = _stated_by_summary(session, dates.year)
    rows = (
        select(Summary)
        .join(Agency, Agency.id == Summary.agency_id)
        .where(Summary.year == dates.year)
        .options(
            contains_eager(Summary.agency).load_only(*NAMED),
            load_only(
                Summary.agency_id, Summary.year, Summary.state, Summary.duty, Summary.due_on,
                Summary.first_handed_in_at, Summary.days_late, Summary.nil,
            ),
        )
        .order_by(Agency.sort_key, Agency.id)
        .execution_options(yield_per=500)
    )  # fmt: skip
    for summary in session.scalars(rows):
        yield _row(summary, stated.get(summary.id, {}), known.get(summary.agency_id), today)


def _row(summary: Summary, stated: Mapping[str, int | None], known: Known | None, today: date) -> AgencyRow:
    agency, days = summary.agency, summary.days_late
    come = summary.first_handed_in_at
    if is_overdue(summary.duty, summary.due_on, first_handed_in_at=come, today=today):
        days = (today - summary.due_on).days
    return AgencyRow(
        name=agency.name,
        credit_code=agency.credit_code or "",
        place=places_of(agency.bureau),
        duty=summary.duty,
        standing=standing_word(Line(summary, agency, days, None)),
        due_on=summary.due_on,
        first_handed_in_at=come,
        days_late=days,
        nil=summary.nil and come is not None,
        stated=stated,
        known=known,
    )


def _stated_by_summary(session: Session, year: int) -> dict[int, dict[str, Any]]:
    rows = (
        select(SummaryFigure.summary_id, SummaryFigure.key, SummaryFigure.stated)
        .join(Summary, Summary.id == SummaryFigure.summary_id)
        .where(Summary.year == year, Summary.state.in_(AS_HANDED_IN), SummaryFigure.key.in_(KEYS))
    )
    found: dict[int, dict[str, Any]] = defaultdict(dict)
    for row_id, key, stated in session.execute(rows):
        found[row_id][key] = stated
    for row_id, _, told in _returned(session, year):
        found[row_id] = {key: figure.stated for key, figure in told.by_key.items() if key in KEYS}
    return found
