"""Reading the impact map: the periods that have one, its numbers, its tasks by applicant, as an officer sees them."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import Session, joinedload, load_only, selectinload

from accounts.models import Role, User
from agency.models import Agency, NonAdoption
from applicants import naming
from applicants.models import Applicant
from core import clock
from core.labels import Labelled
from core.paging import Page, bounded_count, page_of
from core.places import bureaus
from evaluations.models import Evaluation, ListEntry, Party
from sanctions.models import ImpactTask, TaskKind, TaskResult
from sanctions.queries.periods import Period, state_of

PROVINCE = "province"  # in the address bar: done by the province
SHOWN = 60  # tasks a page
NO_BUREAU = "-"


class TaskState(Labelled):
    OPEN = "open", "待复核"
    DONE = "done", "已办结"
    VOID = "void", "随决定撤销"


OF_STATE: dict[TaskState, ColumnElement[bool]] = {
    TaskState.OPEN: ImpactTask.done_at.is_(None) & ImpactTask.void_at.is_(None),
    TaskState.DONE: ImpactTask.done_at.is_not(None) & ImpactTask.void_at.is_(None),
    TaskState.VOID: ImpactTask.void_at.is_not(None),
}
STATE = case(
    (ImpactTask.void_at.is_not(None), TaskState.VOID.value),
    (ImpactTask.done_at.is_not(None), TaskState.DONE.value),
    else_=TaskState.OPEN.value,
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of a map; "" and None: everything."""

    word: str = ""
    kind: TaskKind | None = None
    state: TaskState | None = None
    result: TaskResult | None = None
    bureau: str = ""  # key of a bureau, or PROVINCE


@dataclass(slots=True)
class Numbers:
    """Sums by state: of all, by kind and by who does it (None: the province)."""

    total: dict[TaskState, int] = field(default_factory=dict)
    by_kind: dict[TaskKind, dict[TaskState, int]] = field(default_factory=dict)
    by_bureau: dict[str | None, dict[TaskState, int]] = field(default_factory=dict)
    results: dict[TaskResult, int] = field(default_factory=dict)
    applicants: int = 0

    def of(self, state: str) -> int:
        return self.total.get(TaskState(state), 0)

    @property
    def counted(self) -> int:
        """What is, or was, to be done: without what fell away."""
        return self.of("open") + self.of("done")

    @property
    def every(self) -> int:
        return self.counted + self.of("void")

    def add(self, kind: TaskKind, bureau: str | None, state: TaskState, count: int) -> None:
        for sums in (
            self.total,
            self.by_kind.setdefault(kind, {}),
            self.by_bureau.setdefault(bureau, {}),
        ):
            sums[state] = sums.get(state, 0) + count


@dataclass(frozen=True, slots=True)
class Branch:
    """An applicant and what of its rests on the agency's reports."""

    applicant: Applicant
    tasks: tuple[ImpactTask, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    page: Page[ImpactTask]
    branches: Sequence[Branch]
    found: int | None


@dataclass(frozen=True, slots=True)
class Line:
    """A period in the list of maps."""

    period: Period
    numbers: Numbers


def seen_by(user: User) -> ColumnElement[bool]:
    """The province sees all tasks, a bureau its own."""
    if user.is_provincial:
        return ImpactTask.id.is_not(None)
    return ImpactTask.bureau == (user.bureau or NO_BUREAU)


def settled_by(user: User) -> ColumnElement[bool]:
    """Whose turn: a bureau's at municipal level, else the province's reviewers and approvers (policies.may_settle)."""
    if Role.MUNICIPAL in user.roles and user.bureau:
        own = ImpactTask.bureau == user.bureau
        return or_(own, ImpactTask.bureau.is_(None)) if user.is_provincial else own
    return ImpactTask.bureau.is_(None) if user.is_provincial else ImpactTask.bureau == NO_BUREAU


def maps(session: Session, user: User, *, cursor: str | None) -> tuple[Page[NonAdoption], list[Line]]:
    """The periods that have tasks for this officer, the newest first."""
    having = select(ImpactTask.non_adoption_id).where(seen_by(user))
    rows = select(NonAdoption).where(NonAdoption.id.in_(having))
    page = page_of(session, rows, keys=(NonAdoption.id,), cursor=cursor, descending=True)
    ids = [row.id for row in page.items]
    sums = _numbers(session, user, ids)
    agencies = {
        agency.id: agency
        for agency in session.scalars(
            select(Agency)
            .where(Agency.id.in_([row.agency_id for row in page.items]))
            .options(load_only(Agency.name, Agency.credit_code, Agency.standing))
        )
    }
    today = clock.today()
    return page, [Line(Period(row, agencies[row.agency_id], state_of(row, today)), sums[row.id]) for row in page.items]


def map_seen_by(session: Session, user: User, non_adoption_id: int) -> Period | None:
    """A period and its agency; None where the officer has no task in it (the province sees every period)."""
    row = session.get(NonAdoption, non_adoption_id, populate_existing=True)
    if row is None:
        return None
    if not user.is_provincial:
        mine = select(ImpactTask.id).where(ImpactTask.non_adoption_id == row.id, seen_by(user)).limit(1)
        if session.scalar(mine) is None:
            return None
    return Period(row, session.get_one(Agency, row.agency_id), state_of(row, clock.today()))


def numbers_of(session: Session, user: User, non_adoption_id: int) -> Numbers:
    found = _numbers(session, user, [non_adoption_id])[non_adoption_id]
    found.applicants = (
        session.scalar(
            select(func.count(ImpactTask.applicant_id.distinct())).where(
                ImpactTask.non_adoption_id == non_adoption_id, seen_by(user)
            )
        )
        or 0
    )
    return found


def _numbers(session: Session, user: User, ids: Collection[int]) -> Mapping[int, Numbers]:
    found: defaultdict[int, Numbers] = defaultdict(Numbers)
    rows = (
        select(
            ImpactTask.non_adoption_id, ImpactTask.kind, ImpactTask.bureau, STATE, ImpactTask.result,
            func.count(ImpactTask.id),
        )
        .where(ImpactTask.non_adoption_id.in_(ids), seen_by(user))
        .group_by(ImpactTask.non_adoption_id, ImpactTask.kind, ImpactTask.bureau, STATE, ImpactTask.result)
    )  # fmt: skip
    for period_id, kind, bureau, state, result, count in session.execute(rows):
        sums = found[period_id]
        sums.add(kind, bureau, TaskState(state), count)
        if result is not None:
            sums.results[result] = sums.results.get(result, 0) + count
    return found


def listing(
    session: Session, user: User, non_adoption_id: int, wanted: Wanted, *, cursor: str | None = None
) -> Listing:
    """A page of a map's tasks, grouped by applicant, in a fixed number of queries."""
    rows = _asked_for(session, user, non_adoption_id, wanted)
    page = page_of(
        session,
        rows.options(*_shown()),
        keys=(ImpactTask.applicant_id, ImpactTask.id),
        cursor=cursor,
        size=SHOWN,
    )
    branches: dict[int, list[ImpactTask]] = {}
    for task in page.items:
        branches.setdefault(task.applicant_id, []).append(task)
    return Listing(
        page,
        [Branch(tasks[0].applicant, tuple(tasks)) for tasks in branches.values()],
        bounded_count(session, rows),
    )


def _shown() -> tuple[Any, ...]:
    return (
        joinedload(ImpactTask.applicant).load_only(Applicant.name, Applicant.bureau, raiseload=True),
        joinedload(ImpactTask.entry).options(
            load_only(
                ListEntry.name, ListEntry.level, ListEntry.kind, ListEntry.year, ListEntry.batch, ListEntry.agency,
                ListEntry.removed_on, raiseload=True,
            ),
        ),
        joinedload(ImpactTask.evaluation).options(
            load_only(
                Evaluation.number, Evaluation.kind, Evaluation.level, Evaluation.year, Evaluation.state,
                Evaluation.handed_over_on, raiseload=True,
            ),
            selectinload(Evaluation.parties).options(
                load_only(Party.agency_id, Party.leads), joinedload(Party.agency).load_only(Agency.name)
            ),
        ),
    )  # fmt: skip


def chosen(session: Session, user: User, non_adoption_id: int, ids: Collection[int]) -> list[ImpactTask]:
    """Those of the tasks that this officer settles and that haven't fallen away, in the order of the map."""
    rows = select(ImpactTask).where(
        ImpactTask.non_adoption_id == non_adoption_id,
        ImpactTask.id.in_(ids),
        ImpactTask.void_at.is_(None),
        settled_by(user),
    )
    ordered = rows.order_by(ImpactTask.applicant_id, ImpactTask.id).execution_options(populate_existing=True)
    return list(session.scalars(ordered.options(*_shown())))


def exported(session: Session, user: User, non_adoption_id: int, wanted: Wanted) -> Iterator[tuple[Any, ...]]:
    """Every task that is asked for, a row each for the spreadsheet."""
    rows = (
        _asked_for(session, user, non_adoption_id, wanted)
        .outerjoin(Evaluation, Evaluation.id == ImpactTask.evaluation_id)
        .outerjoin(ListEntry, ListEntry.id == ImpactTask.list_entry_id)
        .outerjoin(User, User.id == ImpactTask.done_by)
        .with_only_columns(
            Applicant.name, Applicant.credit_code, Applicant.bureau, ImpactTask.kind, Evaluation.number,
            Evaluation.state, ListEntry.name, ListEntry.batch, Evaluation.level, ListEntry.level, Evaluation.year,
            ListEntry.year, ImpactTask.bureau, STATE, ImpactTask.result, ImpactTask.reason, ImpactTask.done_at,
            User.display_name, ImpactTask.done_by,
        )
        .order_by(ImpactTask.applicant_id, ImpactTask.id)
        .execution_options(yield_per=500)
    )  # fmt: skip
    for row in session.execute(rows):
        (name, code, place, kind, number, state_of_it, entry, batch, level, entry_level, year, entry_year, bureau,
         state, result, reason, done_at, by, by_id) = row  # fmt: skip
        yield (
            name, code, bureau_label(place or None, ""), kind.label, number or f"{entry}（{batch}）",
            state_of_it.label if state_of_it else "", (level or entry_level).label, year or entry_year,
            bureau_label(bureau), TaskState(state).label, result.label if result else "", reason, done_at,
            by or ("系统" if done_at and by_id is None else ""),
        )  # fmt: skip


def bureau_label(key: str | None, province: str = "省厅") -> str:
    """Who does it, in a word."""
    if key is None:
        return province
    return bureaus()[key].place if key in bureaus() else key


def _asked_for(session: Session, user: User, non_adoption_id: int, wanted: Wanted) -> Select[Any]:
    rows = (
        select(ImpactTask)
        .join(Applicant, Applicant.id == ImpactTask.applicant_id)
        .where(ImpactTask.non_adoption_id == non_adoption_id, seen_by(user))
    )
    if wanted.kind is not None:
        rows = rows.where(ImpactTask.kind == wanted.kind)
    if wanted.state is not None:
        rows = rows.where(OF_STATE[wanted.state])
    if wanted.result is not None:
        rows = rows.where(ImpactTask.result == wanted.result)
    if wanted.bureau:
        rows = rows.where(
            ImpactTask.bureau.is_(None) if wanted.bureau == PROVINCE else ImpactTask.bureau == wanted.bureau
        )
    return naming.named(session, rows, wanted.word)


def waiting(session: Session, user: User) -> list[tuple[NonAdoption, str, int]]:
    """For the worklist: each period in which tasks wait for this officer, the agency's name, and how many."""
    rows = (
        select(NonAdoption, Agency.name, func.count(ImpactTask.id))
        .join(ImpactTask, ImpactTask.non_adoption_id == NonAdoption.id)
        .join(Agency, Agency.id == NonAdoption.agency_id)
        .where(OF_STATE[TaskState.OPEN], settled_by(user))
        .group_by(NonAdoption.id, Agency.name)
        .order_by(NonAdoption.id)
    )
    return [(period, name, count) for period, name, count in session.execute(rows)]


def count_waiting(user: User) -> Select[Any]:
    return select(func.count(ImpactTask.id)).where(OF_STATE[TaskState.OPEN], settled_by(user))
