"""Importing a roster of 10,000 rows: seconds and peak memory in a process of its own, and the pages that show it."""

import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import flask_migrate
import xlsxwriter
from flask import Flask
from sqlalchemy import select

from accounts.models import User
from agency.entries import UploadEntry
from agency.models import Agency
from agency.services import importing
from app import create_app
from bench.measures import Measure
from core import settings
from core.db import db
from core.identifiers import id_check_character
from tests.factories import Make
from tests.factories.accounts import PASSWORD

ROWS = 10_000
HEADS = ("序号", "姓名", "身份证号", "职称", "职称专业", "是否专职", "参保单位", "参保起始", "证书编号")
TITLES = ("高级工程师", "工程师", "助理工程师", "正高级工程师", "高级经济师")
MOST_SECONDS = 5.0
MOST_MEGABYTES = 200.0
MOST_SECONDS_PAGE = 0.7
ROUNDS = 5


def run() -> list[Measure]:
    with tempfile.TemporaryDirectory() as folder:
        roster = Path(folder) / "roster.xlsx"
        write_roster(roster)
        _prepare(Path(folder))
        command = [sys.executable, "-m", "bench.roster_import", str(roster), folder]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found = json.loads(done.stdout.splitlines()[-1])
    return [
        Measure(f"{found['added']:,} rows: read and kept for the preview", found["brought"], "s"),
        Measure("confirmed: on the roster, checked, logged", found["confirmed"], "s"),
        Measure("both together", found["brought"] + found["confirmed"], "s", MOST_SECONDS),
        Measure("both together, time on the processor", found["processor"], "s"),
        Measure("memory of the process before", found["before"], "MB"),
        Measure("peak memory of the process", found["peak"], "MB", MOST_MEGABYTES),
        Measure("a page of the preview", found["preview"], "s", MOST_SECONDS_PAGE),
        Measure("the list of the staff", found["staff"], "s", MOST_SECONDS_PAGE),
    ]


def _prepare(instance: Path) -> None:
    """A database with two agencies, in a process that is not measured."""
    app = _application(instance)
    with app.app_context():
        flask_migrate.upgrade()
    make = Make(app)
    for _ in range(2):
        make.agency()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def _application(instance: Path) -> Flask:
    app = create_app(settings.from_environment({"MODE": settings.DEMONSTRATION, "INSTANCE": str(instance)}))
    app.config.update(WTF_CSRF_ENABLED=False)
    return app


def _measure(roster: Path, instance: Path) -> None:
    """What the process does: bring and confirm a roster as an agency's user would, and print how that went.

    Then the pages: the list of the staff now there, and the preview of the same people at another agency.
    """
    app, upload = _application(instance), UploadEntry(roster.name, roster.read_bytes())
    with app.app_context():
        first, second = db.session.execute(select(Agency.id, Agency.version).order_by(Agency.id)).all()
        users = {user.agency_id: user for user in db.session.scalars(select(User))}
        db.session.expunge_all()
    found: dict[str, float] = {"before": _peak()}
    with app.app_context():
        begun, worked = time.perf_counter(), time.process_time()
        import_id = importing.bring(first.id, upload, by=users[first.id])
    brought = time.perf_counter()
    with app.app_context():  # the next request, with nothing loaded yet
        added, _ = importing.confirm(import_id, version=first.version, by=users[first.id])
        confirmed = time.perf_counter()
    found |= {"added": added, "brought": brought - begun, "confirmed": confirmed - brought}
    found |= {"processor": time.process_time() - worked, "peak": _peak()}
    with app.app_context():
        waiting = importing.bring(second.id, upload, by=users[second.id])
    found["preview"] = _page(app, users[second.id], f"/agency/staff/import/{waiting}?page=3")
    found["staff"] = _page(app, users[first.id], "/agency/staff?page=3")
    print(json.dumps(found))


def _peak() -> float:
    """Megabytes at most so far. Not ru_maxrss: a process begins with that of the one which started it."""
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(status["VmHWM"].split()[0]) / 1024


def _page(app: Flask, user: User, address: str) -> float:
    """The median seconds of a page for a user."""
    client = app.test_client()
    client.post("/accounts/login", data={"username": user.username, "password": PASSWORD})
    taken = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        answer = client.get(address)
        taken.append(time.perf_counter() - begun)
        assert answer.status_code == 200, answer.text
    return statistics.median(taken)


def write_roster(path: Path, rows: int = ROWS) -> None:
    """A clean roster of invented people. The same at every call."""
    chance = random.Random(279)  # noqa: S311 - a benchmark's data
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    page = book.add_worksheet("专职人员")
    page.write_row(0, 0, HEADS)
    for number in range(1, rows + 1):
        born = date(1970, 1, 1) + timedelta(days=chance.randrange(9_000))
        first = f"220104{born:%Y%m%d}{number % 1000:03d}"
        name = chance.choice("赵钱孙李周吴郑王") + chance.choice("明书立欣海晓") + chance.choice("远华业然洋枫")
        page.write_row(
            number,
            0,
            (
                number, name, first + id_check_character(first), chance.choice(TITLES), "环境工程", "是",
                "吉林江澜环境技术有限公司", "2019-03", f"吉职{number:06d}",
            ),
        )  # fmt: skip
    book.close()


if __name__ == "__main__":
    _measure(Path(sys.argv[1]), Path(sys.argv[2]))
