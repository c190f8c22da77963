"""Every route names who may enter, and lets in exactly those whom tests/codebase/route_access.toml names."""

import sqlite3
import tomllib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import Rule

from core.db import db
from tests.codebase import world as worlds
from tests.codebase.world import World
from tests.conftest import Stage

ROLES = ("agency", "municipal", "reviewer", "approver", "admin", "applicant")
TABLE = tomllib.loads((Path(__file__).parent / "route_access.toml").read_text(encoding="utf-8"))
ACCESS: dict[str, frozenset[str] | None] = {
    f"{blueprint}.{endpoint}": None if said == "open" else frozenset(ROLES) if said == "signed in" else frozenset(said)
    for blueprint, endpoints in TABLE.items()
    for endpoint, said in endpoints.items()
}
GUARDED = sorted(endpoint for endpoint, roles in ACCESS.items() if roles is not None)
KEPT_OUT = (403, 404)

pytestmark = pytest.mark.xdist_group("guards")  # one world for the module, where workers share by group


@pytest.fixture(scope="module")
def world(sqlite_stage: Stage) -> Iterator[World]:
    """Made once; `fresh` sets it back."""
    with sqlite_stage.app.app_context():
        db.session.remove()
        db.engine.dispose()  # the tests before left connections to the file that is now replaced
    sqlite_stage.reset()
    made = worlds.create(sqlite_stage.app)
    yield made
    made.leave()


def routes(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def test_every_route_has_exactly_one_guard_or_says_why_it_needs_none(sqlite_stage: Stage) -> None:
    app = sqlite_stage.app
    marks = {
        rule.endpoint: [hasattr(app.view_functions[rule.endpoint], mark) for mark in ("guarded_by", "open_because")]
        for rule in routes(app)
    }
    assert [endpoint for endpoint, (guarded, is_open) in marks.items() if guarded == is_open] == []


def test_every_route_stands_in_the_table_and_every_line_has_its_route(sqlite_stage: Stage) -> None:
    assert {rule.endpoint for rule in routes(sqlite_stage.app)} == set(ACCESS)


def test_what_the_table_calls_open_is_open_and_nothing_else(sqlite_stage: Stage) -> None:
    views = sqlite_stage.app.view_functions
    is_open = {rule.endpoint for rule in routes(sqlite_stage.app) if hasattr(views[rule.endpoint], "open_because")}
    assert is_open == {endpoint for endpoint, roles in ACCESS.items() if roles is None}


def tries(world: World, endpoint: str, role: str) -> Iterator[tuple[str, int, str]]:
    """method, status and where to, of each way into an endpoint."""
    for rule in world.app.url_map.iter_rules(endpoint):
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            with world.fresh():
                answer = world.client(role, endpoint).open(world.address(rule, role), method=method)
                answer.close()
            yield method, answer.status_code, answer.headers.get("Location", "")


@pytest.mark.parametrize("endpoint", GUARDED)
def test_who_is_not_signed_in_is_asked_to(world: World, endpoint: str) -> None:
    for method, status, location in tries(world, endpoint, "nobody"):
        assert (method, status, location.partition("?")[0]) == (method, 302, "/accounts/login")


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("endpoint", GUARDED)
def test_exactly_those_whom_the_table_names_are_let_in(world: World, endpoint: str, role: str) -> None:
    expected = role in (ACCESS[endpoint] or ())
    for method, status, location in tries(world, endpoint, role):
        turned_away = status in KEPT_OUT or (location.startswith("/accounts/login") and endpoint != "accounts.logout")
        assert turned_away != expected, f"{method} {endpoint} as {role}: {status} {location}"


def test_a_try_finds_nothing_of_the_tries_before_it(world: World) -> None:
    def content() -> list[str]:
        with closing(sqlite3.connect(world.file)) as connection:
            return list(connection.iterdump())

    for _ in range(2):
        with world.fresh():
            before = content()
        assert world.client("agency").post("/accounts/logout").status_code == 302
        assert content() != before
    with world.fresh():
        assert content() == before


def test_nothing_is_posted_without_its_token(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(world.app.config, "WTF_CSRF_ENABLED", True)
    taken = [
        rule.endpoint
        for rule in routes(world.app)
        if "POST" in (rule.methods or ())
        and world.client("agency").post(world.address(rule, "agency")).status_code != 400
    ]
    assert taken == []
