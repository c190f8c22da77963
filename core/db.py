"""The database: base of the mappings, column types, and the one way to change rows, `transaction()`."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, cast

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Date, DateTime, Dialect, Engine, MetaData, String, event, literal
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Session, registry
from sqlalchemy.types import TypeDecorator

from core.errors import Conflict

log = logging.getLogger(__name__)

PIECE = 500  # rows of one INSERT: databases take a bounded number of values
LARGEST_INTEGER = 2**31 - 1  # of a row's id: PostgreSQL refuses to look for a larger one


class Instant(TypeDecorator[datetime]):
    """An aware instant, kept in UTC on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Word(TypeDecorator[StrEnum]):
    """A StrEnum kept as its value, so that a new word needs no change of the database."""

    impl = String
    cache_ok = True

    def __init__(self, kind: type[StrEnum]) -> None:
        super().__init__(40)
        self.kind = kind

    @property
    def python_type(self) -> type[StrEnum]:
        return self.kind

    def process_bind_param(self, value: StrEnum | str | None, dialect: Dialect) -> str | None:
        return None if value is None else self.kind(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        return None if value is None else self.kind(value)


class Base(DeclarativeBase):
    registry = registry(
        type_annotation_map={datetime: Instant, date: Date},
        metadata=MetaData(
            naming_convention={
                "ix": "ix_%(table_name)s_%(column_0_N_name)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_N_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
    )


db = SQLAlchemy(model_class=Base, engine_options={"pool_pre_ping": True, "hide_parameters": True})

if TYPE_CHECKING:  # the extension makes its base at run time, where a type checker can't follow
    Model = Base
else:
    Model = db.Model


_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


@contextmanager
def transaction() -> Iterator[Session]:
    """Run one use-case: commit everything at the end, or nothing.

    Raises RuntimeError inside another one (a service must not call a service) and when rows were changed outside, and
    Busy where others don't let it write.
    """
    session = cast(Session, db.session())
    if session.info.get("writing"):
        raise RuntimeError("a service must not call a service")
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("rows are changed only inside transaction()")
    session.rollback()  # end the request's read, so that the use-case sees fresh rows
    session.info["writing"] = True
    session.info["afterwards"] = []
    try:
        with session.begin():
            _begin_writing(session)
            yield session
        for act in session.info["afterwards"]:
            _try(act)
    finally:
        del session.info["writing"]
        del session.info["afterwards"]


def _try(act: Callable[[], None]) -> None:
    """What was to be done is done and committed: an act after it that fails is the log's matter, not the reader's."""
    try:
        act()
    except Exception:
        log.exception("an act after a commit failed")


class Busy(Conflict):
    """Others have been writing for so long that this use-case did not get its turn. Nothing was done."""


def _begin_writing(session: Session) -> None:
    """SQLite: BEGIN IMMEDIATE, which waits for its turn, and not for ever. Raises Busy."""
    try:
        session.connection(execution_options={"write": True})
    except OperationalError as refusal:
        if "database is locked" not in str(refusal.orig):
            raise
        raise Busy("系统正忙，本次没有办成，请过一会儿再办理一次。") from None


def add_unless_there(session: Session, mapped: type[Base], **values: Any) -> bool:
    """Insert a row where its unique key is still free; whether it was. Two who do so at once are both content."""
    insert = _INSERT[session.get_bind().dialect.name]
    asked = insert(mapped).values(**values).on_conflict_do_nothing().returning(literal(True))
    return session.execute(asked).first() is not None  # a count of rows not every driver gives here


def add_new(session: Session, mapped: type[Base], rows: Sequence[Mapping[str, Any]], *, returning: Any) -> list[Any]:
    """Insert rows where their unique keys are still free; `returning`, a column, of those that were."""
    insert, new = _INSERT[session.get_bind().dialect.name], list[Any]()
    for start in range(0, len(rows), PIECE):
        statement = insert(mapped).values(rows[start : start + PIECE]).on_conflict_do_nothing()
        new += session.scalars(statement.returning(returning))
    return new


def afterwards(session: Session, act: Callable[[], None]) -> None:
    """Do something once the running transaction is committed, and only then; what it raises is only logged."""
    session.info["afterwards"].append(act)


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, record: Any) -> None:
    if type(connection).__module__.startswith("sqlite3"):
        connection.isolation_level = None  # transactions are begun by _begin, not by the driver
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "foreign_keys=ON", "busy_timeout=15000", "synchronous=NORMAL"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        writes = connection.get_execution_options().get("write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
