"""Numbers that people see, by series and year, without gaps: 〔2026〕001 and on."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import String
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.db import Model

INSERTS: Mapping[str, Callable[..., Any]] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


class NumberSequence(Model):
    """The last number of a series in a year; the row is the lock."""

    __tablename__ = "number_sequence"

    series: Mapped[str] = mapped_column(String(20), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


def next_number(session: Session, series: str, year: int) -> int:
    """The next number of a year. Its row stays locked to the end of the transaction: none given twice or left out."""
    insert = INSERTS[session.get_bind().dialect.name]
    taken = session.scalar(
        insert(NumberSequence)
        .values(series=series, year=year, last=1)
        .on_conflict_do_update(
            index_elements=[NumberSequence.series, NumberSequence.year], set_={"last": NumberSequence.last + 1}
        )
        .returning(NumberSequence.last)
    )
    return int(taken or 0)
