"""Reading the ledger: how each job stands, its history, and whether anybody schedules at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import clock
from core.db import db
from core.paging import Page, page_of
from scheduling import due, running
from scheduling.jobs import Job, Pulse
from scheduling.models import JobRun, KnownJob, PulseRun, RunState
from scheduling.scheduler import BEAT

SILENT_AFTER = timedelta(minutes=5)
MOST_COUNTED = 100


@dataclass(frozen=True, slots=True)
class Standing:
    """How a job stands: its newest run, what of it failed, and when it is next due."""

    job: Job
    last: JobRun | None
    failed: int
    next_at: datetime


@dataclass(frozen=True, slots=True)
class Beat:
    """How a pulse stands; `run` is None where it never ran."""

    pulse: Pulse
    run: PulseRun | None


def standings(session: Session) -> list[Standing]:
    """All jobs in the order of a day."""
    jobs, now = running.jobs(), clock.now()
    begun = select(JobRun.job, func.max(JobRun.on).label("on")).where(JobRun.job.in_(jobs))
    newest = begun.where(JobRun.started_at.is_not(None)).group_by(JobRun.job).subquery()
    matching = select(JobRun).join(newest, (JobRun.job == newest.c.job) & (JobRun.on == newest.c.on))
    last = {run.job: run for run in session.scalars(matching)}
    failing = select(JobRun.job, func.count()).where(JobRun.state == RunState.FAILED, JobRun.job.in_(jobs))
    failed = {name: count for name, count in session.execute(failing.group_by(JobRun.job))}  # noqa: C416 - rows
    known = set(session.scalars(select(KnownJob.name)))
    return [
        Standing(job, last.get(name), failed.get(name, 0), _next(job, last.get(name), now, known=name in known))
        for name, job in jobs.items()
    ]


def _next(job: Job, last: JobRun | None, now: datetime, *, known: bool) -> datetime:
    if last is not None and last.state is RunState.WAITING and last.next_try_at is not None:
        return last.next_try_at
    if not known:
        return max(now, due.due_at(job, clock.day_of(now)))
    newest = due.newest_due(job, now)
    done = last is not None and last.on >= newest
    return due.due_at(job, newest + due.DAY) if done else max(now, due.due_at(job, newest))


def beats(session: Session) -> list[Beat]:
    """All pulses, in the order of the list."""
    rows = {row.name: row for row in session.scalars(select(PulseRun))}
    return [Beat(pulse, rows.get(name)) for name, pulse in running.pulses().items()]


def scheduler_beat(session: Session) -> PulseRun | None:
    """When and where the scheduler was last seen; None: never."""
    return session.get(PulseRun, BEAT)


def is_silent(session: Session) -> bool:
    """Whether nobody has scheduled for some minutes."""
    beat = scheduler_beat(session)
    return beat is None or clock.now() - beat.at > SILENT_AFTER


def failed_runs(session: Session) -> int:
    """How many runs stand as failed; stops at MOST_COUNTED."""
    names = [job.name for job in current_app.extensions["jobs"]]
    some = select(JobRun.id).where(JobRun.state == RunState.FAILED, JobRun.job.in_(names)).limit(MOST_COUNTED)
    return session.scalar(select(func.count()).select_from(some.subquery())) or 0


def failing_pulses(session: Session) -> Sequence[PulseRun]:
    return session.scalars(select(PulseRun).where(PulseRun.failures > 2).order_by(PulseRun.name)).all()


def history(session: Session, job: str, cursor: str | None) -> Page[JobRun]:
    """The runs of a job, the newest day first."""
    rows = select(JobRun).where(JobRun.job == job)
    return page_of(session, rows, keys=[JobRun.on], cursor=cursor, descending=True)


def job_named(name: str) -> Job | None:
    return running.jobs().get(name)


def run_seen(run_id: int) -> JobRun | None:
    return db.session.get(JobRun, run_id)
