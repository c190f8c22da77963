"""The application as it is served: a real server on a port of its own, with its own database, files and clock."""

import shutil
import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from time import monotonic
from typing import Any

import flask_migrate
from flask import Flask
from playwright.sync_api import Page
from werkzeug.serving import WSGIRequestHandler, make_server

from accounts import enrolment
from accounts.models import Role
from app import create_app
from core import clock
from core.db import db, transaction
from tests.conftest import PASSWORD, settings_for
from tests.factories import Make

DAY = datetime(2026, 6, 30, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai; the sample rosters are as of that day


@dataclass(frozen=True, slots=True)
class Live:
    """A running server: its address, and the application for what a test sets up behind the pages."""

    url: str
    app: Flask

    @property
    def make(self) -> Make:
        return Make(self.app)

    def officer(self, username: str, display_name: str, *roles: Role) -> str:
        """An account of the department, made as `flask accounts create` makes it; returns its user name."""
        with clock.frozen(DAY), self.app.app_context(), transaction() as session:
            enrolment.enrol(session, username=username, display_name=display_name, password=PASSWORD, roles=list(roles))
        return username

    def sign_in(self, page: Page, username: str, password: str = PASSWORD) -> None:
        page.goto(f"{self.url}/accounts/login")
        page.get_by_label("用户名").fill(username)
        page.get_by_label("密码").fill(password)
        page.get_by_role("button", name="登录").click()
        page.get_by_role("button", name="退出").wait_for()


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        pass


def migrated(folder: Path) -> Path:
    """An empty database with all tables, to be copied."""
    file = folder / "empty.sqlite"
    app = create_app(settings_for(folder / "instance", f"sqlite:///{file}"))
    with app.app_context():
        flask_migrate.upgrade()
        db.session.remove()
        db.engine.dispose()
    return file


@contextmanager
def serving(folder: Path, empty: Path) -> Iterator[Live]:
    """Serve an application with a copy of an empty database. Its clock begins on DAY and goes on from there."""
    with socket.create_server(("127.0.0.1", 0)) as listening:  # the address is in the settings: receipts carry it
        port = listening.getsockname()[1]
        url = f"http://127.0.0.1:{port}"
        file = folder / "database.sqlite"
        given = settings_for(folder / "instance", f"sqlite:///{file}")
        app = create_app(replace(given, public_url=url))
        app.extensions["screener"].patience = None  # agreements are screened by the clock of the request
        shutil.copy(empty, file)
        _turn_back_the_clock(app)
        server = make_server("127.0.0.1", port, app, threaded=True, request_handler=_Quiet, fd=listening.fileno())
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield Live(url, app)
        finally:
            server.shutdown()
            thread.join()
            server.server_close()
            with app.app_context():
                db.engine.dispose()
            shutil.rmtree(folder)


def _turn_back_the_clock(app: Flask) -> None:
    began, serve = monotonic(), app.wsgi_app

    def on_that_day(environ: Any, start_response: Any) -> Iterable[bytes]:
        with clock.frozen(DAY + timedelta(seconds=monotonic() - began)):
            return serve(environ, start_response)

    app.wsgi_app = on_that_day  # type: ignore[method-assign]
