"""Officers' judgements as facts for the rules."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from agency import models, particulars
from core import clock


def judgements_of(session: Session, agency_id: int) -> tuple[particulars.Judgement, ...]:
    """The newest judgement on each point of an agency; whether it still fits the facts is the rules' business."""
    newest = {
        row.point: row
        for row in session.scalars(
            select(models.Judgement).where(models.Judgement.agency_id == agency_id).order_by(models.Judgement.id)
        )
    }
    return tuple(
        particulars.Judgement(row.point, row.basis, row.accepted, row.reason, row.by, clock.day_of(row.at), row.level)
        for row in newest.values()
    )
