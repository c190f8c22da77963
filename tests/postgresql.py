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
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from time import sleep
from typing import Any

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import URL, make_url

SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",  # `Copy` leaves nothing to sweep up, and where rows lie stays the same from run to run
    "listen_addresses": "",
}
FOLDER = pytest.StashKey[Path]()

CreateDatabase = Callable[..., str]
CopyDatabase = Callable[[str, str], "Copy"]


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


@pytest.fixture(scope="session")
def copy_database(create_database: CreateDatabase) -> Iterator[CopyDatabase]:
    """Make a database like a template made before, to be set back to it as often as needed."""
    with ExitStack() as connections:
        yield lambda name, template: connections.enter_context(closing(Copy(create_database, name, template)))


def administer(server: URL) -> psycopg.Connection:
    """A connection that creates and drops databases: those statements refuse a transaction."""
    address = server.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(address, autocommit=True)


KEEPERS_OFF = "SET session_replication_role = replica"  # foreign keys, and the triggers that let nothing be deleted
END_OTHERS = """
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
WRITTEN_TO = """
SELECT relname FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0 ORDER BY oid
"""
COUNT_FROM_THE_START = """
SELECT setval(seqrelid, seqstart, false) FROM pg_sequence WHERE pg_sequence_last_value(seqrelid) IS NOT NULL
"""
CATALOGUES = ("pg_class", "pg_attribute", "pg_attrdef", "pg_constraint", "pg_index", "pg_proc", "pg_trigger")
SHAPE = " UNION ALL ".join(f"SELECT count(*), sum(xmin::text::bigint) FROM {of}" for of in CATALOGUES)  # noqa: S608


class Copy:
    """A database like its template, again and again.

    What was written is deleted, which takes a twentieth of the time that a database takes to be made. It is made anew
    where the tables themselves were changed, and always on a server that does not let us switch its triggers off.
    """

    def __init__(self, create_database: CreateDatabase, name: str, template: str) -> None:
        self._create = lambda: create_database(name, template)
        self._connection: psycopg.Connection | None = None
        self.url = self._make_anew()

    def reset(self) -> None:
        if self._connection is None or not self._emptied(self._connection):
            self._make_anew()

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def _make_anew(self) -> str:
        self.close()
        url = self._create()
        connection = administer(make_url(url))
        try:
            connection.execute(KEEPERS_OFF)
        except psycopg.errors.InsufficientPrivilege:
            connection.close()
            return url
        self._connection, self._shape = connection, connection.execute(SHAPE).fetchall()
        self._rows = {table: _rows(connection, table) for table in _written_to(connection)}
        return url

    def _emptied(self, connection: psycopg.Connection) -> bool:
        """Whether it is as it was; False where the tables are not."""
        while connection.execute(END_OTHERS).fetchone() != (0,):
            sleep(0.001)  # what they have begun ends with them
        if connection.execute(SHAPE).fetchall() != self._shape:
            return False
        tables = _written_to(connection)
        with connection.transaction():
            for table in tables:
                connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
            connection.execute(COUNT_FROM_THE_START)
        names = sql.SQL(", ").join(sql.Identifier(table) for table in tables)
        connection.execute(sql.SQL("VACUUM {}").format(names))  # rows lie in the order in which they are written
        for table, rows in self._rows.items():
            with connection.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))) as copy:
                copy.write(rows)
        return True


def _written_to(connection: psycopg.Connection) -> list[str]:
    return [str(name) for (name,) in connection.execute(WRITTEN_TO)]


def _rows(connection: psycopg.Connection, table: str) -> bytes:
    with connection.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))) as copy:
        return b"".join(bytes(piece) for piece in copy)
