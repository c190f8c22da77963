"""Importing a roster of 10,000 rows: seconds and peak memory, in a process of its own."""

import json
import random
import subprocess
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path

import xlsxwriter

from bench.measures import Measure
from core.identifiers import id_check_character

ROWS = 10_000
HEADS = ("序号", "姓名", "身份证号", "职称", "职称专业", "是否专职", "参保单位", "参保起始", "证书编号")
TITLES = ("高级工程师", "工程师", "助理工程师", "正高级工程师", "高级经济师")
MOST_SECONDS = 5.0
MOST_MEGABYTES = 200.0

# what is measured: reading and judging the file, from a process that has the application's modules loaded
READING = """
import json, resource, sys, time
from datetime import date
from pathlib import Path
from agency.rosters import read_roster
content = Path(sys.argv[1]).read_bytes()
begun = time.perf_counter()
roster = read_roster(content, ARGUMENTS)
taken = time.perf_counter() - begun
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"seconds": taken, "megabytes": peak, "rows": len(roster.rows)}))
"""


def run() -> list[Measure]:
    return []


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
