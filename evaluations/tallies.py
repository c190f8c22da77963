"""Kept sums of evaluations: moved in the transaction that moves the evaluation, so that no page ever counts rows."""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import delete, func, insert, literal, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from evaluations.models import Evaluation, Party, Tally

EVERYBODY = 0  # in the place of an agency: all evaluations, each once
KEY = ("agency_id", "year", "level", "kind", "bureau", "state")
_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def count(session: Session, evaluation: Evaluation, by: int) -> None:
    """Add (1) or take out (-1) an evaluation as it is now."""
    _write(session, dict.fromkeys(_keys(evaluation), by))


@contextmanager
def moving(session: Session, evaluation: Evaluation) -> Iterator[None]:
    """`with moving(session, evaluation): …` around a change of what it is counted by: out as it was, in as it is."""
    changes = Counter(dict.fromkeys(_keys(evaluation), -1))
    yield
    changes.update(_keys(evaluation))
    _write(session, changes)


def _keys(evaluation: Evaluation) -> list[tuple[int, int, str, str, str, str]]:
    agencies = {EVERYBODY, *(party.agency_id for party in evaluation.parties)}
    rest = evaluation.year, evaluation.level, evaluation.kind, evaluation.bureau, evaluation.state
    return [(agency_id, *rest) for agency_id in agencies]


def _write(session: Session, changes: Mapping[tuple[int, int, str, str, str, str], int]) -> None:
    """Rows are taken in the order of their keys, so that two who count at once don't wait for each other in a ring."""
    insert_or_add = _INSERT[session.get_bind().dialect.name]
    for key, by in sorted(changes.items()):
        if by:
            row = insert_or_add(Tally).values(**dict(zip(KEY, key, strict=True)), count=by)
            session.execute(row.on_conflict_do_update(index_elements=KEY, set_={"count": Tally.count + by}))


def rebuild(session: Session) -> None:
    """Make all sums anew from the rows: after rows were put in without the services."""
    dimensions = (Evaluation.year, Evaluation.level, Evaluation.kind, Evaluation.bureau, Evaluation.state)
    columns = [*KEY, "count"]
    session.execute(delete(Tally))
    everybody = select(literal(EVERYBODY), *dimensions, func.count()).group_by(*dimensions)
    session.execute(insert(Tally).from_select(columns, everybody))
    each = select(Party.agency_id, *dimensions, func.count()).join(Party.evaluation)
    session.execute(insert(Tally).from_select(columns, each.group_by(Party.agency_id, *dimensions)))
