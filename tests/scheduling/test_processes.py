"""Two schedulers at once, real processes, killed and started again at random: everything once, nothing lost."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text

from core import clock
from core.db import db, transaction
from core.settings import ROOT
from scheduling.models import JobRun, KnownJob, PulseRun, RunState
from scheduling.scheduler import BEAT
from tests.scheduling import players

DAYS = 5
PATIENCE = 120  # seconds, on a busy machine


@pytest.fixture
def ledger(app: Flask) -> Iterator[Flask]:
    """A database in which the jobs of some days are left to do, with a table of units that may hold doubles."""
    with app.app_context():
        today = clock.today()
        with transaction() as session:
            session.execute(text("CREATE TABLE unit (job TEXT, day TEXT, number INTEGER)"))
            for name in players.JOBS:
                since = today - timedelta(days=DAYS - 1)
                session.add(KnownJob(name=name, since=since, settled_through=since - timedelta(days=1)))
        db.session.remove()
        db.engine.dispose()
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def url_of(app: Flask) -> str:
    return str(app.config["SQLALCHEMY_DATABASE_URI"])


@pytest.mark.parametrize("seed", [1, 2])
def test_killed_and_started_again_at_random_two_schedulers_do_everything_once(
    ledger: Flask, tmp_path: Path, seed: int
) -> None:
    began = clock.today()
    told = subprocess.run(
        [sys.executable, "-m", "tests.scheduling.players", url_of(ledger), str(tmp_path), str(seed), "12"],
        cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    with ledger.app_context():
        units = [tuple(row) for row in db.session.execute(text("SELECT day, job, number FROM unit"))]
        runs = {(run.job, run.on): run for run in db.session.scalars(select(JobRun))}
    days = [began - timedelta(days=n) for n in range(DAYS)]
    expected = {(str(day), job, n) for day, job, n in product(days, players.JOBS, range(players.UNITS))}
    assert len(units) == len(set(units))
    assert set(units) >= expected
    assert {run.state for run in runs.values()} == {RunState.DONE}
    assert {(job, day) for job, day in product(players.JOBS, days)} <= runs.keys()


def test_when_the_leader_dies_the_one_that_stands_by_takes_over(ledger: Flask, tmp_path: Path) -> None:
    first, second = (_scheduler(ledger, tmp_path) for _ in range(2))
    try:
        leader = _whose_beat(ledger, {first.pid, second.pid})
        follower = ({first.pid, second.pid} - {leader}).pop()
        for process in (first, second):
            if process.pid == leader:
                process.kill()
                process.wait()
        assert _whose_beat(ledger, {follower}) == follower
    finally:
        for process in (first, second):
            process.terminate()
            process.wait(PATIENCE)
    survivor = first if first.pid == follower else second
    assert survivor.returncode == 0, "SIGTERM ends it cleanly"


def _scheduler(app: Flask, folder: Path) -> subprocess.Popen[bytes]:
    code = (
        "import sys; from pathlib import Path; from tests.scheduling import players; "
        "players.hurry(); players.schedule(sys.argv[1], Path(sys.argv[2]))"
    )
    return subprocess.Popen([sys.executable, "-c", code, url_of(app), str(folder)], cwd=ROOT)


def _whose_beat(app: Flask, candidates: set[int]) -> int:
    """The process, one of these, that says that it schedules; waits until one does."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with app.app_context():
            beat = db.session.get(PulseRun, BEAT)
            found = int(str(beat.by).rsplit(" ", 1)[1]) if beat else None
            db.session.remove()
        if found in candidates:
            return found
        time.sleep(0.05)
    raise AssertionError(f"none of {candidates} schedules (process {os.getpid()})")
