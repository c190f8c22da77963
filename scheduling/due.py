"""What of the days' work is due: read from the ledger, never from memory."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.orm import Session

from core import clock
from core.db import add_unless_there, db, transaction
from scheduling.jobs import CatchUp, Job
from scheduling.models import SETTLED, JobRun, KnownJob, RunState

DAY, A_MONTH = timedelta(days=1), timedelta(days=31)
OPEN = (RunState.WAITING, RunState.RUNNING)

LEASE = timedelta(seconds=40)  # how long a claim is believed without being renewed
BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
FARTHEST_LEASE, FARTHEST_TRY = 2 * LEASE, 2 * BACKOFF[-1]


@dataclass(frozen=True, slots=True)
class Work:
    """The work of a job for a day."""

    job: Job
    on: date


def due_at(job: Job, on: date) -> datetime:
    """The instant from which the work of a day may be done."""
    return datetime.combine(on, job.at, clock.SHANGHAI)


def newest_due(job: Job, now: datetime) -> date:
    """The newest day whose hour has come."""
    today = clock.day_of(now)
    return today if due_at(job, today) <= now else today - DAY


def run_of(session: Session, name: str, on: date) -> JobRun | None:
    return session.scalar(select(JobRun).where(JobRun.job == name, JobRun.on == on))


def make_known(jobs: Iterable[Job], *, today: date) -> None:
    """A job is answered for from the day on which it is first seen."""
    known = set(db.session.scalars(select(KnownJob.name)))
    new = [job.name for job in jobs if job.name not in known]
    if new:
        with transaction() as session:
            for name in new:
                add_unless_there(session, KnownJob, name=name, since=today, settled_through=today - DAY)


def due(jobs: Mapping[str, Job], now: datetime) -> list[Work]:
    """What is due, in order of days and of the list. Not: what waits to be tried again, or runs elsewhere."""
    session = db.session()
    known = {row.name: row for row in session.scalars(select(KnownJob).execution_options(populate_existing=True))}
    open_runs = session.scalars(
        select(JobRun).where(JobRun.state.in_(OPEN)).order_by(JobRun.on).execution_options(populate_existing=True)
    ).all()
    work = [
        (on, place, job)
        for place, job in enumerate(jobs.values())
        if job.name in known
        for on in _days(session, job, known[job.name], [run for run in open_runs if run.job == job.name], now)
    ]
    return [Work(job, on) for on, _place, job in sorted(work, key=lambda entry: entry[:2])]


def _days(session: Session, job: Job, known: KnownJob, open_runs: list[JobRun], now: datetime) -> Iterator[date]:
    newest = newest_due(job, now)
    begin = _done_before(session, job, known, newest, now)
    waiting = {run.on: run for run in open_runs if run.on <= newest}
    if job.catch_up is CatchUp.LATEST:
        run = waiting.get(newest) or run_of(session, job.name, newest)
        if newest > begin and (run is None or is_free(run, now)):
            yield newest
        return
    missed = (newest - begin).days
    days = {begin + (n + 1) * DAY for n in range(missed)} | waiting.keys()
    settled = _settled_after(session, job.name, begin) if missed > 0 else set()
    for on in sorted(days - settled):
        if on in waiting and not is_free(waiting[on], now):
            return  # in order: what comes after it waits for it
        yield on


def _done_before(session: Session, job: Job, known: KnownJob, newest: date, now: datetime) -> date:
    """Up to which day nothing is left to begin.

    Before the day on which the job was first known, either now or then the clock was wrong: then the days go on from
    the last one done, where that is not long ago, and a clock that fell back to 1970 leaves no years to catch up.
    """
    if clock.day_of(now) >= known.since:
        return min(known.settled_through, newest) if job.catch_up is CatchUp.EACH_DAY else known.since - DAY
    done = select(func.max(JobRun.on)).where(JobRun.job == job.name, JobRun.on <= newest, JobRun.state.in_(SETTLED))
    last = session.scalar(done)
    return last if last and newest - last <= A_MONTH else newest - DAY


def _settled_after(session: Session, name: str, day: date) -> set[date]:
    rows = select(JobRun.on).where(JobRun.job == name, JobRun.on > day, JobRun.state.in_(SETTLED))
    return set(session.scalars(rows))


def is_free(run: JobRun, now: datetime) -> bool:
    """Whether it may be begun now; an instant farther off than there are is of a clock that was set back."""
    if run.state is RunState.WAITING:
        return run.next_try_at is None or not now < run.next_try_at <= now + FARTHEST_TRY
    if run.state is RunState.RUNNING:
        return run.lease_until is None or not now <= run.lease_until <= now + FARTHEST_LEASE
    return False


def free(now: datetime) -> ColumnElement[bool]:
    """`is_free` as the database asks it, in the UPDATE that claims."""
    waits = or_(JobRun.next_try_at.is_(None), JobRun.next_try_at <= now, JobRun.next_try_at > now + FARTHEST_TRY)
    return or_(and_(JobRun.state == RunState.WAITING, waits), left_behind(now))


def left_behind(now: datetime) -> ColumnElement[bool]:
    """Said to be running by a process that no longer renews its claim."""
    over = or_(JobRun.lease_until.is_(None), JobRun.lease_until < now, JobRun.lease_until > now + FARTHEST_LEASE)
    return and_(JobRun.state == RunState.RUNNING, over)


def settle(session: Session, job: Job, on: date, state: RunState) -> None:
    """After the work of a day: what it does for the days before it, and how far nothing is left to begin."""
    now = clock.now()
    if job.catch_up is CatchUp.LATEST:
        replaced = [RunState.WAITING, *([RunState.FAILED] if state is RunState.DONE else [])]
        session.execute(
            update(JobRun)
            .where(JobRun.job == job.name, JobRun.on < on, or_(JobRun.state.in_(replaced), left_behind(now)))
            .values(state=RunState.PASSED_OVER, next_try_at=None, claim=None, lease_until=None)
            .execution_options(synchronize_session=False)
        )
    known = session.get(KnownJob, job.name, with_for_update=True, populate_existing=True)
    if known is None:  # run by hand before any scheduler saw it
        return
    if job.catch_up is CatchUp.LATEST:
        known.settled_through = max(known.settled_through, on)
        return
    settled = _settled_after(session, job.name, known.settled_through)
    while known.settled_through + DAY in settled:
        known.settled_through += DAY
