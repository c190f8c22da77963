"""Lists page by page by key: the cost of a page does not grow with its distance from the first."""

import base64
import binascii
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, func, literal, select
from sqlalchemy.orm import Session

from core.db import LARGEST_INTEGER

T = TypeVar("T")
SIZE = 20


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows of a list; `previous` and `next` are cursors for the address bar, or None at the ends."""

    items: Sequence[T]
    previous: str | None
    next: str | None


def page_of(
    session: Session,
    rows: Select[Any],
    *,
    keys: Sequence[Any],
    cursor: str | None = None,
    size: int = SIZE,
    descending: bool = False,
) -> Page[Any]:
    """One page of `rows` (a select of one entity) in the order of `keys`, attributes of it that together are unique.

    An unreadable cursor shows the first page.
    """
    backwards, values = _read(cursor, keys)
    forward = descending == backwards  # ascending in the direction of travel
    rows = rows.order_by(*(key.asc() if forward else key.desc() for key in keys))
    found: list[Any] = []
    for beyond in _stretches(keys, values, greater=forward):
        found += session.scalars(rows.where(*beyond).limit(size + 1 - len(found)))
        if len(found) > size:
            break
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    before = more if backwards else values is not None
    after = values is not None if backwards else more
    return Page(
        items=found,
        previous=_cursor("<", keys, found[0]) if before and found else None,
        next=_cursor(">", keys, found[-1]) if after and found else None,
    )


def bounded_count(session: Session, rows: Select[Any], *, most: int = 999) -> int | None:
    """How many rows a select of one entity finds; None for more than `most`. Never counts further than that."""
    some = rows.with_only_columns(literal(1), maintain_column_froms=True).order_by(None).limit(most + 1).subquery()
    count = session.scalar(select(func.count()).select_from(some)) or 0
    return count if count <= most else None


def _stretches(
    keys: Sequence[Any], values: Sequence[Any] | None, *, greater: bool
) -> Iterator[list[ColumnElement[bool]]]:
    """What lies beyond a row, in stretches that follow one another: equal up to the last key, then up to the one
    before it, and so on. Both databases begin each at its place in the index; of a single condition, however it is
    written, one of them walks there.
    """
    if values is None:
        yield []
        return
    for depth in reversed(range(len(keys))):
        same = [key == value for key, value in zip(keys[:depth], values[:depth], strict=True)]
        yield [*same, keys[depth] > values[depth] if greater else keys[depth] < values[depth]]


def _cursor(direction: str, keys: Sequence[Any], item: Any) -> str:
    content = json.dumps([direction, *(_plain(getattr(item, key.key)) for key in keys)])
    return base64.urlsafe_b64encode(content.encode()).decode().rstrip("=")


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _read(cursor: str | None, keys: Sequence[Any]) -> tuple[bool, list[Any] | None]:
    """Whether it leads backwards, and the key it starts from; None for a cursor that is none of ours.

    Cursors stand in the address bar: what a database would stumble over is sorted out here.
    """
    try:
        direction, *values = json.loads(base64.urlsafe_b64decode((cursor or "") + "=" * (-len(cursor or "") % 4)))
        if direction not in ("<", ">"):
            return False, None
        return direction == "<", [_typed(value, key) for value, key in zip(values, keys, strict=True)]
    except (binascii.Error, RecursionError, TypeError, ValueError):
        return False, None


def _typed(value: Any, key: Any) -> Any:
    """A value as its column's kind. Raises TypeError, ValueError."""
    kind = key.type.python_type
    if kind is int and type(value) is int and abs(value) <= LARGEST_INTEGER:
        return value
    if not isinstance(value, str) or "\0" in value:
        raise TypeError(f"{value!r} is no {kind.__name__}")
    value.encode()  # half of a surrogate pair is no text
    if kind is datetime:
        instant = datetime.fromisoformat(value)
        if instant.tzinfo is None:
            raise ValueError("an instant needs its time zone")
        return instant
    if kind is date:
        return date.fromisoformat(value)
    if issubclass(kind, str):
        return kind(value)
    raise TypeError(f"{value!r} is no {kind.__name__}")
