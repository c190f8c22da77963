"""Who schedules: of all processes the one that holds the lock. It goes with its process, however that ends.

The lock only keeps others from working for nothing: that the work of a day is done once, the ledger sees to.
"""

import fcntl
import os
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

LOCK_NUMBER = 279_202_224  # of the advisory lock; nothing else of this program takes one


class Lock(Protocol):
    def take(self) -> bool:
        """Take it where it is free; whether it is held now."""

    def is_held(self) -> bool:
        """Whether it is still held: a connection may have been lost."""

    def release(self) -> None: ...


class FileLock:
    """Between the processes of one machine. The kernel lets go of it when the process ends."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    def take(self) -> bool:
        if self._descriptor is not None:
            return True
        self.path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        return True

    def is_held(self) -> bool:
        return self._descriptor is not None

    def release(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


class AdvisoryLock:
    """Between all processes on one PostgreSQL database, on a connection of its own.

    The server lets go of it when the connection ends; a machine that vanishes without a word it notices within half a
    minute. Not through a pooler that hands connections on between transactions.
    """

    def __init__(self, engine: Engine) -> None:
        self.url, self.arguments = engine.url, {"connect_timeout": 5}
        self._connection: Connection | None = None

    def take(self) -> bool:
        if self.is_held():
            return True
        try:
            connection = self._connect()
        except SQLAlchemyError:
            return False
        if connection.scalar(text("SELECT pg_try_advisory_lock(:number)"), {"number": LOCK_NUMBER}):
            self._connection = connection
            return True
        connection.close()
        return False

    def _connect(self) -> Connection:
        engine = create_engine(self.url, poolclass=NullPool, isolation_level="AUTOCOMMIT", connect_args=self.arguments)
        connection = engine.connect()
        for setting, seconds in (("idle", 15), ("interval", 5), ("count", 3)):
            connection.execute(text(f"SET tcp_keepalives_{setting} = {seconds}"))
        return connection

    def is_held(self) -> bool:
        if self._connection is None:
            return False
        try:
            self._connection.execute(text("SELECT 1"))
        except SQLAlchemyError:
            self.release()
            return False
        return True

    def release(self) -> None:
        if self._connection is not None:
            connection, self._connection = self._connection, None
            try:
                connection.close()
            except SQLAlchemyError:
                connection.invalidate()


class Both:
    """Two locks, taken in order: who schedules inside a server on PostgreSQL also stands back for `flask scheduler`."""

    def __init__(self, first: Lock, second: Lock) -> None:
        self.first, self.second = first, second

    def take(self) -> bool:
        if not self.first.take():
            return False
        if self.second.take():
            return True
        self.first.release()
        return False

    def is_held(self) -> bool:
        return self.first.is_held() and self.second.is_held()

    def release(self) -> None:
        self.second.release()
        self.first.release()


def lock_for(engine: Engine, instance: Path, *, inside: bool) -> Lock:
    """The lock of a scheduler: the file for one inside a server, PostgreSQL's own wherever there is one."""
    file = FileLock(instance / "scheduler.lock")
    if engine.dialect.name != "postgresql":
        return file
    return Both(file, AdvisoryLock(engine)) if inside else AdvisoryLock(engine)
