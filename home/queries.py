"""What each start page shows: an agency's own standing, and whose turn it is at the desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import Session, contains_eager, load_only

from accounts.models import Role, User
from agency.models import (
    Agency,
    CodeCheck,
    CodeCheckState,
    Flag,
    FlagKind,
    Office,
    QualificationCheck,
    StaffMember,
)
from agency.particulars import Tenure
from agency.queries import sharing
from complaints.queries.desk import waiting as count_complaints
from core import clock, law
from core.law import Finding
from evaluations.queries import boards
from evaluations.queries.boards import Board, Cap
from filing.models import Filing
from filing.queries import reviewed_by
from filing.rules import OPEN_STATES, State
from home import evaluating, proceedings, reading, yearly
from home.evaluating import DeskEvaluations, Running
from home.next_steps import NextStep, Standing, next_step
from home.proceedings import MeasureTask
from home.reading import ToRead
from home.yearly import YearTask
from notices.models import Notice
from notices.queries import addressed_to

SHOWN = 50  # rows of a section; the oldest come first
RECENT = 6

UNMET = and_(Flag.kind == FlagKind.CONDITIONS_NOT_MET, Flag.cleared_on.is_(None))
RETURNED = Filing.state == State.RETURNED
NAMED = (Agency.name, Agency.credit_code, Agency.bureau, Agency.division)


@dataclass(frozen=True, slots=True)
class Due:
    """Something with a last day."""

    what: str
    on: date
    endpoint: str


@dataclass(frozen=True, slots=True)
class AgencyHome:
    agency: Agency
    representative: str
    flag: Flag | None
    findings: tuple[Finding, ...]
    checked_on: date | None
    intermediate: int
    senior: int
    next_step: NextStep
    due: tuple[Due, ...]
    recent: Sequence[Notice]
    board: Board  # this year's sums
    cap: Cap  # this year's national places
    running: Sequence[Running]
    summary: YearTask | None  # of a year that it is the agency's turn to write


def agency_home(session: Session, user: User) -> AgencyHome:
    """How the user's agency stands, what it does next and by when."""
    agency = session.get_one(Agency, user.agency_id)
    flag = session.scalar(select(Flag).where(Flag.agency_id == agency.id, UNMET))
    check = session.get(QualificationCheck, agency.id)
    states = list(
        session.scalars(select(Filing.state).where(Filing.agency_id == agency.id).order_by(Filing.id.desc()).limit(2))
    )
    findings, running = findings_of(check), evaluating.running_of(session, agency.id)
    summary = yearly.task_of(session, agency.id, clock.today())
    return AgencyHome(
        agency=agency,
        representative=agency.representation.name if agency.representation else "",
        flag=flag,
        findings=findings,
        checked_on=check.on if check else None,
        intermediate=check.intermediate if check else 0,
        senior=check.senior if check else 0,
        next_step=next_step(
            Standing(
                status=agency.filing_status,
                filing=next((state for state in states if state in OPEN_STATES), None),
                refused=states[:1] == [State.REFUSED],
                findings=findings,
                unmet_since=flag.since if flag else None,
                mend_by=flag.mend_by if flag else None,
                mended=flag is not None and flag.mended_on is not None,
                evaluations=sum(each.own for each in running),
                summary=summary.step if summary else None,
                summary_presses=summary is not None and summary.presses,
                summary_owed=summary is not None and summary.owed,
            )
        ),
        due=_due(session, agency.id, flag),
        recent=session.scalars(select(Notice).where(addressed_to(user)).order_by(Notice.id.desc()).limit(RECENT)).all(),
        board=boards.board(session, agency.id, clock.today().year),
        cap=boards.cap(session, agency.id, clock.today()),
        running=running,
        summary=summary,
    )


def findings_of(check: QualificationCheck | None) -> tuple[Finding, ...]:
    """The findings of the latest check, as it kept them."""
    return tuple(Finding.read(row) for row in (check.findings if check else ()))


def _due(session: Session, agency_id: int, flag: Flag | None) -> tuple[Due, ...]:
    """What has its last day soon, or had it, the nearest first."""
    until = clock.today() + timedelta(days=law.jurisdiction().number("expiry_notice_days", on=clock.today()))
    leases = session.execute(
        select(Office.address, Office.leased_until).where(
            Office.agency_id == agency_id, Office.tenure == Tenure.LEASED, Office.leased_until <= until
        )
    )
    contracts = session.execute(
        select(StaffMember.contract_until, func.count())
        .where(StaffMember.agency_id == agency_id, StaffMember.left_on.is_(None), StaffMember.contract_until <= until)
        .group_by(StaffMember.contract_until)
    )
    found = [Due(f"租约到期：{address}", day, "agency.particulars") for address, day in leases if day]
    found += [Due(f"{count} 人的劳动合同到期", day, "agency.staff") for day, count in contracts if day]
    if flag is not None and flag.mend_by is not None and flag.mended_on is None:
        found.append(Due("补正备案条件", flag.mend_by, "agency.particulars"))
    return tuple(sorted(found, key=lambda due: due.on))


@dataclass(frozen=True, slots=True)
class FilingTask:
    """A filing at the desk. `own`: this officer has it; `barred`: reviewed by this officer, for another to decide."""

    filing: Filing
    reviewer: str
    own: bool
    barred: bool


@dataclass(frozen=True, slots=True)
class FlagTask:
    flag: Flag
    agency: Agency
    overdue: bool


@dataclass(frozen=True, slots=True)
class Worklist:
    """Whose turn it is, the oldest first. None: not this user's work."""

    evaluations: DeskEvaluations
    to_take: Sequence[FilingTask] | None = None
    to_review: Sequence[FilingTask] | None = None
    to_decide: Sequence[FilingTask] | None = None
    under_way: Sequence[FilingTask] | None = None
    flags: Sequence[FlagTask] = ()
    code_checks: Sequence[CodeCheck] | None = None
    returned: int = 0  # with their agencies
    to_read: ToRead | None = None  # summaries
    measures: Sequence[MeasureTask] = ()  # proceedings whose next step is theirs
    shared: int = 0  # persons whom several agencies count on, undecided
    complaints: int = 0  # to assign, to decide on, in hand


def worklist(session: Session, user: User) -> Worklist:
    """What waits for an officer; a bureau sees its own agencies' filings under way, to read."""
    today, evaluations = clock.today(), evaluating.desk(session, user)
    reviews, decides = Role.REVIEWER in user.roles, Role.APPROVER in user.roles
    complaints = count_complaints(session, user)
    if not user.is_provincial:
        scope = Agency.bureau == (user.bureau or "")
        under_way = _filings(
            session, user, Filing.state.in_((State.SUBMITTED, State.UNDER_REVIEW, State.REVIEWED)), scope
        )
        (returned,) = _numbers(session, _count(Filing.id).join(Filing.agency).where(RETURNED, scope))
        return Worklist(
            evaluations,
            under_way=under_way,
            flags=_flags(session, scope, today),
            returned=returned,
            measures=proceedings.tasks(session, user),
            complaints=complaints,
        )
    returned, shared = _numbers(session, _count(Filing.id).where(RETURNED), _among(sharing.undecided()))
    return Worklist(
        evaluations,
        to_take=_filings(session, user, Filing.state == State.SUBMITTED) if reviews else None,
        to_review=_filings(session, user, Filing.state == State.UNDER_REVIEW) if reviews else None,
        to_decide=_filings(session, user, Filing.state == State.REVIEWED) if decides else None,
        flags=_flags(session, true(), today),
        code_checks=session.scalars(
            select(CodeCheck)
            .where(CodeCheck.state == CodeCheckState.ASKED)
            .order_by(CodeCheck.asked_at, CodeCheck.id)
            .limit(SHOWN)
        ).all(),
        returned=returned,
        to_read=reading.to_read(session, today),
        shared=shared,
        measures=proceedings.tasks(session, user),
        complaints=complaints,
    )


def _filings(session: Session, user: User, *where: ColumnElement[bool]) -> list[FilingTask]:
    rows = (
        select(Filing, User.display_name, reviewed_by(user.id))
        .join(Filing.agency)
        .outerjoin(User, User.id == Filing.reviewer_id)
        .where(*where)
        .options(contains_eager(Filing.agency).load_only(*NAMED))
        .order_by(Filing.submitted_at, Filing.id)
        .limit(SHOWN)
    )
    tasks = [
        FilingTask(
            filing=filing,
            reviewer=reviewer or "",
            own=filing.state is State.UNDER_REVIEW and filing.reviewer_id == user.id,
            barred=filing.state is State.REVIEWED and took_part,
        )
        for filing, reviewer, took_part in session.execute(rows)
    ]
    return sorted(tasks, key=lambda task: (not task.own, task.barred))


def _flags(session: Session, scope: ColumnElement[bool], today: date) -> list[FlagTask]:
    rows = (
        select(Flag, Agency)
        .join(Agency, Agency.id == Flag.agency_id)
        .where(UNMET, scope)
        .options(load_only(*NAMED))
        .order_by(Flag.since, Flag.id)
        .limit(SHOWN)
    )
    return [
        FlagTask(flag, agency, overdue=flag.mended_on is None and flag.mend_by is not None and flag.mend_by < today)
        for flag, agency in session.execute(rows)
    ]


def waiting(session: Session, user: User) -> int:
    """How many things on the worklist are this officer's to do."""
    counts: list[Select[int]] = []
    if Role.REVIEWER in user.roles:
        counts.append(
            _count(Filing.id).where(
                or_(
                    Filing.state == State.SUBMITTED,
                    and_(Filing.state == State.UNDER_REVIEW, Filing.reviewer_id == user.id),
                )
            )
        )
    if Role.APPROVER in user.roles:
        counts.append(_count(Filing.id).where(Filing.state == State.REVIEWED, ~reviewed_by(user.id)))
    if user.is_provincial:
        to_follow = or_(Flag.mend_by.is_(None), Flag.mended_on.is_not(None), Flag.mend_by < clock.today())
        counts.append(_count(Flag.id).where(UNMET, to_follow))
        counts.append(_count(CodeCheck.id).where(CodeCheck.state == CodeCheckState.ASKED))
        counts.append(reading.count_to_read(clock.today()))
    counts += evaluating.counts_for_desk(user)
    counts.append(proceedings.count(user))
    return sum(_numbers(session, *counts))


def _numbers(session: Session, *counts: Select[int]) -> Sequence[int]:
    """Several counts in one query."""
    return session.execute(select(*(count.scalar_subquery() for count in counts))).one()


def _among(rows: Select[int]) -> Select[int]:
    return select(func.count()).select_from(rows.subquery())


def _count(column: Any) -> Select[int]:
    return select(func.count(column))
