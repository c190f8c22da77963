"""How a year stands at the desk: who has handed in, who hasn't, who is late. A fixed number of queries, by indexes."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select
from sqlalchemy.orm import Session, contains_eager, load_only

from agency import naming
from agency.models import Agency
from core import days
from core.exports import Cell, Column
from core.labels import Labelled
from core.paging import Page, bounded_count, page_of
from core.places import bureaus
from summaries import rules
from summaries.models import Summary, SummaryReminder, SummaryYear
from summaries.states import Duty, State

MOST_COUNTED = 9_999
STILL_WAITING = or_(Summary.first_handed_in_at.is_(None), Summary.state == State.RETURNED)
NAMED = (Agency.name, Agency.credit_code, Agency.bureau, Agency.division)
COLUMNS = (
    Column("机构", 36), Column("统一社会信用代码", 22), Column("所属工信局", 14), Column("应报情况", 20),
    Column("截止日", 12), Column("状态", 12), Column("零报告", 8), Column("回执编号", 18), Column("首次上报", 18),
    Column("最近上报", 18), Column("逾期天数", 10), Column("接收时间", 18), Column("最近提醒", 12),
)  # fmt: skip


class Standing(Labelled):
    """How a summary stands, as the desk asks for it."""

    MISSING = "missing", "未上报"
    OVERDUE = "overdue", "逾期未报"
    TO_READ = "to_read", "待审阅"
    RETURNED = "returned", "退回修改中"
    ACCEPTED = "accepted", "已接收"
    HANDED_IN = "handed_in", "已上报（全部）"
    LATE = "late", "逾期上报"
    NIL = "nil", "零报告"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of the list; "" and None: everything."""

    word: str = ""
    bureau: str = ""
    standing: Standing | None = None
    duty: Duty | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A summary in the list."""

    summary: Summary
    agency: Agency
    days_late: int  # of one that has not come: until today
    reminded_on: date | None

    @property
    def is_overdue(self) -> bool:
        return self.summary.first_handed_in_at is None and self.days_late > 0


@dataclass(frozen=True, slots=True)
class Totals:
    """How many of what."""

    by_duty: Mapping[Duty, int] = field(default_factory=dict)
    by_standing: Mapping[Standing, int] = field(default_factory=dict)
    owed_handed_in: int = 0

    @property
    def all(self) -> int:
        return sum(self.by_duty.values())

    @property
    def invited(self) -> int:
        return self.by_duty.get(Duty.INVITED, 0)

    @property
    def must(self) -> int:
        return self.all - self.invited

    @property
    def owed_missing(self) -> int:
        return self.must - self.owed_handed_in

    def of(self, standing: str) -> int:
        return self.by_standing.get(Standing(standing), 0)

    @classmethod
    def together(cls, parts: Iterable["Totals"]) -> "Totals":
        duties, standings, owed_handed_in = Counter[Duty](), Counter[Standing](), 0
        for part in parts:
            duties.update(part.by_duty)
            standings.update(part.by_standing)
            owed_handed_in += part.owed_handed_in
        return cls(dict(duties), dict(standings), owed_handed_in)


@dataclass(frozen=True, slots=True)
class Listing:
    page: Page[Agency]
    lines: Sequence[Line]
    found: int | None


def totals(session: Session, year: int, *, today: date, bureau: str = "") -> Totals:
    """Of a year, or of a bureau's agencies in it: counted by the database in one query."""
    return Totals.together(part for _, part in _counted(session, year, today=today, bureau=bureau))


def totals_by_bureau(session: Session, year: int, *, today: date) -> dict[str, Totals]:
    """By where the agencies sit."""
    parts: dict[str, list[Totals]] = defaultdict(list)
    for bureau, part in _counted(session, year, today=today, by_bureau=True):
        parts[bureau].append(part)
    return {bureau: Totals.together(found) for bureau, found in parts.items()}


def _counted(
    session: Session, year: int, *, today: date, bureau: str = "", by_bureau: bool = False
) -> Iterator[tuple[str, Totals]]:
    come, late = Summary.first_handed_in_at.is_not(None), Summary.days_late > 0
    kinds = (Summary.duty, Summary.due_on, Summary.state, come, late, Summary.nil)
    where = Agency.bureau if by_bureau else literal(bureau)
    rows = select(where, *kinds, func.count(Summary.id)).where(Summary.year == year)
    if by_bureau or bureau:
        rows = rows.join(Agency, Agency.id == Summary.agency_id)
    if bureau:
        rows = rows.where(Agency.bureau == bureau)
    grouped = rows.group_by(*kinds, *([Agency.bureau] if by_bureau else []))
    for where_from, duty, due_on, state, has_come, is_late, nil, count in session.execute(grouped):
        standings = _standings(duty, due_on, state, has_come, is_late, nil, today)
        owed_handed_in = count if duty.is_owed and has_come else 0
        yield where_from, Totals({duty: count}, dict.fromkeys(standings, count), owed_handed_in)


def _standings(
    duty: Duty, due_on: date, state: State, has_come: bool, is_late: bool, nil: bool, today: date
) -> Iterator[Standing]:
    if not has_come:
        yield Standing.MISSING
        if duty.is_owed and due_on < today:
            yield Standing.OVERDUE
        return
    yield Standing.HANDED_IN
    by_state = {State.HANDED_IN: Standing.TO_READ, State.RETURNED: Standing.RETURNED, State.ACCEPTED: Standing.ACCEPTED}
    yield by_state[state]
    if is_late:
        yield Standing.LATE
    if nil:
        yield Standing.NIL


def _stands(standing: Standing, today: date) -> ColumnElement[bool]:
    come = Summary.first_handed_in_at.is_not(None)
    return {
        Standing.MISSING: ~come,
        Standing.OVERDUE: and_(~come, Summary.duty.in_((Duty.OWED, Duty.OWED_LATER)), Summary.due_on < today),
        Standing.TO_READ: Summary.state == State.HANDED_IN,
        Standing.RETURNED: Summary.state == State.RETURNED,
        Standing.ACCEPTED: Summary.state == State.ACCEPTED,
        Standing.HANDED_IN: come,
        Standing.LATE: Summary.days_late > 0,
        Standing.NIL: and_(come, Summary.nil),
    }[standing]


def _asked_for(session: Session, year: int, wanted: Wanted, *, today: date) -> Select[Any]:
    """Agencies with a summary of the year, joined to it."""
    rows = select(Agency).join(Summary, and_(Summary.agency_id == Agency.id, Summary.year == year))
    if wanted.bureau:
        rows = rows.where(Agency.bureau == wanted.bureau)
    if wanted.duty is not None:
        rows = rows.where(Summary.duty == wanted.duty)
    if wanted.standing is not None:
        rows = rows.where(_stands(wanted.standing, today))
    return naming.named(session, rows, wanted.word) if wanted.word else rows


def listing(session: Session, year: int, wanted: Wanted, *, today: date, cursor: str | None = None) -> Listing:
    """A page in the order of the agencies' names."""
    rows = _asked_for(session, year, wanted, today=today)
    page: Page[Agency] = page_of(
        session,
        rows.options(load_only(*NAMED, Agency.sort_key, raiseload=True)),
        keys=(Agency.sort_key, Agency.id),
        cursor=cursor,
    )
    ids = [agency.id for agency in page.items]
    summaries = {
        summary.agency_id: summary
        for summary in session.scalars(select(Summary).where(Summary.year == year, Summary.agency_id.in_(ids)))
    }
    reminded = _reminded(session, [summary.id for summary in summaries.values()])
    lines = [_line(summaries[agency.id], agency, reminded, today) for agency in page.items]
    return Listing(page, lines, bounded_count(session, rows, most=MOST_COUNTED))


def exported(session: Session, year: int, wanted: Wanted, *, today: date) -> Iterator[tuple[Cell, ...]]:
    """A row each for the spreadsheet, in the order of the list."""
    reminded = _reminded_in(session, year)
    rows = (
        _asked_for(session, year, wanted, today=today)
        .with_only_columns(Summary)
        .options(contains_eager(Summary.agency).load_only(*NAMED))
        .order_by(Agency.sort_key, Agency.id)
        .execution_options(yield_per=500)
    )
    for summary in session.scalars(rows):
        line = _line(summary, summary.agency, reminded, today)
        bureau = bureaus().get(line.agency.bureau)
        yield (
            line.agency.name, line.agency.credit_code, bureau.place if bureau else "", summary.duty.label,
            summary.due_on, standing_word(line), "是" if summary.nil and summary.first_handed_in_at else "",
            summary.number, summary.first_handed_in_at, summary.handed_in_at, line.days_late or None,
            summary.accepted_at, line.reminded_on,
        )  # fmt: skip


def standing_word(line: Line) -> str:
    """The state as the desk sees it: what an agency has written and not handed in is its own business."""
    if line.summary.first_handed_in_at is None:
        return "逾期未报" if line.is_overdue else "未上报"
    return line.summary.state.label


def by_day(session: Session, year: int, *, bureau: str = "") -> dict[date, int]:
    """How many were first handed in on each day of Shanghai."""
    day = days.day_of(session, Summary.first_handed_in_at)  # of thousands of hand-ins some dozens of days come over
    rows = select(day, func.count(Summary.id)).where(Summary.year == year, Summary.first_handed_in_at.is_not(None))
    found = session.execute(_of_bureau(rows, bureau).group_by(day).order_by(day))
    return {date.fromisoformat(str(each)): count for each, count in found}


def _of_bureau(rows: Select[Any], bureau: str) -> Select[Any]:
    return rows.join(Agency, Agency.id == Summary.agency_id).where(Agency.bureau == bureau) if bureau else rows


def _line(summary: Summary, agency: Agency, reminded: Mapping[int, date], today: date) -> Line:
    days = summary.days_late
    if rules.is_overdue(summary.duty, summary.due_on, first_handed_in_at=summary.first_handed_in_at, today=today):
        days = (today - summary.due_on).days
    return Line(summary, agency, days, reminded.get(summary.id))


def _reminded(session: Session, ids: Sequence[int]) -> dict[int, date]:
    """The last day on which each was reminded."""
    rows = select(SummaryReminder.summary_id, func.max(SummaryReminder.on)).where(
        SummaryReminder.summary_id.in_(ids), SummaryReminder.sent
    )
    found: Iterable[tuple[int, date]] = session.execute(rows.group_by(SummaryReminder.summary_id)).all()
    return dict(found)


def _reminded_in(session: Session, year: int) -> dict[int, date]:
    rows = (
        select(SummaryReminder.summary_id, func.max(SummaryReminder.on))
        .join(Summary, Summary.id == SummaryReminder.summary_id)
        .where(Summary.year == year, SummaryReminder.sent)
    )
    found: Iterable[tuple[int, date]] = session.execute(rows.group_by(SummaryReminder.summary_id)).all()
    return dict(found)


# ── what is still to come ─────────────────────────────────────────────────────────────────────────────────────────────


def waiting_ids(session: Session, year: int, wanted: Wanted, *, today: date) -> list[int]:
    """Of what is asked for, the summaries that have not come or were returned, by id."""
    rows = _asked_for(session, year, wanted, today=today).with_only_columns(Summary.id).where(STILL_WAITING)
    return list(session.scalars(rows.order_by(Summary.id)))


def overdue_ids(session: Session, year: int, *, on: date) -> list[int]:
    """Summaries that are owed, were due before a day, have not come and are not marked yet."""
    rows = select(Summary.id).where(
        Summary.year == year, _stands(Standing.OVERDUE, on), Summary.marked_late_on.is_(None)
    )
    return list(session.scalars(rows.order_by(Summary.id)))


def wrongly_marked_ids(session: Session, year: int) -> list[int]:
    """Summaries that are marked late and have not come, but are not owed any more, or due later than they were."""
    rows = select(Summary.id).where(
        Summary.year == year,
        Summary.marked_late_on.is_not(None),
        Summary.first_handed_in_at.is_(None),
        or_(Summary.duty == Duty.INVITED, Summary.due_on >= Summary.marked_late_on),
    )
    return list(session.scalars(rows.order_by(Summary.id)))


def in_state(session: Session, year: int, state: State) -> frozenset[int]:
    return frozenset(session.scalars(select(Summary.id).where(Summary.year == year, Summary.state == state)))


# ── the years ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class YearLine:
    """A year at the desk. `row` None: nobody has touched it yet."""

    dates: rules.Dates
    row: SummaryYear | None
    totals: Totals
    today: date

    @property
    def year(self) -> int:
        return self.dates.year

    @property
    def version(self) -> int:
        return self.row.version if self.row else 1

    @property
    def opened_at(self) -> datetime | None:
        return self.row.opened_at if self.row else None

    @property
    def is_open(self) -> bool:
        """Whether agencies write in it: from the day on, also before the clock has come to it."""
        return self.opened_at is not None or (self.today.year == self.year and self.dates.opens_on <= self.today)
