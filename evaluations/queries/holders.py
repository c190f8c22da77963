"""What a holder's places of a year are used for, as the desk sees it."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from agency.queries.places import Strip
from evaluations.models import Evaluation, Party


def evaluations_of(session: Session, strip: Strip) -> Mapping[int, Evaluation]:
    """The evaluations in a strip by their ids, with applicant and agencies."""
    ids = [cell.evaluation_id for cell in (*strip.cells, *strip.over) if cell.evaluation_id is not None]
    rows = select(Evaluation).where(Evaluation.id.in_(ids))
    found = session.scalars(rows.options(selectinload(Evaluation.parties).joinedload(Party.agency)))
    return {evaluation.id: evaluation for evaluation in found}
