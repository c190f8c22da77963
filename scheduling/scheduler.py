"""The scheduler: stands by until it holds the lock, then ticks. APScheduler ticks; what was done, the ledger says.

Its job store is memory and holds one tick and the pulses. Two habits of APScheduler are seen to here: it counts all the
fires that a clock set forward has skipped, and waits for the old time after one that was set back.
"""

import logging
import os
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.job import Job
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from flask import Flask

from core import audit, clock
from core.db import add_unless_there, db, transaction
from core.settings import Settings
from scheduling import running
from scheduling.jobs import Pulse
from scheduling.leading import Lock, lock_for
from scheduling.models import PulseRun

log = logging.getLogger(__name__)
BEAT = "scheduler"  # the row in which a leading scheduler says that it is there
MOST_DRIFT = 5.0  # seconds that clock and stopwatch may differ before the clock counts as set
SEEN_EVERY = timedelta(minutes=1)  # a pulse that had nothing to do is written down this often


@dataclass(frozen=True, slots=True)
class Pace:
    """How often things are looked at, in seconds."""

    stand_by: float = 5.0
    tick: float = 10.0
    watch: float = 2.0
    farewell: float = 20.0  # how long a stop waits for the job that runs


class Every(BaseTrigger):  # type: ignore[misc]
    """So many seconds after the last fire, whatever the clock did meanwhile."""

    def __init__(self, seconds: float) -> None:
        self.length = timedelta(seconds=seconds)

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime:
        return now if previous is None else now + self.length


class Pool(ThreadPoolExecutor):  # type: ignore[misc]
    """Python closes all pools before it tells us that the process ends: a fire in between is left out, not a fault."""

    def _do_submit_job(self, job: Job, run_times: list[datetime]) -> None:
        try:
            super()._do_submit_job(job, run_times)
        except RuntimeError as refusal:
            if "shutdown" not in str(refusal):
                raise


class Scheduler:
    """One process' scheduler. `run()` returns after `stop()`; `start()` runs it in a thread."""

    def __init__(self, app: Flask, lock: Lock, *, pace: Pace | None = None) -> None:
        self.app, self.lock, self.pace = app, lock, pace or Pace()
        self.is_leading = False
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self.run, name="scheduler", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ask it to end, and wait for the thread it was started in."""
        self._stop.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(self.pace.farewell)

    def run(self) -> None:
        """Stand by, lead, stand by again after losing the lock, until it is told to stop."""
        try:
            while not self._stop.is_set():
                if self._take():
                    log.info("this process schedules now")
                    self._lead()
                self._stop.wait(self.pace.stand_by)
        finally:
            self.lock.release()

    def _take(self) -> bool:
        try:
            return self.lock.take()
        except Exception:  # the database or the folder is away: asked again
            log.warning("the scheduler's lock could not be asked for", exc_info=True)
            return False

    def _lead(self) -> None:
        ended = threading.Event()
        ticking = self._ticking(ended)
        ticking.start()
        self.is_leading = True
        try:
            self._watch(ticking)
        finally:
            self.is_leading = False
            ended.set()
            _shut_down(ticking, self.pace.farewell)
            self.lock.release()

    def _ticking(self, ended: threading.Event) -> BackgroundScheduler:
        with self.app.app_context():
            pulses = list(running.pulses().values())
        logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a tick that takes longer than a tick is no news
        ticking = BackgroundScheduler(
            timezone=clock.SHANGHAI,
            executors={"default": Pool(2 + len(pulses))},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        ticking.add_job(self._guarded(partial(note_pulse, BEAT, 0)), Every(self.pace.tick), id="beat")
        ticking.add_job(self._guarded(partial(running.run_due, ended)), Every(self.pace.tick), id="tick")
        for pulse in pulses:
            ticking.add_job(self._guarded(partial(run_pulse, pulse)), Every(pulse.every), id=f"pulse {pulse.name}")
        return ticking

    def _guarded(self, act: Callable[[], object]) -> Callable[[], None]:
        def acting() -> None:
            try:
                with self.app.app_context():
                    act()
            except Exception:  # the ledger itself is out of reach: the next tick tries again
                log.exception("a tick of the scheduler failed")

        return acting

    def _watch(self, ticking: BackgroundScheduler) -> None:
        """Until it is to stop or the lock is gone; a clock that was set sets the fires anew."""
        offset = _offset()
        while not self._stop.wait(self.pace.watch):
            if not self._holds():
                log.warning("the scheduler's lock is lost; standing by")
                return
            if abs(_offset() - offset) > MOST_DRIFT:
                log.warning("the clock was set by %.0f s", _offset() - offset)
                offset = _offset()
                for job in ticking.get_jobs():
                    job.modify(next_run_time=clock.now())

    def _holds(self) -> bool:
        try:
            return self.lock.is_held()
        except Exception:
            log.warning("the scheduler's lock could not be looked at", exc_info=True)
            return False


def _offset() -> float:
    """Clock against stopwatch: changes when somebody sets the clock."""
    return clock.now().timestamp() - time.monotonic()


def _shut_down(ticking: BackgroundScheduler, seconds: float) -> None:
    """End it; what runs may end for a while, and is otherwise taken up by the next leader."""
    waiting = threading.Thread(target=ticking.shutdown, daemon=True)
    waiting.start()
    waiting.join(seconds)


def run_pulse(pulse: Pulse) -> int:
    """Do what waits now, and write down how that went; a pulse that fails comes again at its time."""
    audit.set_origin(f"pulse {pulse.name}")
    try:
        did = pulse.run()
    except Exception as error:
        running.report(f"pulse {pulse.name}", error)
        db.session.rollback()
        note_pulse(pulse.name, 0, error=running.sentence(error))
        return 0
    finally:
        audit.set_origin("system")
    note_pulse(pulse.name, did)
    return did


def note_pulse(name: str, did: int, *, error: str | None = None) -> None:
    now = clock.now()
    row = db.session.get(PulseRun, name, populate_existing=True)
    news = bool(did or error or (row and row.error))
    if row is not None and not news and abs(now - row.at) < SEEN_EVERY and row.by == whoami():
        return
    with transaction() as session:
        add_unless_there(session, PulseRun, name=name, at=now, did=0, failures=0)
        row = session.get_one(PulseRun, name, with_for_update=True, populate_existing=True)
        row.at, row.by = now, whoami()
        row.error, row.failures = error, row.failures + 1 if error else 0
        if did:
            row.did, row.did_at = did, now


def whoami() -> str:
    return f"{socket.gethostname()[:80]} {os.getpid()}"


def scheduler_for(app: Flask, *, inside: bool, pace: Pace | None = None) -> Scheduler:
    """The scheduler of this process, with the lock that suits its place and its database."""
    settings: Settings = app.extensions["settings"]
    with app.app_context():
        lock = lock_for(db.engine, settings.instance, inside=inside)
    return Scheduler(app, lock, pace=pace)
