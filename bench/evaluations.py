"""Lists, searches, an evaluation's page and the year's export over a nation, at a hundredth, a tenth and the whole.

Each page beside a bare Flask view that runs the same SQL; the export beside bare XlsxWriter that writes the same rows.
The whole nation takes about two minutes to put in. `BENCH_PARTS=100,10` leaves it out.
"""

import base64
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from io import BytesIO

import xlsxwriter
from flask import Flask
from python_calamine import CalamineWorkbook

from accounts import enrolment
from accounts.models import Role, User
from app import create_app
from bench import nation
from bench.comparing import client_of, compare
from bench.measures import Measure
from core import settings
from core.db import db, transaction

PARTS = tuple(int(part) for part in os.environ.get("BENCH_PARTS", "100,10,1").split(","))
ROUNDS = 60
MOST_TIMES_BARE = 8.0
MOST_GROWTH = 1.3
MOST_TIMES_WRITER = 1.5
MOST_MEGABYTES = 100.0
YEAR = 2024
LIST = "/desk/evaluations"
EXPORT = f"{LIST}/export.xlsx?year={YEAR}"


def run() -> list[Measure]:
    with ExitStack() as stack:
        folders = {part: stack.enter_context(tempfile.TemporaryDirectory()) for part in PARTS}
        apps = {part: stack.enter_context(_application(folder, part)) for part, folder in folders.items()}
        users = {part: _officer(app) for part, app in apps.items()}
        addresses = {part: _addresses(part) for part in PARTS}
        measures = [
            measure
            for name in addresses[PARTS[0]]
            for measure in _measures(name, {part: addresses[part][name] for part in PARTS}, apps, users)
        ]
        command = [sys.executable, "-m", "bench.evaluations", folders[min(PARTS)]]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        return [*measures, *_exporting(json.loads(done.stdout.splitlines()[-1]))]


def _measures(
    name: str, addresses: dict[int, str], apps: dict[int, Flask], users: dict[int, User]
) -> Iterator[Measure]:
    times = compare(apps, addresses, users=users, rounds=ROUNDS)
    for part, (page, bare) in times.items():
        scale = nation.EVALUATIONS // part
        yield Measure(f"{name}, {scale:,}: page", page * 1000, "ms")
        yield Measure(f"{name}, {scale:,}: page / bare view", page / bare, "times", MOST_TIMES_BARE)
    smallest, largest = times[max(PARTS)][0], times[min(PARTS)][0]
    yield Measure(f"{name}: largest scale / smallest", largest / smallest, "times", MOST_GROWTH)


def _addresses(part: int) -> dict[str, str]:
    """What is asked: all scales render as many rows."""
    count = nation.EVALUATIONS // part
    applicant = next(nation.applicants(1))
    agency = nation.agency_of(count, nation.AGENCIES // part)
    return {
        "list": LIST,
        "a deep page": f"{LIST}?page={_cursor(count)}",
        "filtered by agency and year": f"{LIST}?agency={agency}&year={YEAR}",
        "filtered by city, level, state and year": f"{LIST}?bureau=tonghua&level=provincial&state=adopted&year={YEAR}",
        "search, a frequent word": f"{LIST}?q=机械",
        "search, a name": f"{LIST}?q={applicant['name']}",
        "an evaluation": f"{LIST}/{count // 2}",
    }


def _cursor(count: int) -> str:
    """The key of a page four fifths of the way down."""
    number = count // 5
    key = [">", nation.year_of(number, count), number]
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


@contextmanager
def _application(folder: str, part: int) -> Iterator[Flask]:
    """The application on an SQLite database of its own with a part of the nation."""
    app = _made(folder)
    with app.app_context():
        db.create_all()
        nation.fill(part)
    yield app
    with app.app_context():
        db.engine.dispose()


def _made(folder: str) -> Flask:
    return create_app(settings.from_environment({"MODE": settings.DEMONSTRATION, "INSTANCE": folder}))


def _officer(app: Flask) -> User:
    with app.app_context(), transaction() as session:
        user = enrolment.enrol(
            session, username="reviewer", display_name="审核人", password="a long password", roles=[Role.REVIEWER]
        )
        session.flush()
        session.expunge(user)
    return user


def _exporting(found: dict[str, float]) -> Iterator[Measure]:
    yield Measure(f"export of {found['rows']:,.0f} rows", found["page"], "s")
    yield Measure("bare XlsxWriter, the same rows", found["bare"], "s")
    yield Measure("export / bare XlsxWriter", found["page"] / found["bare"], "times", MOST_TIMES_WRITER)
    yield Measure("memory of the process before", found["before"], "MB")
    yield Measure("memory that the export adds", found["peak"] - found["before"], "MB", MOST_MEGABYTES)


def export(folder: str) -> None:
    """In a process of its own: the year's export, then bare XlsxWriter with the same rows; prints JSON."""
    app = _made(folder)
    with app.app_context():
        user = db.session.get_one(User, 1)
        db.session.expunge(user)
    client = client_of(app, user)
    client.get(LIST)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    begun = time.perf_counter()
    answer = client.get(EXPORT)
    page = time.perf_counter() - begun
    assert answer.status_code == 200, answer.text
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    rows = CalamineWorkbook.from_filelike(BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    begun = time.perf_counter()
    _write_bare(rows)
    bare = time.perf_counter() - begun
    print(json.dumps({"rows": len(rows) - 1, "page": page, "bare": bare, "before": before, "peak": peak}))


def _write_bare(rows: list[list[object]]) -> None:
    book = xlsxwriter.Workbook(BytesIO(), {"constant_memory": True})
    sheet = book.add_worksheet()
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for line, row in enumerate(rows):
        for number, value in enumerate(row):
            if isinstance(value, str):
                if value:
                    sheet.write_string(line, number, value)
            elif isinstance(value, (int, float)):
                sheet.write_number(line, number, value)
            else:
                sheet.write_datetime(line, number, value, day)
    book.close()


if __name__ == "__main__":
    export(sys.argv[1])
