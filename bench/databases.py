"""The databases that a measure is taken on: SQLite, and a PostgreSQL of our own where there is one."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.postgresql import LocalServer, NoServer, programs


@contextmanager
def databases() -> Iterator[dict[str, tuple[str, str]]]:
    """Name → an empty instance folder and the address of an empty database in it, both gone at the end."""
    with tempfile.TemporaryDirectory() as sqlite, _server() as server, tempfile.TemporaryDirectory() as instance:
        yield {"SQLite": (sqlite, f"sqlite:///{sqlite}/database.sqlite")} | (
            {"PostgreSQL": (instance, server)} if server else {}
        )


@contextmanager
def _server() -> Iterator[str | None]:
    try:
        programs()
    except NoServer:
        yield None
        return
    with tempfile.TemporaryDirectory() as folder:
        server = LocalServer(Path(folder))
        server.start()
        try:
            yield server.url
        finally:
            server.stop()
