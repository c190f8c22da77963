"""The desk's list of complaints: what is asked for, page by page or as rows of a spreadsheet, and the sums above it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, cast, exists, func, or_, select
from sqlalchemy.orm import Session, load_only

from accounts.models import Role, User
from complaints import policies
from complaints.models import Complaint, Matter, Pause, State, Target
from complaints.rules.clocks import NEAR, STAGES, Pace
from complaints.rules.course import HANDLED
from core import clock
from core.paging import Page, bounded_count, page_of
from core.places import bureaus

LISTED = (
    Complaint.number, Complaint.state, Complaint.received_at, Complaint.target, Complaint.target_name,
    Complaint.matters, Complaint.bureau, Complaint.handler_id, Complaint.taken_at, Complaint.due_on,
    Complaint.withdrawn_at, Complaint.extension_asked_at,
)  # fmt: skip
PROVINCE = "province"  # of the filter by who is competent


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of the list; "", False and None: everything."""

    number: str = ""
    state: State | None = None
    mine: bool = False
    overdue: bool = False
    target: Target | None = None
    matter: Matter | None = None
    bureau: str = ""  # a bureau's key, or PROVINCE


@dataclass(frozen=True, slots=True)
class Listed:
    """A row: nothing of what it says but whom it is about, and that only for who may see its page."""

    complaint: Complaint
    handler: str
    party: str | None  # None: not for this reader
    pace: Pace | None
    opens: bool  # whether its page is this reader's to open

    @property
    def matters(self) -> str:
        return matters_of(self.complaint)

    @property
    def desk(self) -> str:
        return desk_name(self.complaint.bureau)


@dataclass(frozen=True, slots=True)
class Sums:
    """Of the complaints of a year; None: too many to count."""

    year: int
    received: int | None
    decided: int | None
    in_time: int | None
    concluded: int | None


def matters_of(complaint: Complaint) -> str:
    """What it is about, in words."""
    return "、".join(Matter(each).label for each in complaint.matters)


def desk_name(bureau: str | None) -> str:
    """Who is competent, as a reader knows it."""
    return bureaus()[bureau].place if bureau else "省厅"


def scope_of(user: User) -> ColumnElement[bool]:
    """The complaints that a user's list holds."""
    if user.is_provincial:
        return Complaint.id.is_not(None)
    own = Complaint.handler_id == user.id
    return or_(own, Complaint.bureau == user.bureau) if Role.MUNICIPAL in user.roles else own


def complaints(
    session: Session, user: User, wanted: Wanted, *, cursor: str | None
) -> tuple[Page[Complaint], Sequence[Listed], int | None]:
    """A page of what is asked for, the newest first, as this user sees it, and how many they are."""
    rows = _asked_for(user, wanted)
    page = page_of(session, rows.options(load_only(*LISTED)), keys=(Complaint.id,), cursor=cursor, descending=True)
    return page, _listed(session, user, page.items), bounded_count(session, rows)


def exported(session: Session, user: User, wanted: Wanted) -> Iterator[tuple[Any, ...]]:
    """Every complaint that is asked for: no text, no reporter, no name of whom it is about."""
    rows = (
        _asked_for(user, wanted)
        .outerjoin(User, User.id == Complaint.handler_id)
        .with_only_columns(
            Complaint.number, Complaint.state, Complaint.target, Complaint.matters, Complaint.bureau,
            User.display_name, Complaint.received_at, Complaint.due_on, Complaint.in_time, Complaint.accepted_at,
            Complaint.concluded_at, Complaint.replied_at,
        )
        .order_by(Complaint.id.desc())
        .execution_options(yield_per=500)
    )  # fmt: skip
    for number, state, target, matters, bureau, handler, received, due, in_time, *instants in session.execute(rows):
        yield (
            number, state.label, target.label, "、".join(Matter(each).label for each in matters), desk_name(bureau),
            handler, received, due, "" if in_time is None else "是" if in_time else "否", *instants,
        )  # fmt: skip


def sums(session: Session, user: User, year: int) -> Sums:
    """Received, decided on in time, concluded: of the complaints received in a year that this user's list holds."""
    begins, ends = clock.start_of(date(year, 1, 1)), clock.start_of(date(year + 1, 1, 1))
    rows = select(Complaint).where(scope_of(user), Complaint.received_at >= begins, Complaint.received_at < ends)
    return Sums(
        year=year,
        received=bounded_count(session, rows),
        decided=bounded_count(session, rows.where(Complaint.in_time.is_not(None))),
        in_time=bounded_count(session, rows.where(Complaint.in_time.is_(True))),
        concluded=bounded_count(session, rows.where(Complaint.concluded_at.is_not(None))),
    )


def _asked_for(user: User, wanted: Wanted) -> Select[Any]:
    rows = select(Complaint).where(scope_of(user))
    if wanted.number:
        rows = rows.where(Complaint.number == wanted.number)
    if wanted.state is not None:
        rows = rows.where(Complaint.state == wanted.state)
    if wanted.mine:
        rows = rows.where(Complaint.handler_id == user.id)
    if wanted.overdue:
        rows = rows.where(Complaint.due_on < clock.today())
    if wanted.target is not None:
        rows = rows.where(Complaint.target == wanted.target)
    if wanted.matter is not None:
        rows = rows.where(cast(Complaint.matters, String).like(f'%"{wanted.matter.value}"%'))
    if wanted.bureau:
        is_there = Complaint.bureau.is_(None) if wanted.bureau == PROVINCE else Complaint.bureau == wanted.bureau
        rows = rows.where(is_there)
    return rows


def _listed(session: Session, user: User, rows: Sequence[Complaint]) -> list[Listed]:
    names = names_of(session, [row.handler_id for row in rows])
    standing = set(
        session.scalars(
            select(Pause.complaint_id).where(Pause.until.is_(None), Pause.complaint_id.in_([row.id for row in rows]))
        )
    )
    listed = []
    for row in rows:
        opens = (
            policies.is_named_handler(user, row) or policies.may_assign(user, row) or policies.may_oversee(user, row)
        )
        listed.append(
            Listed(
                complaint=row,
                handler=names.get(row.handler_id or 0, ""),
                party=row.target_name if opens else None,
                pace=pace_of(row.state, row.due_on, stands=row.id in standing),
                opens=opens,
            )
        )
    return listed


def pace_of(state: State, due_on: date | None, *, stands: bool) -> Pace | None:
    """How a clock stands, as it was last reckoned; None where none runs."""
    if state not in STAGES:
        return None
    if due_on is None:
        return Pace.PAUSED if stands else None
    left = (due_on - clock.today()).days
    return Pace.OVERDUE if left < 0 else Pace.NEAR if left <= NEAR else Pace.RUNNING


def names_of(session: Session, user_ids: Sequence[int | None]) -> dict[int, str]:
    """Account id → the officer's name."""
    wanted = {each for each in user_ids if each is not None}
    rows = session.execute(select(User.id, User.display_name).where(User.id.in_(wanted)))
    return {row.id: row.display_name for row in rows}


def to_assign(user: User) -> ColumnElement[bool]:
    """Complaints without a handler that this user assigns; for approvers also what they decide on."""
    free = and_(Complaint.handler_id.is_(None), Complaint.state.in_((State.RECEIVED, *HANDLED)))
    waits: list[ColumnElement[bool]] = []
    if Role.APPROVER in user.roles:
        waits.append(and_(free, Complaint.bureau.is_(None)))
        waits.append(and_(Complaint.extension_asked_at.is_not(None), Complaint.handler_id != user.id))
        waits.append(and_(Complaint.state == State.REVIEWING, Complaint.handler_id.is_(None)))
    if Role.MUNICIPAL in user.roles and user.bureau is not None:
        waits.append(and_(free, Complaint.bureau == user.bureau, Complaint.state != State.REVIEWING))
    return or_(*waits) if waits else Complaint.id.is_(None)


def in_hand(user: User) -> ColumnElement[bool]:
    """What this user handles, the clock not standing."""
    stands = exists().where(Pause.complaint_id == Complaint.id, Pause.until.is_(None))
    return and_(Complaint.handler_id == user.id, Complaint.state.in_(HANDLED), ~stands)


def waiting(session: Session, user: User) -> int:
    """How many complaints are this user's turn: to assign, to decide on, in hand."""
    found = or_(to_assign(user), in_hand(user))
    return session.scalar(select(func.count(Complaint.id)).where(found)) or 0
