"""A year of 3,000 agencies: opening it, reminding all of them, marking who is late, and what the desk's pages take.

SUMMARIES_AGENCIES says how many. On SQLite, and on PostgreSQL where there is one. The last minutes before the end of
the term, with thousands of hand-ins, are `last_hour`.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime

import flask_migrate
from flask import Flask
from sqlalchemy import Engine, event, func, select, update

from accounts.models import Role, RoleGrant, User
from agency.models import Agency
from app import create_app
from applicants.models import Applicant
from bench import nation
from bench.databases import databases
from bench.measures import Measure
from core import audit, clock, settings
from core.db import db, transaction
from evaluations.models import Evaluation, Party
from notices.models import Notice
from summaries import jobs
from summaries.models import Summary
from summaries.states import Duty

AGENCIES = int(os.environ.get("SUMMARIES_AGENCIES", "3000"))
EVALUATIONS = 5  # of each
OPENS, REMINDS, LATE = date(2026, 11, 1), date(2026, 12, 8), date(2026, 12, 16)
MOST_SECONDS = 15.0
MOST_QUERIES = 0.1  # a reminder


def run() -> list[Measure]:
    with databases() as given:
        return [measure for name, (instance, url) in given.items() for measure in _measures(name, instance, url)]


def _measures(name: str, instance: str, url: str) -> Iterator[Measure]:
    app = create_app(
        settings.from_environment({"MODE": settings.DEMONSTRATION, "INSTANCE": instance, "DATABASE_URL": url})
    )
    with app.app_context():
        flask_migrate.upgrade()
        officer = _prepare()
        yield from _opening(name)
        yield from _reminding(name)
        yield from _pages(name, app, officer)
        yield from _marking(name)
        yield Measure(f"{name}: faults of the log's chain", len(audit.verify(db.session()).faults), "", 0)
        db.session.remove()
        db.engine.dispose()


def _opening(name: str) -> Iterator[Measure]:
    seconds, queries = _taken(jobs.open_years, OPENS)
    opened = db.session.scalar(select(func.count(Summary.id))) or 0
    yield Measure(f"{name}: agencies without their row", AGENCIES - opened, "", 0)
    yield Measure(f"{name}: agencies that were not told", AGENCIES - _told("summary_opened", "summary_invited"), "", 0)
    yield Measure(f"{name}: opening the year for {AGENCIES:,}", seconds, "s", MOST_SECONDS)
    yield Measure(f"{name}: opening, queries an agency", queries / AGENCIES, "")
    seconds, queries = _taken(jobs.open_years, OPENS)
    yield Measure(f"{name}: the next night", seconds, "s")


def _reminding(name: str) -> Iterator[Measure]:
    with transaction() as session:  # all of them owe it, for the measure
        session.execute(update(Summary).values(duty=Duty.OWED))
    seconds, queries = _taken(jobs.remind, REMINDS)
    yield Measure(f"{name}: reminders lost", AGENCIES - _told("summary_due"), "", 0)
    yield Measure(f"{name}: {AGENCIES:,} reminders", seconds, "s", MOST_SECONDS)
    yield Measure(f"{name}: queries a reminder", queries / AGENCIES, "", MOST_QUERIES)
    seconds, _ = _taken(jobs.remind, REMINDS)
    yield Measure(f"{name}: reminders sent twice", _told("summary_due") - AGENCIES, "", 0)
    yield Measure(f"{name}: finding that all are reminded", seconds, "s")


def _pages(name: str, app: Flask, officer: str) -> Iterator[Measure]:
    client = app.test_client()
    with clock.frozen(_at(REMINDS)):
        instant = clock.now().timestamp()
        with client.session_transaction() as session:
            session.update(_user_id=officer, _fresh=True, began=instant, used=instant)
        for what, end in (
            ("overview", ""), ("overview, a filter", "?standing=missing&bureau=changchun"),
            ("brought together", "/consolidated"), ("brought together, .xlsx", "/consolidated.xlsx"),
            ("brought together, .docx", "/consolidated.docx"),
        ):  # fmt: skip
            began, answer = time.monotonic(), client.get(f"/desk/summaries/2026{end}")
            if answer.status_code != 200:
                raise RuntimeError(f"{what}: {answer.status_code}")
            yield Measure(f"{name}: page, {what}", (time.monotonic() - began) * 1000, "ms")


def _marking(name: str) -> Iterator[Measure]:
    seconds, queries = _taken(jobs.mark_late, LATE)
    marked = db.session.scalar(select(func.count(Summary.id)).where(Summary.marked_late_on.is_not(None))) or 0
    yield Measure(f"{name}: late and not marked", AGENCIES - marked, "", 0)
    yield Measure(f"{name}: marking {AGENCIES:,} late", seconds, "s")
    yield Measure(f"{name}: marking, queries each", queries / AGENCIES, "")


def _taken(job: Callable[[date], str], day: date) -> tuple[float, int]:
    """Seconds and queries of a day's work."""
    with clock.frozen(_at(day)), _counted() as queries:
        began = time.monotonic()
        job(day)
        return time.monotonic() - began, len(queries)


@contextmanager
def _counted() -> Iterator[list[str]]:
    queries: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        queries.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield queries
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def _told(*events: str) -> int:
    return db.session.scalar(select(func.count(Notice.id)).where(Notice.event.in_(events))) or 0


def _at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, tzinfo=clock.SHANGHAI)


def _prepare() -> str:
    """Filed agencies with evaluations; returns how an officer's session names him."""
    evaluations, applicants = AGENCIES * EVALUATIONS, AGENCIES * 2
    with db.engine.begin() as connection:
        for mapped, rows in (
            (Agency, nation._agencies(AGENCIES)),
            (Applicant, nation.applicants(applicants)),
            (Evaluation, nation._evaluations(evaluations, applicants)),
            (Party, nation._parties(evaluations, AGENCIES)),
        ):
            nation._put(connection, mapped, rows)
    with transaction() as session, clock.frozen(_at(OPENS)):
        user = User(username="reviewer", display_name="审核人", password_hash="-", created_at=clock.now())
        user.grants.append(RoleGrant(role=Role.REVIEWER))
        session.add(user)
    return db.session.scalars(select(User)).one().get_id()
