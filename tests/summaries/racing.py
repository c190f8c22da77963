"""Processes of their own that do the work of one day at the same moment, on one database."""

import multiprocessing
import os
from datetime import date, datetime
from multiprocessing.context import ForkServerContext
from multiprocessing.synchronize import Barrier
from pathlib import Path

from flask import Flask
from sqlalchemy import Engine, event

from app import create_app
from core import clock
from core.db import db
from summaries import jobs
from summaries.services import reminding
from tests.conftest import settings_for

PATIENCE = 120
DAY = date(2026, 12, 8)


def _work(instance: str, url: str, barrier: Barrier, dies_after: int) -> None:
    """The whole morning; `dies_after` so many rounds of notices it is gone, as if the power failed (0: never)."""
    app = create_app(settings_for(Path(instance), url))
    reminding.PIECE = 4
    with app.app_context(), clock.frozen(datetime(2026, 12, 8, 9, tzinfo=clock.SHANGHAI)):
        db.session.connection()
        db.session.remove()
        if dies_after:
            _let_it_die(dies_after)
        barrier.wait(PATIENCE)
        jobs.open_years(DAY)
        jobs.remind(DAY)
        db.session.remove()


def _let_it_die(after: int) -> None:
    """After so many statements that tell agencies something."""
    told = 0

    def count(connection: object, cursor: object, statement: str, *rest: object) -> None:
        nonlocal told
        told += statement.startswith("INSERT INTO notice ")
        if told > after:
            os._exit(1)

    event.listen(Engine, "before_cursor_execute", count)


def race(app: Flask, dying: list[int]) -> list[int | None]:
    """A process for each entry; how each of them ended."""
    context: ForkServerContext = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    instance = str(Path(app.config["AUDIT_CHECKPOINTS"]).parent)
    url = str(app.config["SQLALCHEMY_DATABASE_URI"])
    barrier = context.Barrier(len(dying))
    made = [context.Process(target=_work, args=(instance, url, barrier, dies_after)) for dies_after in dying]
    for process in made:
        process.start()
    for process in made:
        process.join(PATIENCE)
    return [process.exitcode for process in made]
