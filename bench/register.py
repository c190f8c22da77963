"""The public register's list and search at 100, 1,000 and 10,000 agencies, beside a bare Flask view."""

import random
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import insert

from agency.models import Agency, AgencyGram, FilingStatus, Flag, FlagKind, Standing
from agency.particulars import AgencyKind
from app import create_app
from bench.comparing import compare
from bench.measures import Measure
from core import places, settings
from core.db import db
from core.identifiers import credit_check_character
from core.search import grams, searchable, sort_key

SCALES = (100, 1_000, 10_000)
MOST_TIMES_BARE = 8.0
MOST_GROWTH = 1.3


def run() -> list[Measure]:
    with ExitStack() as stack:
        apps = {scale: stack.enter_context(_application(scale)) for scale in SCALES}
        return [measure for name, address in _addresses().items() for measure in _measures(name, address, apps)]


def _addresses() -> dict[str, str]:
    """What is asked: searches for one agency find that one at every scale, so that all render as many rows."""
    wanted = next(_agencies(1))
    return {
        "list": "/register",
        "list, filtered": "/register?status=filed&capability=park",
        "search, a frequent word": "/register?q=环境",
        "search, a name": f"/register?q={wanted['name']}",
        "search, a part of a code": f"/register?q={wanted['credit_code'][-8:]}",
        "search, a whole code": f"/register?q={wanted['credit_code']}",
    }


def _measures(name: str, address: str, apps: dict[int, Flask]) -> Iterator[Measure]:
    times = compare(apps, dict.fromkeys(apps, address))
    for scale, (page, bare) in times.items():
        yield Measure(f"{name}, {scale:,}: page", page * 1000, "ms")
        yield Measure(f"{name}, {scale:,}: page / bare view", page / bare, "times", MOST_TIMES_BARE)
    pages = [page for page, _ in times.values()]
    yield Measure(f"{name}: slowest scale / fastest", max(pages) / min(pages), "times", MOST_GROWTH)


@contextmanager
def _application(scale: int) -> Iterator[Flask]:
    """The application on an SQLite database of its own with that many agencies."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(settings.from_environment({"MODE": settings.DEMONSTRATION, "INSTANCE": folder}))
        with app.app_context():
            db.create_all()
            fill(scale)
        yield app
        with app.app_context():
            db.engine.dispose()


def fill(scale: int) -> None:
    """Put in that many filed agencies, and one in twenty marked 条件不符."""
    rows = list(_agencies(scale))
    index = [
        {"gram": gram, "agency_id": row["id"]}
        for row in rows
        for gram in grams(row["name"]) | grams(row["credit_code"])
    ]
    marked = {"kind": FlagKind.CONDITIONS_NOT_MET, "since": date(2026, 9, 1), "facts": "9/10"}
    flags = [marked | {"agency_id": number} for number in range(20, scale + 1, 20)]
    with db.engine.begin() as connection:
        for model, content in ((Agency, rows), (AgencyGram, index), (Flag, flags)):
            connection.execute(insert(model), content)
        connection.exec_driver_sql("ANALYZE")


def _agencies(scale: int) -> Iterator[dict[str, Any]]:
    """Invented agencies, the same at every call."""
    chance = random.Random(279)  # noqa: S311 - a benchmark's data
    bureaus = list(places.bureaus().values())
    for number in range(1, scale + 1):
        bureau = chance.choice(bureaus)
        place = bureau.place.removesuffix("市").removesuffix("州")
        core = chance.choice(("江澜", "海兰", "查干", "衡准", "参业", "松源", "砺川", "绿源", "北辰", "远山"))
        trade = chance.choice(("环境技术", "节能咨询", "认证检测", "绿色发展", "工程设计"))
        name = f"{place}{core}{trade}{number:04d}有限公司"
        first = "91220101MA" + "".join(chance.choices("0123456789ABCDEFGHJKLMNPQRTUWXY", k=7))
        code = first + credit_check_character(first)
        yield {
            "id": number, "version": 1, "standing": Standing.REGISTERED, "credit_code": code, "name": name,
            "search_text": "\n".join((searchable(name), searchable(code))), "sort_key": sort_key(name),
            "kind": AgencyKind.ENTERPRISE, "division": "220102", "bureau": bureau.key,
            "does_factories": True, "does_parks": True, "does_supply_chains": False,
            "public_name": name, "public_search_text": "\n".join((searchable(name), searchable(code))),
            "public_sort_key": sort_key(name), "public_kind": AgencyKind.ENTERPRISE, "public_division": "220102",
            "public_bureau": bureau.key, "public_factories": True, "public_parks": chance.random() < 0.5,
            "public_supply_chains": False,
            "filing_status": FilingStatus.FILED, "filing_number": f"〔2026〕{number:05d}",
            "first_filed_on": date(2025, 1, 1) + timedelta(days=number % 600),
        }  # fmt: skip
