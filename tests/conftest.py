"""What all tests share: the application on both databases, a client for each user, valid objects."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

import flask_migrate
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event

from accounts import passwords
from accounts.models import User
from app import create_app
from core.crypto import Keyring
from core.db import db
from core.settings import DEMONSTRATION, Settings
from tests.factories import Make

if TYPE_CHECKING:  # pytest imports its plugins itself
    from tests.postgresql import CopyDatabase, CreateDatabase

pytest_plugins = ("tests.postgresql", "tests.completeness")

SECRET = "hash:" + "t" * 43 + ",1:" + "u" * 43
PASSWORD = "correct horse battery"
ZONES = ("UTC", "America/New_York", "Asia/Shanghai")
ZONE_IS_GIVEN = "TZ" in os.environ


def settings_for(instance: Path, database_url: str) -> Settings:
    """Settings of a test application."""
    return Settings(
        mode=DEMONSTRATION,
        instance=instance,
        database_url=database_url,
        public_url="http://localhost",
        secret=SECRET,
        two_factor_required=False,
        session_idle=timedelta(minutes=30),
        session_length=timedelta(hours=12),
        upload_bytes=20 * 1024 * 1024,
        sheet_unpacked_bytes=200 * 1024 * 1024,
        sheet_rows=50_000,
        trusted_proxies=0,
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """`pytestmark = pytest.mark.every_zone`: tests of days and terms, run once in each zone."""
    if not ZONE_IS_GIVEN and metafunc.definition.get_closest_marker("every_zone"):
        metafunc.parametrize("server_zone", ZONES, indirect=True)


@pytest.fixture(autouse=True)
def server_zone(request: pytest.FixtureRequest) -> str:
    """The zone in which the server stands: no day may depend on it.

    Each file of tests has one of the three, by its name; those of days and terms run in all of them, and with TZ set
    everything runs in that one.
    """
    if ZONE_IS_GIVEN:
        return os.environ["TZ"]
    zone: str = getattr(request, "param", None) or ZONES[crc32(request.path.name.encode()) % len(ZONES)]
    if os.environ.get("TZ") != zone:
        os.environ["TZ"] = zone  # for the processes that tests start, too
        time.tzset()
    return zone


@pytest.fixture(scope="session")
def keyring() -> Keyring:
    return Keyring.from_secret(SECRET)


class Stage:
    """One application on one kind of database, set back to an empty, migrated one before each test."""

    def __init__(self, folder: Path, url: str, reset: Callable[[], None]) -> None:
        self.app = create_app(settings_for(folder / "instance", url))
        self.app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
        self.app.extensions["screener"].patience = None  # agreements are screened there and then
        self.app.extensions["folder_screener"].in_background = False
        self.reset = reset


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> None:
    """Argon2 at its cheapest: tests sign in thousands of times."""
    passwords.use_cheap_hashes()


@pytest.fixture(scope="session")
def sqlite_stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("sqlite")
    file, template = folder / "database.sqlite", folder / "template.sqlite"
    stage = Stage(folder, f"sqlite:///{file}", lambda: _copy_over(template, file))
    with stage.app.app_context():
        event.listen(db.engine, "connect", _without_waiting_for_the_disk)
        flask_migrate.upgrade()
        db.session.remove()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()
    shutil.copy(file, template)
    yield stage
    with stage.app.app_context():
        db.engine.dispose()


def _without_waiting_for_the_disk(connection: Any, record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")


def _copy_over(template: Path, file: Path) -> None:
    for leftover in (f"{file}-wal", f"{file}-shm"):
        Path(leftover).unlink(missing_ok=True)
    shutil.copy(template, file)


@pytest.fixture(scope="session")
def postgresql_stage(
    tmp_path_factory: pytest.TempPathFactory, create_database: "CreateDatabase", copy_database: "CopyDatabase"
) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("postgresql")
    url = create_database("template")
    migrating = create_app(settings_for(folder / "instance", url))
    with migrating.app_context():
        flask_migrate.upgrade()
        db.session.remove()
        db.engine.dispose()
    copy = copy_database("app", "template")
    stage = Stage(folder, copy.url, copy.reset)
    yield stage
    with stage.app.app_context():
        db.engine.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def stage(request: pytest.FixtureRequest) -> Stage:
    chosen: Stage = request.getfixturevalue(f"{request.param}_stage")
    with chosen.app.app_context():
        db.session.remove()
        db.engine.dispose()
    chosen.reset()
    Path(chosen.app.config["AUDIT_CHECKPOINTS"]).unlink(missing_ok=True)  # they speak of the log that is gone
    return chosen


@pytest.fixture
def app(stage: Stage) -> Flask:
    """The application, without a context of its own: each request gets a fresh one."""
    return stage.app


@pytest.fixture
def context(app: Flask) -> Iterator[None]:
    """An application context, for tests that call services and queries themselves."""
    with app.app_context():
        yield
        db.session.remove()


@pytest.fixture
def make(app: Flask) -> Make:
    """Makes valid objects; each call runs in its own context and returns detached rows."""
    return Make(app)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor who is not signed in."""
    return app.test_client()


@pytest.fixture
def sign_in(app: Flask) -> Callable[[User], FlaskClient]:
    """A client signed in as a user."""

    def as_user(user: User, password: str = PASSWORD) -> FlaskClient:
        client = app.test_client()
        answer = client.post("/accounts/login", data={"username": user.username, "password": password})
        assert answer.status_code == 302, answer.text
        return client

    return as_user


@pytest.fixture
def count_queries() -> Callable[[], AbstractContextManager[list[str]]]:
    """`with count_queries() as queries:` lists the statements that were run inside."""

    @contextmanager
    def listening() -> Iterator[list[str]]:
        queries: list[str] = []

        def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
            if not statement.startswith("BEGIN"):  # SQLite says it as a statement
                queries.append(statement)

        event.listen(Engine, "before_cursor_execute", note)
        try:
            yield queries
        finally:
            event.remove(Engine, "before_cursor_execute", note)

    return listening
