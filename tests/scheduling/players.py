"""Schedulers as real processes, for tests that kill them: `python -m tests.scheduling.players URL FOLDER SEED KILLS`.

Forks two, kills one of them at random and starts another, so many times; then lets them finish. What a unit of work
is a line in the table `unit`, which nothing keeps from being written twice but the ledger.
"""

import os
import random
import signal
import sys
from datetime import date, time
from pathlib import Path
from time import sleep

from flask import Flask
from sqlalchemy import text

from app import create_app
from core.db import db, transaction
from scheduling import due, running
from scheduling.jobs import Job, Pulse
from scheduling.once import first_time
from scheduling.scheduler import Pace, scheduler_for
from tests.conftest import settings_for

JOBS = ("first", "second", "third")
UNITS = 12
PACE = Pace(stand_by=0.05, tick=0.1, watch=0.05, farewell=5)


def hurry() -> None:
    """Everything at a fiftieth of its time."""
    due.LEASE = due.FARTHEST_LEASE = due.LEASE / 50
    due.BACKOFF = tuple(wait / 50 for wait in due.BACKOFF)
    running.BEAT /= 50
    running.MOST_BREAKS = 1000


def player(url: str, folder: Path, *, inside: bool) -> Flask:
    app = create_app(settings_for(folder, url))
    app.extensions["jobs"] = (
        *(Job(name, name, work(name), at=time(0)) for name in JOBS),
        Pulse("beat", "beat", lambda: 0, every=1),
    )
    return app


def work(name: str):  # type: ignore[no-untyped-def]
    def run(on: date) -> str:
        for number in range(UNITS):
            with transaction() as session:
                if first_time(session, name, f"{on}:{number}"):
                    line = {"job": name, "day": on.isoformat(), "number": number}
                    session.execute(text("INSERT INTO unit (job, day, number) VALUES (:job, :day, :number)"), line)
            sleep(0.01)
        return f"{UNITS} 件"

    return run


def schedule(url: str, folder: Path, *, inside: bool = False) -> None:
    app = player(url, folder, inside=inside)
    scheduler = scheduler_for(app, inside=inside, pace=PACE)
    signal.signal(signal.SIGTERM, lambda number, frame: scheduler.stop())
    scheduler.run()


def start(url: str, folder: Path) -> int:
    child = os.fork()
    if child == 0:
        try:
            schedule(url, folder)
        finally:
            os._exit(0)
    return child


def main() -> None:
    url, folder, seed, kills = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    hurry()
    chance = random.Random(seed)  # noqa: S311 - which one dies when
    alive = [start(url, folder), start(url, folder)]
    for _ in range(kills):
        sleep(chance.uniform(0.05, 0.6))
        dying = alive.pop(chance.randrange(2))
        os.kill(dying, signal.SIGKILL)
        os.waitpid(dying, 0)
        alive.append(start(url, folder))
    watching = player(url, folder, inside=False)
    while not finished(watching):
        sleep(0.1)
    for child in alive:
        os.kill(child, signal.SIGTERM)
        os.waitpid(child, 0)


def finished(app: Flask) -> bool:
    with app.app_context():
        left = due.due(running.jobs(), running.clock.now())
        running_still = text("SELECT count(*) FROM job_run WHERE state <> 'done'")
        done = not left and db.session.scalar(running_still) == 0
        db.session.remove()
        db.engine.dispose()
        return done


if __name__ == "__main__":
    main()
