"""Officers' judgements as facts for the rules."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from agency import models, particulars
from core import clock


def judgements_of(
    session: Session, agency_id: int, *, until: datetime | None = None
) -> tuple[particulars.Judgement, ...]:
    """The newest judgement on each point of an agency; whether it still fits the facts is the rules' business.

    `until`: as they stood at an instant, for what was decided then.
    """
    rows = select(models.Judgement).where(models.Judgement.agency_id == agency_id).order_by(models.Judgement.id)
    if until is not None:
        rows = rows.where(models.Judgement.at <= until)
    newest = {row.point: row for row in session.scalars(rows)}
    return tuple(
        particulars.Judgement(row.point, row.basis, row.accepted, row.reason, row.by, clock.day_of(row.at), row.level)
        for row in newest.values()
    )
