"""Running what is due. The ledger says what was done; whoever runs here first claims the work of a day in it.

A claim is one UPDATE that finds the row free, so that of several processes one gets it, on every database. It is
renewed while the work goes on; the claim of a process that died runs out and the work is taken up again. What a job
did before it broke off it finds done (scheduling/once.py, or its own rows).
"""

import contextvars
import logging
import os
import socket
import threading
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from flask import Flask, current_app
from sqlalchemy import ColumnElement, CursorResult, Update, or_, update

from core import audit, clock
from core.db import add_unless_there, db, transaction
from core.errors import Conflict, DomainError
from scheduling import due
from scheduling.jobs import Alarm, Job, Pulse
from scheduling.models import JobRun, RunState

log = logging.getLogger(__name__)

BEAT = 8.0  # seconds between two renewals of a claim
MOST_BREAKS = 20  # a job whose process dies so often is what kills it

Jobs = Mapping[str, Job]


@dataclass(frozen=True, slots=True)
class Ran:
    """What became of the work of a day."""

    job: str
    on: date
    state: RunState
    told: str  # what it did, or what went wrong


class NoSuchJob(DomainError):
    """There is no job of this name."""


class NotYet(DomainError):
    """The day has not come: what is told of it would not be true."""


class RunsElsewhere(Conflict):
    """Another process is at the work of this day."""


def jobs() -> dict[str, Job]:
    """The days' jobs of all packages, in the order of a day."""
    listed: tuple[Job | Pulse, ...] = current_app.extensions["jobs"]
    return {job.name: job for job in listed if isinstance(job, Job)}


def pulses() -> dict[str, Pulse]:
    listed: tuple[Job | Pulse, ...] = current_app.extensions["jobs"]
    return {pulse.name: pulse for pulse in listed if isinstance(pulse, Pulse)}


def run_due(stop: threading.Event | None = None) -> list[Ran]:
    """Do what is due and not done, in order of days and of the list, until nothing is; what it did.

    A job that fails is tried again later and holds up no other. `stop` ends it between two jobs.
    """
    done: list[Ran] = []
    known = jobs()
    due.make_known(known.values(), today=clock.today())
    tried: set[tuple[str, date]] = set()
    while not (stop and stop.is_set()):
        work = next((one for one in due.due(known, clock.now()) if (one.job.name, one.on) not in tried), None)
        if work is None:
            return done
        tried.add((work.job.name, work.on))
        claim = _claim(work.job, work.on, due.free(clock.now()))
        if claim is not None:
            done.append(_run_claimed(work.job, work.on, claim))
    return done


def run_job(name: str, on: date, *, again: bool = False) -> Ran:
    """Run the work of a day now, whichever day it is; done already, it says so unless asked to run it again.

    A day to come can be rehearsed in the demonstration. Raises NoSuchJob, NotYet, RunsElsewhere.
    """
    job = jobs().get(name)
    if job is None:
        raise NoSuchJob(f"没有名为 {name} 的任务。用 flask jobs list 查看全部任务。")
    if on > clock.today():
        return _rehearse(job, on)
    states = [RunState.WAITING, RunState.FAILED, RunState.PASSED_OVER, *([RunState.DONE] if again else [])]
    claim = _claim(job, on, or_(JobRun.state.in_(states), due.left_behind(clock.now())))
    if claim is not None:
        return _run_claimed(job, on, claim)
    run = due.run_of(db.session(), name, on)
    if run is not None and run.state is RunState.DONE:
        return Ran(name, on, RunState.DONE, f"此前已完成：{run.outcome}")
    raise RunsElsewhere(f"{name} {on} 正在另一进程中运行，请稍后再看。")


def _rehearse(job: Job, on: date) -> Ran:
    """What a day to come will bring, in the demonstration. The ledger does not count it: the day still has its run."""
    if not current_app.extensions["settings"].demonstration:
        raise NotYet(f"{on} 还没有到，到时会自动办理。将来的日子只能在演示环境中预演。")
    return Ran(job.name, on, RunState.DONE, f"{_work(job, on)}（预演，不记入）")


def _claim(job: Job, on: date, free: ColumnElement[bool]) -> str | None:
    """Take the work of a day for this process; None where somebody else has it or it is done."""
    claim = f"{socket.gethostname()[:12]}:{os.getpid()}:{uuid.uuid4().hex[:12]}"
    now = clock.now()
    this = (JobRun.job == job.name, JobRun.on == on)
    with transaction() as session:
        add_unless_there(session, JobRun, job=job.name, on=on, state=RunState.WAITING, attempts=0, breaks=0)
        broken = update(JobRun).where(*this, due.left_behind(now))
        if _execute(broken.where(JobRun.breaks >= MOST_BREAKS).values(**_GIVEN_UP, finished_at=now)):
            due.settle(session, job, on, RunState.FAILED)
            return None
        _execute(broken.values(breaks=JobRun.breaks + 1, lease_until=None))
        begun = {"state": RunState.RUNNING, "started_at": now, "finished_at": None, "next_try_at": None}
        taken = _execute(update(JobRun).where(*this, free).values(claim=claim, lease_until=now + due.LEASE, **begun))
        return claim if taken else None


_GIVEN_UP = {
    "state": RunState.FAILED,
    "claim": None,
    "lease_until": None,
    "error": "运行它的进程一再中断，已停止重试，请查看服务器日志。",
}


def _execute(statement: Update) -> int:
    """How many rows it changed."""
    result = cast(CursorResult[Any], db.session.execute(statement.execution_options(synchronize_session=False)))
    return result.rowcount


def _work(job: Job, on: date) -> str:
    """The work itself, in a context and a session of its own: what it leaves behind is nobody else's."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]

    def work() -> str:
        with app.app_context():
            audit.set_origin(f"job {job.name}")
            return job.run(on)

    return contextvars.copy_context().run(work)


def _run_claimed(job: Job, on: date, claim: str) -> Ran:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    with _renewed(app, job.name, on, claim):
        try:
            told = _work(job, on)
        except Exception as error:
            report(f"job {job.name} of {on}", error)
            return _note_failure(job, on, claim, error)
        except BaseException as end:
            _note_failure(job, on, claim, end)
            raise
    return _note_success(job, on, claim, told)


def _note_success(job: Job, on: date, claim: str, told: str) -> Ran:
    with transaction() as session:
        if _finish(job, on, claim, state=RunState.DONE, outcome=told[:500], error=None):
            due.settle(session, job, on, RunState.DONE)
    return Ran(job.name, on, RunState.DONE, told)


def _note_failure(job: Job, on: date, claim: str, error: BaseException) -> Ran:
    told = sentence(error)[:500]
    with transaction() as session:
        run = due.run_of(session, job.name, on)
        attempts = run.attempts + 1 if run else 1
        final = isinstance(error, Alarm) or attempts > len(due.BACKOFF)
        state = RunState.FAILED if final else RunState.WAITING
        next_try = None if final else clock.now() + due.BACKOFF[attempts - 1]
        if _finish(job, on, claim, state=state, attempts=attempts, next_try_at=next_try, outcome=None, error=told):
            due.settle(session, job, on, state)
    return Ran(job.name, on, state, told)


def _finish(job: Job, on: date, claim: str, **values: object) -> bool:
    """Write what became of it, unless the claim ran out meanwhile and another process took it up."""
    mine = (JobRun.job == job.name, JobRun.on == on, JobRun.claim == claim)
    ended = update(JobRun).where(*mine).values(claim=None, lease_until=None, finished_at=clock.now(), **values)
    if _execute(ended):
        return True
    log.warning("job %s of %s was taken up by another process meanwhile", job.name, on)
    return False


def report(what: str, error: Exception) -> None:
    """To the server's log: what was refused in a line, what is a fault of the program with where it came from."""
    if isinstance(error, DomainError):
        log.warning("%s failed: %s", what, error.message)
    else:
        log.error("%s failed", what, exc_info=error)


def sentence(error: BaseException) -> str:
    """For people; never what a program error says, which may hold anything."""
    if isinstance(error, DomainError):
        return error.message
    if isinstance(error, Exception):
        return f"程序出错（{type(error).__name__}），详情见服务器日志。"
    return "运行被中断。"


@contextmanager
def _renewed(app: Flask, name: str, on: date, claim: str) -> Iterator[None]:
    """Renew the claim while the work goes on, from a thread beside it."""
    ended = threading.Event()

    def renew() -> None:
        while not ended.wait(BEAT):
            try:
                with app.app_context(), db.engine.connect().execution_options(write=True) as connection:
                    statement = update(JobRun).where(JobRun.job == name, JobRun.on == on, JobRun.claim == claim)
                    connection.execute(statement.values(lease_until=clock.now() + due.LEASE))
                    connection.commit()
            except Exception:  # tried again at the next beat; the work itself is not stopped
                log.warning("claim of job %s of %s was not renewed", name, on, exc_info=True)

    beat = threading.Thread(target=contextvars.copy_context().run, args=(renew,), name=f"claim {name}", daemon=True)
    beat.start()
    try:
        yield
    finally:
        ended.set()
        beat.join()
