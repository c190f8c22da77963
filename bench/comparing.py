"""A page beside a bare Flask view that runs the very same statements and renders the same rows.

The statements are recorded once from the page itself and run on the same engine. All are asked in turn, through Flask's
test client, so that noise hits all alike; medians are compared.
"""

import statistics
import time
from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask, render_template_string
from flask.testing import FlaskClient
from sqlalchemy import Engine, event

from accounts.models import User
from core import clock
from core.db import db

ROUNDS = 150
WARMING = 10
BARE = """<!doctype html><title>名录</title><table>{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>
{% endfor %}</tr>{% endfor %}</table>"""
Statements = list[tuple[str, Any]]


def client_of(app: Flask, user: User | None) -> FlaskClient:
    """A visitor, or a user signed in as begin_session leaves it."""
    client = app.test_client()
    if user is not None:
        instant = clock.now().timestamp()
        with client.session_transaction() as session:
            session.update(_user_id=user.get_id(), _fresh=True, began=instant, used=instant)
    return client


def compare(
    apps: Mapping[int, Flask],
    addresses: Mapping[int, str],
    *,
    users: Mapping[int, User] | None = None,
    rounds: int = ROUNDS,
) -> dict[int, tuple[float, float]]:
    """Scale → median seconds of the page, and of the bare view."""
    asked: dict[int, tuple[Callable[[], float], Callable[[], float]]] = {}
    for scale, app in apps.items():
        client, address = client_of(app, users[scale] if users else None), addresses[scale]
        bare = _bare(app, recorded(client, address)).test_client()
        asked[scale] = (_timed(client, address), _timed(bare, "/"))
    taken: dict[int, list[tuple[float, float]]] = {scale: [] for scale in asked}
    for _ in range(WARMING + rounds):
        for scale, (page, bare_page) in asked.items():
            taken[scale].append((page(), bare_page()))
    return {
        scale: (
            statistics.median(page for page, _ in pairs[WARMING:]),
            statistics.median(bare for _, bare in pairs[WARMING:]),
        )
        for scale, pairs in taken.items()
    }


def recorded(client: FlaskClient, address: str) -> Statements:
    """The statements that a page runs, with their parameters."""
    statements: Statements = []

    def note(connection: Any, cursor: Any, statement: str, parameters: Any, *rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            statements.append((statement, parameters))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        answer = client.get(address)
        assert answer.status_code == 200, answer.text
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    return statements


def _bare(app: Flask, statements: Statements) -> Flask:
    with app.app_context():
        engine = db.engine
    bare = Flask("bare")

    @bare.route("/")
    def register() -> str:
        with engine.connect() as connection:
            results = [connection.exec_driver_sql(text, given).all() for text, given in statements]
        return render_template_string(
            BARE, rows=max(results, key=lambda rows: (len(rows), len(rows[0]) if rows else 0))
        )

    return bare


def _timed(client: FlaskClient, address: str) -> Callable[[], float]:
    def once() -> float:
        begun = time.perf_counter()
        answer = client.get(address)
        taken = time.perf_counter() - begun
        assert answer.status_code == 200, answer.text
        return taken

    return once
