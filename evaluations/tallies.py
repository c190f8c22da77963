"""Kept sums of evaluations: moved in the transaction that moves the evaluation, so that no page ever counts rows."""

from typing import Any

from sqlalchemy import delete, func, insert, literal, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from evaluations.models import Evaluation, Party, Tally

EVERYBODY = 0  # in the place of an agency: all evaluations, each once
_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def count(session: Session, evaluation: Evaluation, by: int) -> None:
    """Add (1) or take out (-1) an evaluation as it is now: out before a change of what it is counted by, in after it.

    The rows are taken in the order of their keys, so that two who count at once don't wait for each other in a ring.
    """
    for agency_id in sorted({EVERYBODY, *(party.agency_id for party in evaluation.parties)}):
        _add(session, agency_id, evaluation, by)


def _add(session: Session, agency_id: int, evaluation: Evaluation, by: int) -> None:
    key = (Tally.agency_id, Tally.year, Tally.level, Tally.kind, Tally.bureau, Tally.state)
    row = _INSERT[session.get_bind().dialect.name](Tally).values(
        agency_id=agency_id,
        year=evaluation.year,
        level=evaluation.level,
        kind=evaluation.kind,
        bureau=evaluation.bureau,
        state=evaluation.state,
        count=by,
    )
    session.execute(row.on_conflict_do_update(index_elements=key, set_={"count": Tally.count + by}))


def rebuild(session: Session) -> None:
    """Make all sums anew from the rows: after rows were put in without the services."""
    dimensions = (Evaluation.year, Evaluation.level, Evaluation.kind, Evaluation.bureau, Evaluation.state)
    columns = ["agency_id", "year", "level", "kind", "bureau", "state", "count"]
    session.execute(delete(Tally))
    everybody = select(literal(EVERYBODY), *dimensions, func.count()).group_by(*dimensions)
    session.execute(insert(Tally).from_select(columns, everybody))
    each = select(Party.agency_id, *dimensions, func.count()).join(Party.evaluation)
    session.execute(insert(Tally).from_select(columns, each.group_by(Party.agency_id, *dimensions)))
