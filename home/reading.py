"""Summaries that wait to be read at the provincial desk, for its worklist."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session, joinedload, load_only

from agency.models import Agency
from summaries.models import Summary
from summaries.states import State

SHOWN = 10  # the oldest; the year's page has them all


@dataclass(frozen=True, slots=True)
class ToRead:
    """How many there are, and the first of them."""

    count: int
    first: Sequence[Summary]


def to_read(session: Session, today: date) -> ToRead:
    rows = select(Summary).where(_waiting(today)).order_by(Summary.handed_in_at, Summary.id).limit(SHOWN)
    shown = load_only(Summary.year, Summary.handed_in_at, Summary.days_late, Summary.nil, Summary.agency_id)
    found = session.scalars(rows.options(shown, joinedload(Summary.agency).load_only(Agency.name))).all()
    count = len(found) if len(found) < SHOWN else session.scalar(count_to_read(today)) or 0
    return ToRead(count, found)


def count_to_read(today: date) -> Select[Any]:
    return select(func.count(Summary.id)).where(_waiting(today))


def _waiting(today: date) -> ColumnElement[bool]:
    """Of this year and the last, by the index of a year's states."""
    return and_(Summary.year.in_((today.year - 1, today.year)), Summary.state == State.HANDED_IN)
