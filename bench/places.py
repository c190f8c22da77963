"""Registrations under contention: 16 processes, 50 representatives, far more attempts than fifteen places each.

The whole use-case (gate, places, sums, log, notices) beside bare SQL on the same numbered places, and beside looking
first and writing 5 ms later, which no isolation short of serialising holds. PLACES_ATTEMPTS says how many attempts for
each representative (2000 takes its time). On SQLite, and on PostgreSQL where there is one.
"""

import multiprocessing
import os
import random
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, partial
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import flask_migrate
from flask import Flask
from sqlalchemy import Connection, event, func, insert, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from accounts.models import User
from agency.models import Agency, Person, Place, Representation, StaffMember
from app import create_app
from applicants.models import Applicant
from bench.databases import databases
from bench.measures import Measure
from core import clock, settings
from core.db import Busy, db
from core.errors import DomainError
from core.identity import IdentityDocument
from evaluations.entries import RegistrationEntry
from evaluations.models import Evaluation, Party
from evaluations.rules.states import Level, Mode, State
from evaluations.services import registering
from filing.models import Filing, Submission
from tests.factories import Make
from tests.factories.evaluations import AGREEMENT

WORKERS = 16
REPRESENTATIVES = 50
ATTEMPTS = int(os.environ.get("PLACES_ATTEMPTS", "20"))  # for each representative
PAUSED_ATTEMPTS = 20
PAUSED_REPRESENTATIVES = 10  # in the whole use-case: the pause is what takes the time
PAUSE = 0.005
MOST_TIMES_BARE = 4.0
BARE_YEAR = 2031  # the bare statements fill places of years of their own
PATIENCE = 300


@dataclass(frozen=True)
class Attempt:
    """One try for a representative: which of theirs it is, by which agency, and what is entered."""

    person_id: int
    entry: RegistrationEntry
    user_id: int
    paused: bool = False

    @property
    def agency_id(self) -> int:
        return self.entry.agency_ids[0]


@dataclass(frozen=True)
class Outcome:
    attempts: int
    granted: int
    seconds: float

    @property
    def rate(self) -> float:
        return self.attempts / self.seconds


def run() -> list[Measure]:
    found: list[Measure] = []
    with databases() as given:
        for name, (instance, url) in given.items():
            found += _told(_measures(name, Path(instance), url))
    return found


def _told(measures: Iterator[Measure]) -> Iterator[Measure]:
    """Each as it comes: all of them together take minutes."""
    for measure in measures:
        print(f"  … {measure}", flush=True)
        yield measure


def _measures(name: str, instance: Path, url: str) -> Iterator[Measure]:
    app = _application(str(instance), url)
    with app.app_context():
        flask_migrate.upgrade()
    attempts = _prepare(app, ATTEMPTS + PAUSED_ATTEMPTS)
    shown = attempts[: REPRESENTATIVES * ATTEMPTS]
    paused = [replace(each, paused=True) for each in attempts[-REPRESENTATIVES * PAUSED_ATTEMPTS :]]
    bare = _raced(app, url, _bare, shown)
    whole = _raced(app, url, _whole, shown)
    yield Measure(f"{name}: attempts, each", len(shown), "")
    yield Measure(f"{name}: bare numbered places, attempts", bare.rate, "/s")
    yield Measure(f"{name}: whole use-case, attempts", whole.rate, "/s")
    yield Measure(f"{name}: bare / whole use-case", bare.rate / whole.rate, "times", MOST_TIMES_BARE)
    yield from _kept(app, f"{name}: whole use-case", clock.today().year, whole)
    yield from _kept(app, f"{name}: bare numbered places", BARE_YEAR, bare)
    _release_everything(app, clock.today().year)
    few = {each.person_id for each in paused[:PAUSED_REPRESENTATIVES]}
    slow = _raced(app, url, _whole, [each for each in paused if each.person_id in few])
    label = f"{name}: whole use-case, {PAUSE * 1000:.0f} ms before writing"
    yield from _kept(app, label, clock.today().year, slow, of=PAUSED_REPRESENTATIVES)
    for isolation in ("READ COMMITTED", "REPEATABLE READ") if name == "PostgreSQL" else ("autocommit",):
        table = _unguarded_table(app)
        loose = _raced(app, url, partial(_look_then_write, isolation=isolation), paused)
        yield Measure(f"{name}: look, then write ({isolation}): beyond fifteen", _beyond(app, table), "")
        yield Measure(f"{name}: look, then write ({isolation}): granted", loose.granted, "")


def _kept(app: Flask, what: str, year: int, outcome: Outcome, *, of: int = REPRESENTATIVES) -> Iterator[Measure]:
    """What the database holds afterwards: exactly fifteen each, and as many as were told that they got one."""
    with app.app_context():
        held = select(func.count()).where(Place.year == year, Place.person_id.is_not(None)).group_by(Place.person_id)
        counts = db.session.scalars(held).all()
        db.session.remove()
    yield Measure(
        f"{what}: representatives without exactly 15", float(of - sum(count == 15 for count in counts)), "", 0
    )
    yield Measure(f"{what}: sixteenths", float(sum(max(0, count - 15) for count in counts)), "", 0)
    yield Measure(f"{what}: told so and not kept", abs(sum(counts) - outcome.granted), "", 0)


def _application(instance: str, url: str) -> Flask:
    return create_app(
        settings.from_environment({"MODE": settings.DEMONSTRATION, "INSTANCE": instance, "DATABASE_URL": url})
    )


# what each process does


_app: Flask
_barrier: Barrier


def _arrive(instance: str, url: str, barrier: Barrier) -> None:
    global _app, _barrier
    _app, _barrier = _application(instance, url), barrier
    # the same file each time: a process looks at it once. Looking takes a program of its own, before any transaction
    registering.examine = cache(registering.examine)  # type: ignore[attr-defined]


def _raced(app: Flask, url: str, act: Callable[[Attempt], bool], attempts: Sequence[Attempt]) -> Outcome:
    """All attempts, shared among the processes, each share in an order of its own."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    barrier = context.Barrier(WORKERS)
    instance = str(Path(app.config["AUDIT_CHECKPOINTS"]).parent)
    chance = random.Random(279)  # noqa: S311 - a benchmark's order
    mixed = chance.sample(list(attempts), len(attempts))
    with ProcessPoolExecutor(WORKERS, context, _arrive, (instance, url, barrier)) as pool:
        shares = [pool.submit(_run, act, mixed[number::WORKERS]) for number in range(WORKERS)]
        done = [share.result() for share in shares]
    seconds = max(end for _, end, _ in done) - min(begin for begin, _, _ in done)
    return Outcome(len(attempts), sum(granted for _, _, granted in done), seconds)


def _run(act: Callable[[Attempt], bool], share: Sequence[Attempt]) -> tuple[float, float, int]:
    with _app.app_context():
        db.session.scalar(select(func.count()).select_from(Agency))
        db.session.remove()
    _barrier.wait(PATIENCE)
    begun, granted = time.monotonic(), 0
    for attempt in share:
        with _app.app_context():
            granted += _patiently(act, attempt)
            db.session.remove()
    return begun, time.monotonic(), granted


def _patiently(act: Callable[[Attempt], bool], attempt: Attempt) -> bool:
    """Again, where SQLite let others write for longer than one may wait."""
    while True:
        try:
            return act(attempt)
        except Busy:
            continue
        except OperationalError as refusal:
            if "database is locked" not in str(refusal.orig):
                raise


def _whole(attempt: Attempt) -> bool:
    session = db.session()
    user = session.get_one(User, attempt.user_id)
    session.expunge(user)
    if attempt.paused:
        event.listen(session, "before_flush", _dawdle)
    try:
        registering.register(attempt.entry, AGREEMENT, by=user)
    except Busy:
        raise
    except DomainError:
        return False
    finally:
        if attempt.paused:
            event.remove(session, "before_flush", _dawdle)
    return True


def _dawdle(session: Session, *rest: Any) -> None:
    if any(isinstance(row, Place) for row in session.new):
        time.sleep(PAUSE)


def _bare(attempt: Attempt) -> bool:
    """The same places, by the fewest statements that keep fifteen."""
    holders = (Place.person_id, attempt.person_id), (Place.agency_id, attempt.agency_id)
    with db.engine.connect().execution_options(write=True) as connection, connection.begin() as transaction:
        for model, whose in ((Agency, attempt.agency_id), (Person, attempt.person_id)):
            connection.execute(select(model.id).where(model.id == whose).with_for_update(key_share=True))
        free = []
        for column, whose in holders:
            taken = set(connection.scalars(select(Place.number).where(column == whose, Place.year == BARE_YEAR)))
            free.append(next((number for number in range(1, 16) if number not in taken), None))
        if None in free:
            transaction.rollback()
            return False
        evaluation_id = _bare_evaluation(connection, attempt)
        rows = [
            {"person_id": None, "agency_id": None, column.key: whose, "number": number, "evaluation_id": evaluation_id}
            for (column, whose), number in zip(holders, free, strict=True)
        ]
        day = date(BARE_YEAR, 3, 1)
        connection.execute(insert(Place), [row | {"year": BARE_YEAR, "counted_on": day} for row in rows])
    return True


def _bare_evaluation(connection: Connection, attempt: Attempt) -> int:
    entry, day = attempt.entry, date(BARE_YEAR, 3, 1)
    row = insert(Evaluation).values(
        version=1, number=f"裸{entry.applicant_id}", applicant_id=entry.applicant_id, kind=entry.kind,
        level=entry.level, mode=Mode.THIRD_PARTY, year=BARE_YEAR, bureau="changchun", begun_on=day,
        standard=entry.standard, state=State.REGISTERED, entered_at=clock.now(),
    )  # fmt: skip
    evaluation_id = int(connection.execute(row.returning(Evaluation.id)).scalar_one())
    connection.execute(insert(Party).values(evaluation_id=evaluation_id, agency_id=attempt.agency_id, leads=True))
    return evaluation_id


def _look_then_write(attempt: Attempt, isolation: str) -> bool:
    """What seems to do: count, and write where there were fewer than fifteen."""
    count = text("SELECT count(*) FROM unguarded WHERE person_id = :person")
    write = text("INSERT INTO unguarded (person_id) VALUES (:person)")
    whose = {"person": attempt.person_id}
    if isolation == "autocommit":
        with db.engine.connect() as connection:
            there = connection.execute(count, whose).scalar_one()
        time.sleep(PAUSE)
        if there < 15:
            with db.engine.connect().execution_options(write=True) as connection, connection.begin():
                connection.execute(write, whose)
        return bool(there < 15)
    with db.engine.connect().execution_options(isolation_level=isolation) as connection, connection.begin():
        there = connection.execute(count, whose).scalar_one()
        time.sleep(PAUSE)
        if there < 15:
            connection.execute(write, whose)
    return bool(there < 15)


def _unguarded_table(app: Flask) -> str:
    with app.app_context(), db.engine.connect().execution_options(write=True) as connection, connection.begin():
        connection.execute(text("DROP TABLE IF EXISTS unguarded"))
        connection.execute(text("CREATE TABLE unguarded (person_id INTEGER NOT NULL)"))
        connection.execute(text("CREATE INDEX ix_unguarded ON unguarded (person_id)"))
    return "unguarded"


def _beyond(app: Flask, table: str) -> float:
    counts = text(f"SELECT count(*) FROM {table} GROUP BY person_id")  # noqa: S608 - our own table
    with app.app_context(), db.engine.connect() as connection:
        return float(sum(max(0, count - 15) for count in connection.scalars(counts)))


def _release_everything(app: Flask, year: int) -> None:
    with app.app_context(), db.engine.connect().execution_options(write=True) as connection, connection.begin():
        connection.execute(Place.__table__.delete().where(Place.year == year))  # type: ignore[attr-defined]


# what is there before


def _prepare(app: Flask, each: int) -> list[Attempt]:
    """A filed agency for each representative, applicants for everybody; attempts in rounds through all of them."""
    make = Make(app)
    first = make.filing().agency
    entry, user_id = make.entry(first, level=Level.NATIONAL), make.user_of(first).id
    with app.app_context(), db.engine.connect().execution_options(write=True) as connection, connection.begin():
        people = _copies(connection, first.id)
        applicants = _applicants(connection, REPRESENTATIVES * each)
    staff = [person_id for _, person_id in entry.team]
    return [
        Attempt(
            person_id=people[agency_id],
            entry=replace(
                entry,
                applicant_id=applicants[turn * REPRESENTATIVES + place],
                agency_ids=(agency_id,),
                team=tuple((agency_id, person_id) for person_id in staff),
            ),
            user_id=user_id,
        )
        for turn in range(each)
        for place, agency_id in enumerate(people)
    ]


def _copies(connection: Connection, agency_id: int) -> dict[int, int]:
    """The agency made over again under other representatives: agency → person."""
    origin = _rows(connection, Agency, Agency.id == agency_id)[0]
    staff = _rows(connection, StaffMember, StaffMember.agency_id == agency_id)
    office = _rows(connection, Representation, Representation.agency_id == agency_id)[0]
    person = _rows(connection, Person, Person.id == office["person_id"])[0]
    filing = _rows(connection, Filing, Filing.agency_id == agency_id)[0]
    submission = _rows(connection, Submission, Submission.filing_id == filing["id"])[-1]
    people: dict[int, int] = {}
    for number in range(REPRESENTATIVES):
        copy = _put(connection, Agency, origin | {
            "credit_code": f"BENCH{number:013d}", "name": f"吉林衡量{number:03d}技术有限公司",
            "filing_number": f"B{number:04d}",
        })  # fmt: skip
        people[copy] = _put(connection, Person, person | {
            "document": IdentityDocument.PASSPORT, "identity": f"{number:064d}",
        })  # fmt: skip
        _put(connection, Representation, office | {"agency_id": copy, "person_id": people[copy]})
        for member in staff:
            _put(connection, StaffMember, member | {"agency_id": copy})
        filed = _put(connection, Filing, filing | {"agency_id": copy, "number": f"B{number:04d}"})
        _put(connection, Submission, submission | {"filing_id": filed})
    return people


def _rows(connection: Connection, model: type[Any], which: Any) -> list[dict[str, Any]]:
    found = connection.execute(select(model.__table__).where(which)).mappings()
    return [{key: value for key, value in row.items() if key != "id"} | {"id": row["id"]} for row in found]


def _put(connection: Connection, model: type[Any], row: dict[str, Any]) -> int:
    values = {key: value for key, value in row.items() if key != "id"}
    return int(connection.execute(insert(model.__table__).values(values).returning(model.id)).scalar_one())


def _applicants(connection: Connection, count: int) -> list[int]:
    rows = [
        {
            "version": 1, "name": f"长春量度{number:06d}零部件有限公司", "search_text": "", "sort_key": "",
            "is_factory": True, "bureau": "changchun", "entered_at": clock.now(),
        }
        for number in range(count)
    ]  # fmt: skip
    connection.execute(insert(Applicant), rows)
    found = select(Applicant.id).where(Applicant.name.like("长春量度%")).order_by(Applicant.id)
    return list(connection.scalars(found))
