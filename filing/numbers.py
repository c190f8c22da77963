"""Filing numbers: 〔2026〕001 and on, by year, without gaps."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from filing.models import NumberSequence

INSERTS: Mapping[str, Callable[..., Any]] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


def next_number(session: Session, year: int) -> str:
    """The next number of a year. Its row stays locked to the end of the transaction: none given twice or left out."""
    insert = INSERTS[session.get_bind().dialect.name]
    taken = session.scalar(
        insert(NumberSequence)
        .values(year=year, last=1)
        .on_conflict_do_update(index_elements=[NumberSequence.year], set_={"last": NumberSequence.last + 1})
        .returning(NumberSequence.last)
    )
    return f"〔{year}〕{taken:03d}"
