"""The last minutes of 15 December: hand-ins at ten a second, each with a file of 2 MB, in several processes at once.

LAST_HOUR_HAND_INS says how many (3000 takes five minutes). Each is two requests through the whole application, the file
and the hand-in; the clock runs on beyond midnight, so that some of them are late. On SQLite, and on PostgreSQL where
there is one.
"""

import multiprocessing
import os
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from multiprocessing.synchronize import Barrier
from typing import Any

import flask_migrate
from flask import Flask
from sqlalchemy import func, select, update

from accounts.models import Role, RoleGrant, User
from agency.models import Agency
from app import create_app
from applicants.models import Applicant
from bench import nation
from bench.databases import databases
from bench.measures import Measure
from core import audit, clock, law, settings
from core.db import db, transaction
from core.uploads import StoredFile
from evaluations.models import Evaluation, Party
from summaries import opening, rules
from summaries.models import Summary, SummaryFigure, SummaryVersion
from summaries.states import State
from tests.factories.agencies import TINY_PDF

HAND_INS = int(os.environ.get("LAST_HOUR_HAND_INS", "600"))
PER_SECOND = 10
WORKERS = 4
FILE_BYTES = 2 * 1024 * 1024
AFTER_MIDNIGHT = 0.1  # of them
YEAR = 2026
MIDNIGHT = datetime(2026, 12, 15, 16, tzinfo=UTC)
MOST_SECONDS = 1.0


@dataclass(frozen=True)
class Arrival:
    agency_id: int
    user_id: int
    after: float  # seconds from the start


@dataclass(frozen=True)
class Done:
    agency_id: int
    status: int
    received: datetime
    attaching: float  # seconds
    handing_in: float
    behind: float  # its process came to it so many seconds late


def run() -> list[Measure]:
    with databases() as given:
        return [measure for name, (instance, url) in given.items() for measure in _measures(name, instance, url)]


def _measures(name: str, instance: str, url: str) -> Iterator[Measure]:
    app = _application(instance, url)
    with app.app_context():
        flask_migrate.upgrade()
        arrivals = _prepare()
        db.session.remove()
        db.engine.dispose()
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(WORKERS)
    with ProcessPoolExecutor(WORKERS, context, initializer=_arrive, initargs=(instance, url, barrier)) as pool:
        results = [pool.submit(_work, arrivals[worker::WORKERS]) for worker in range(WORKERS)]
        done = [each for result in results for each in result.result()]
    yield Measure(f"{name}: hand-ins with 2 MB, {PER_SECOND} a second", len(done), "")
    yield Measure(f"{name}: a hand-in, p50", _share(sorted(each.handing_in for each in done), 0.5), "s")
    yield Measure(f"{name}: a hand-in, p95", _share(sorted(each.handing_in for each in done), 0.95), "s", MOST_SECONDS)
    yield Measure(f"{name}: its file, p95", _share(sorted(each.attaching for each in done), 0.95), "s")
    yield Measure(f"{name}: come to late, p95", _share(sorted(each.behind for each in done), 0.95), "s")
    with app.app_context():
        yield from _kept(name, done)
        db.session.remove()
        db.engine.dispose()


def _kept(name: str, done: Sequence[Done]) -> Iterator[Measure]:
    """What the database holds afterwards, beside what each was told."""
    session = db.session()
    rows: Mapping[int, Summary] = {row.agency_id: row for row in session.scalars(select(Summary))}
    handed_in = [rows[each.agency_id] for each in done if each.status == 302]
    refused = sum(each.status != 302 for each in done)
    yield Measure(f"{name}: refused", refused, "", 0)
    yield Measure(f"{name}: told so and lost", sum(row.state is not State.HANDED_IN for row in handed_in), "", 0)
    wrong = [
        each
        for each in done
        if each.status == 302 and (rows[each.agency_id].days_late > 0) is not (each.received >= MIDNIGHT)
    ]
    yield Measure(f"{name}: in time and marked late, or the other way", len(wrong), "", 0)
    yield Measure(f"{name}: of them after midnight", sum(row.days_late > 0 for row in handed_in), "")
    versions = session.scalar(select(func.count()).select_from(SummaryVersion)) or 0
    yield Measure(f"{name}: hand-ins without exactly one version", abs(versions - len(handed_in)), "", 0)
    files = session.scalar(select(func.count()).select_from(StoredFile)) or 0
    yield Measure(f"{name}: files missing", len(handed_in) - files, "", 0)
    numbers = {row.number for row in handed_in}
    yield Measure(f"{name}: receipts with a number of another", len(handed_in) - len(numbers), "", 0)
    figures = session.scalar(select(func.count(SummaryFigure.summary_id.distinct()))) or 0
    yield Measure(f"{name}: without figures", len(handed_in) - figures, "", 0)
    yield Measure(f"{name}: faults of the log's chain", len(audit.verify(session).faults), "", 0)


def _share(values: Sequence[float], share: float) -> float:
    return values[min(len(values) - 1, int(len(values) * share))]


def _application(instance: str, url: str) -> Flask:
    app = create_app(
        settings.from_environment({"MODE": settings.DEMONSTRATION, "INSTANCE": instance, "DATABASE_URL": url})
    )
    app.config["WTF_CSRF_ENABLED"] = False
    return app


def _prepare() -> list[Arrival]:
    """Agencies with some evaluations each, a user each, and a draft that is written to the end."""
    count, evaluations, applicants = HAND_INS, HAND_INS * 5, HAND_INS * 2
    with db.engine.begin() as connection:
        for mapped, rows in (
            (Agency, nation._agencies(count)),
            (Applicant, nation.applicants(applicants)),
            (Evaluation, nation._evaluations(evaluations, applicants)),
            (Party, nation._parties(evaluations, count)),
        ):
            nation._put(connection, mapped, rows)
    with transaction() as session:
        for number in range(1, count + 1):
            user = User(username=f"agency{number}", display_name="经办人", password_hash="-", agency_id=number)
            user.created_at = clock.now()
            user.grants.append(RoleGrant(role=Role.AGENCY))
            session.add(user)
    with clock.frozen(MIDNIGHT - timedelta(hours=2)):
        with transaction() as session:
            opening.open_for_all(session, rules.dates_of(YEAR, law.jurisdiction()))
        with transaction() as session:
            text = "本年度按要求开展评价，" * 60
            filled = {"account": text, "problems": text, "plan": text, "saved_at": clock.now(), "version": 2}
            session.execute(update(Summary).values(**filled))
    ids = {user.agency_id: user.id for user in db.session.scalars(select(User))}
    order = [*range(1, count + 1)]
    random.Random(1215).shuffle(order)  # noqa: S311 - a benchmark's order
    return [Arrival(agency_id, ids[agency_id], at / PER_SECOND) for at, agency_id in enumerate(order)]


_app: Flask
_barrier: Barrier


def _arrive(instance: str, url: str, barrier: Barrier) -> None:
    global _app, _barrier
    _app, _barrier = _application(instance, url), barrier


def _work(arrivals: Sequence[Arrival]) -> list[Done]:
    _barrier.wait()
    start = time.time()
    length = HAND_INS / PER_SECOND * (1 - AFTER_MIDNIGHT)
    # the clock that the application reads: midnight comes when so much of the time has passed
    shift = MIDNIGHT.timestamp() - (start + length)
    return [_one(_app, arrival, start, shift) for arrival in arrivals]


def _one(app: Flask, arrival: Arrival, start: float, shift: float) -> Done:
    time.sleep(max(0.0, start + arrival.after - time.time()))
    behind = time.time() - start - arrival.after
    client = app.test_client()
    file = _file(arrival.agency_id)
    began = time.time()
    with clock.frozen(datetime.fromtimestamp(began + shift, UTC)):
        with app.app_context():
            user_id = db.session.get_one(User, arrival.user_id).get_id()
        instant = clock.now().timestamp()
        with client.session_transaction() as session:
            session.update(_user_id=user_id, _fresh=True, began=instant, used=instant)
        data: dict[str, Any] = {"version": "2", "file": (BytesIO(file), "总结.pdf")}
        client.post(f"/summaries/{YEAR}/attachments", data=data)
    attached = time.time()
    received = datetime.fromtimestamp(attached + shift, UTC)
    with clock.frozen(received):
        answer = client.post(f"/summaries/{YEAR}/hand-in", data={"version": "3"})
    return Done(
        arrival.agency_id, answer.status_code, received, attached - began, time.time() - attached, max(0.0, behind)
    )


def _file(number: int) -> bytes:
    """A sound PDF that is nobody else's: so much of a remark behind its end, and the end once more."""
    remark = random.Random(number).randbytes(FILE_BYTES // 2).hex().encode()  # noqa: S311 - a benchmark's file
    return TINY_PDF + b"\n%" + remark + b"\n%%EOF\n"
