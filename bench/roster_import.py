"""Importing a roster of 10,000 rows: seconds and peak memory, in a process of its own."""

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import xlsxwriter

from agency.entries import UploadEntry
from agency.services import importing
from app import create_app
from bench.measures import Measure
from core import settings
from core.db import db
from core.identifiers import id_check_character
from tests.factories import Make

ROWS = 10_000
HEADS = ("序号", "姓名", "身份证号", "职称", "职称专业", "是否专职", "参保单位", "参保起始", "证书编号")
TITLES = ("高级工程师", "工程师", "助理工程师", "正高级工程师", "高级经济师")
MOST_SECONDS = 5.0
MOST_MEGABYTES = 200.0


def run() -> list[Measure]:
    with tempfile.TemporaryDirectory() as folder:
        roster = Path(folder) / "roster.xlsx"
        write_roster(roster)
        command = [sys.executable, "-m", "bench.roster_import", str(roster), folder]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    found = json.loads(done.stdout.splitlines()[-1])
    return [
        Measure(f"{found['added']:,} rows: read, judged and kept for the preview", found["brought"], "s"),
        Measure("confirmed: on the roster, checked, logged", found["confirmed"], "s"),
        Measure("both together", found["brought"] + found["confirmed"], "s", MOST_SECONDS),
        Measure("peak memory of the process", found["megabytes"], "MB", MOST_MEGABYTES),
    ]


def _import(roster: Path, instance: Path) -> None:
    """What the process does: bring and confirm a roster as an agency's user would, and print how that went."""
    app = create_app(settings.from_environment({"MODE": settings.DEMONSTRATION, "INSTANCE": str(instance)}))
    with app.app_context():
        db.create_all()
    make = Make(app)
    agency = make.agency()
    user = make.user_of(agency)
    with app.app_context():
        begun = time.perf_counter()
        import_id = importing.bring(agency.id, UploadEntry(roster.name, roster.read_bytes()), by=user)
        brought = time.perf_counter()
        added, _ = importing.confirm(import_id, version=agency.version, by=user)
        confirmed = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    times = {"brought": brought - begun, "confirmed": confirmed - brought}
    print(json.dumps(times | {"added": added, "megabytes": peak}))


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
    _import(Path(sys.argv[1]), Path(sys.argv[2]))
