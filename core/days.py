"""Days of Shanghai as the databases count them, where instants are kept in UTC."""

from typing import Any

from sqlalchemy import ColumnElement, String, func, type_coerce
from sqlalchemy.orm import InstrumentedAttribute, Session

from core.clock import SHANGHAI


def day_of(session: Session, at: ColumnElement[Any] | InstrumentedAttribute[Any]) -> ColumnElement[Any]:
    """The day of an instant as text, 2026-12-15, which compares as days do."""
    if session.get_bind().dialect.name == "sqlite":
        return func.date(type_coerce(at, String), "+8 hours")
    return func.to_char(func.timezone(SHANGHAI.key, at), "YYYY-MM-DD")


def as_text(session: Session, day: ColumnElement[Any] | InstrumentedAttribute[Any]) -> ColumnElement[Any]:
    """A day that is kept as one, as the same text."""
    if session.get_bind().dialect.name == "sqlite":
        return type_coerce(day, String)
    return func.to_char(day, "YYYY-MM-DD")
