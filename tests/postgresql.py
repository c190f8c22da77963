"""A PostgreSQL server for the tests: TEST_DATABASE_URL, else one of this machine's own, else a skip with its reason.

Our own server listens on a socket in a temporary folder only, is shared by all pytest-xdist workers (the first that
needs it starts it) and is stopped by the process that leads the run, however the run ends.
"""

import fcntl
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import URL, make_url

SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "listen_addresses": ""}
FOLDER = pytest.StashKey[Path]()

CreateDatabase = Callable[..., str]


class NoServer(LookupError):
    """There is no PostgreSQL to be had here."""


def programs() -> Path:
    """The folder of initdb and pg_ctl: Debian's newest, else the one on the PATH."""
    versions = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    on_path = shutil.which("initdb")
    found = sorted(versions, key=lambda path: int(path.parent.parent.name)) or ([Path(on_path)] if on_path else [])
    if not found or not (found[-1].parent / "pg_ctl").exists():
        raise NoServer("no PostgreSQL server: set TEST_DATABASE_URL, or install one (make system)")
    return found[-1].parent


def unprivileged() -> pwd.struct_passwd | None:
    """Whom the server runs as: PostgreSQL refuses root. None: whoever runs the tests."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    return names.get("postgres") or names["nobody"]


@dataclass(frozen=True)
class LocalServer:
    """A server whose data and socket lie in one folder of its own."""

    folder: Path

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://postgres@/postgres?host={self.folder}"

    def run(self, program: str, *arguments: str) -> None:
        account = unprivileged()
        identity: dict[str, Any] = (
            {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": ()} if account else {}
        )
        command = [str(programs() / program), f"--pgdata={self.folder / 'data'}", *arguments]
        log = self.folder / f"{program}.log"  # a file, not a pipe: the server would keep a pipe open
        with log.open("ab") as output:
            done = subprocess.run(command, cwd=self.folder, stdout=output, stderr=output, check=False, **identity)
        if done.returncode:
            raise RuntimeError(f"{program} failed:\n{log.read_text(encoding='utf-8', errors='replace')}")

    def start(self) -> None:
        if account := unprivileged():
            os.chown(self.folder, account.pw_uid, account.pw_gid)
        self.run("initdb", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync")
        with (self.folder / "data" / "postgresql.conf").open("a", encoding="utf-8") as settings:
            settings.writelines(f"{name} = '{value}'\n" for name, value in SETTINGS.items())
            settings.write(f"unix_socket_directories = '{self.folder}'\n")
        self.run("pg_ctl", "start", "--wait", f"--log={self.folder / 'data' / 'server.log'}")

    def is_running(self) -> bool:
        return (self.folder / "data" / "postmaster.pid").exists()

    def stop(self) -> None:
        self.run("pg_ctl", "stop", "--mode=immediate")


def pytest_configure(config: pytest.Config) -> None:
    worker: dict[str, Any] | None = getattr(config, "workerinput", None)
    folder = worker["postgresql_folder"] if worker else tempfile.mkdtemp(prefix="postgresql-")
    if not worker:
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # a run that is told to end stops its server too
    config.stash[FOLDER] = Path(folder)


@pytest.hookimpl(optionalhook=True)  # pytest-xdist's
def pytest_configure_node(node: Any) -> None:
    node.workerinput["postgresql_folder"] = str(node.config.stash[FOLDER])


def pytest_unconfigure(config: pytest.Config) -> None:
    folder = config.stash.get(FOLDER, None)
    if folder is None or hasattr(config, "workerinput"):
        return
    server = LocalServer(folder)
    if server.is_running():
        server.stop()
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgresql_server(pytestconfig: pytest.Config) -> str:
    """The URL of a server on which the tests may create databases. Skips where there is none."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        return given
    try:
        programs()
    except NoServer as reason:
        pytest.skip(str(reason))
    server = LocalServer(pytestconfig.stash[FOLDER])
    with (server.folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not server.is_running():
            server.start()
    return server.url


@pytest.fixture(scope="session")
def create_database(postgresql_server: str) -> Iterator[CreateDatabase]:
    """Make a database, anew where it exists, and return its URL; all of them are dropped at the end.

    `template` names one made before by this function; nobody may be connected to it.
    """
    server = make_url(postgresql_server)
    created: set[str] = set()

    def full_name(name: str) -> str:
        return f"test_{os.getpid()}_{name}"  # each worker is a process

    def drop(connection: psycopg.Connection, name: str) -> None:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def create(name: str, template: str | None = None) -> str:
        database = full_name(name)
        origin = full_name(template) if template else "template0"
        with administer(server) as connection:
            drop(connection, database)
            statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
            connection.execute(statement.format(sql.Identifier(database), sql.Identifier(origin)))
        created.add(database)
        return server.set(database=database).render_as_string(hide_password=False)

    yield create
    with administer(server) as connection:
        for database in created:
            drop(connection, database)


def administer(server: URL) -> psycopg.Connection:
    """A connection that creates and drops databases: those statements refuse a transaction."""
    address = server.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(address, autocommit=True)
