"""One process schedules: locks that go with their process, a clock that is set, a server that forks."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

import pytest
from apscheduler.events import EVENT_JOB_SUBMITTED
from apscheduler.schedulers import base
from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask
from sqlalchemy import text

from core import clock
from core.db import db
from core.settings import ROOT, Misconfigured, from_environment
from scheduling import inside
from scheduling.jobs import Pulse
from scheduling.leading import LOCK_NUMBER, AdvisoryLock, Both, FileLock, lock_for
from scheduling.models import PulseRun
from scheduling.scheduler import BEAT, Every, Pace, Pool, Scheduler

PATIENCE = 60  # seconds, on a busy machine
PACE = Pace(stand_by=0.02, tick=0.05, watch=0.02, farewell=5)


def until(happens: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not happens():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


def test_a_file_lock_is_held_by_one(tmp_path: Path) -> None:
    first, second = FileLock(tmp_path / "new" / "lock"), FileLock(tmp_path / "new" / "lock")
    assert first.take()
    assert first.take()
    assert not second.take()
    assert (first.is_held(), second.is_held()) == (True, False)
    first.release()
    assert second.take()
    second.release()


def test_the_lock_on_postgresql_is_held_by_one_and_lost_with_its_connection(app: Flask, context: None) -> None:
    if db.engine.dialect.name != "postgresql":
        return
    first, second = AdvisoryLock(db.engine), AdvisoryLock(db.engine)
    try:
        assert first.take()
        assert not second.take()
        holder = text("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = :number")
        with db.engine.connect() as connection:
            connection.execute(holder, {"number": LOCK_NUMBER})
        assert not first.is_held()
        until(second.take)
        assert not first.take()
    finally:
        first.release()
        second.release()


def test_inside_a_server_on_postgresql_both_locks_are_taken(app: Flask, context: None, tmp_path: Path) -> None:
    own, apart = lock_for(db.engine, tmp_path, inside=True), lock_for(db.engine, tmp_path, inside=False)
    try:
        assert isinstance(own, Both if db.engine.dialect.name == "postgresql" else FileLock)
        assert own.take()
        assert not apart.take()
        own.release()
        assert apart.take()
        assert not own.take()
        assert not isinstance(own, Both) or not own.first.is_held()  # given back, when the second was not to be had
    finally:
        own.release()
        apart.release()


@pytest.fixture
def leading(app: Flask, tmp_path: Path) -> Iterator[Callable[..., Scheduler]]:
    """Schedulers in threads of this process, ended with the test."""
    own, started = app.extensions["jobs"], []

    def lead(*jobs: Pulse) -> Scheduler:
        app.extensions["jobs"] = jobs
        made = Scheduler(app, FileLock(tmp_path / "lock"), pace=PACE)
        started.append(made)
        made.start()
        return made

    yield lead
    for made in started:
        made.stop()
    app.extensions["jobs"] = own


def test_the_second_stands_by_until_the_first_stops(leading: Callable[..., Scheduler]) -> None:
    first = leading()
    until(lambda: first.is_leading)
    second = leading()
    assert not second.is_leading
    first.stop()
    assert not first.is_leading
    until(lambda: second.is_leading)


def test_a_leader_that_lost_its_lock_stands_by_and_leads_again(leading: Callable[..., Scheduler]) -> None:
    first = leading()
    until(lambda: first.is_leading)
    first.lock.release()
    second = leading()
    until(lambda: first.is_leading != second.is_leading)


def test_pulses_beat_and_one_that_fails_stops_no_other(leading: Callable[..., Scheduler], app: Flask) -> None:
    beaten = threading.Event()

    def broken() -> int:
        raise RuntimeError("down")

    def well() -> int:
        beaten.set()
        return 1

    leading(Pulse("bad", "坏", broken, every=1), Pulse("good", "好", well, every=1))
    assert beaten.wait(PATIENCE)

    def noted() -> bool:
        with app.app_context():
            rows = {row.name: row.error for row in db.session.scalars(db.select(PulseRun))}
            return set(rows) == {BEAT, "bad", "good"} and rows["good"] is None and bool(rows["bad"])

    until(noted)


def set_clock(monkeypatch: pytest.MonkeyPatch, shift: timedelta) -> None:
    """As if somebody had set the machine's clock: for us and for APScheduler, not for the stopwatch."""

    class Shifted(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return (datetime.fromtimestamp(time.time(), UTC) + shift).astimezone(tz)

    monkeypatch.setattr(clock, "now", lambda: Shifted.now(UTC))
    monkeypatch.setattr(base, "datetime", Shifted)


def test_a_clock_that_is_set_back_or_forward_stops_no_tick(
    leading: Callable[..., Scheduler], monkeypatch: pytest.MonkeyPatch
) -> None:
    """APScheduler waits for the old time after a clock was set back, and counts every skipped fire after a jump on."""
    beats: list[float] = []
    leading(Pulse("beat", "跳", lambda: beats.append(time.monotonic()) or 0, every=1))
    until(lambda: beats)
    for shift in (timedelta(days=-400), timedelta(days=4000)):
        set_clock(monkeypatch, shift)
        before = len(beats)
        until(lambda before=before: len(beats) > before + 1)


def test_a_fire_is_counted_from_now_not_from_the_last() -> None:
    now = clock.now()
    assert Every(10).get_next_fire_time(now - timedelta(days=4000), now) == now + timedelta(seconds=10)
    assert Every(10).get_next_fire_time(None, now) == now


def test_a_fire_while_python_ends_is_left_out_without_a_word(caplog: pytest.LogCaptureFixture) -> None:
    pool = Pool(1)
    ticking = BackgroundScheduler(executors={"default": pool})
    ticking.start()
    try:
        pool._pool.shutdown()
        fired = threading.Event()
        ticking.add_listener(lambda event: fired.set(), EVENT_JOB_SUBMITTED)
        ticking.add_job(lambda: None, Every(1), next_run_time=clock.now())
        assert fired.wait(PATIENCE)
    finally:
        ticking.shutdown(wait=False)
    assert "Error submitting" not in caplog.text


def test_commands_never_schedule(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASK_RUN_FROM_CLI", "true")
    before = threading.active_count()
    inside.start(app)
    assert threading.active_count() == before


def test_who_schedules_is_one_of_two_words(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="SCHEDULER"):
        from_environment({"INSTANCE": str(tmp_path), "SCHEDULER": "everywhere"})
    assert from_environment({"INSTANCE": str(tmp_path), "SCHEDULER": "apart"}).scheduler == "apart"


@pytest.mark.parametrize("preload", [[], ["--preload"]])
def test_of_a_servers_processes_one_schedules_and_sigterm_ends_them(
    app: Flask, tmp_path: Path, preload: list[str]
) -> None:
    environment = os.environ | {
        "INSTANCE": str(tmp_path),
        "DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
        "MODE": "demonstration",
        "GUNICORN_CMD_ARGS": "",
    }
    environment.pop("FLASK_RUN_FROM_CLI", None)
    command = [sys.executable, "-m", "gunicorn", "--bind", f"unix:{tmp_path}/socket", "--workers", "2", *preload]
    server = subprocess.Popen([*command, "wsgi:app"], cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)

    def beats() -> bool:
        with app.app_context():
            beat = db.session.get(PulseRun, BEAT)
            db.session.remove()
            return beat is not None and not str(beat.by).endswith(f" {server.pid}")

    try:
        until(beats)
    finally:
        server.terminate()
        _, told = server.communicate(timeout=PATIENCE)
    assert server.returncode == 0
    assert "Traceback" not in told, told
    free = FileLock(tmp_path / "scheduler.lock")
    assert free.take()
    free.release()
