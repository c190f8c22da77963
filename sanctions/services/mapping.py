"""Completing the impact maps: what became known since, what other acts have settled (第二十二条第三款)."""

from datetime import date

from sqlalchemy import exists, or_, select

from agency.models import Agency, NonAdoption
from core.db import db, transaction
from sanctions import impact
from sanctions.models import ImpactTask


def complete(on: date) -> tuple[int, int]:
    """Every period that goes on, or has something open: how many tasks were added, and how many others settled."""
    open_tasks = exists().where(
        ImpactTask.non_adoption_id == NonAdoption.id, ImpactTask.done_at.is_(None), ImpactTask.void_at.is_(None)
    )
    rows = (
        select(NonAdoption.id)
        .where(NonAdoption.annulled_at.is_(None), or_(NonAdoption.last_day >= on, open_tasks))
        .order_by(NonAdoption.id)
    )
    added = moved = 0
    for period_id in db.session.scalars(rows).all():
        new, settled = _complete(period_id, on)
        added, moved = added + new, moved + settled
    return added, moved


def _complete(period_id: int, on: date) -> tuple[int, int]:
    """One period in a transaction of its own; what the agency does meanwhile waits for it."""
    with transaction() as session:
        period = session.get_one(NonAdoption, period_id)
        session.get_one(Agency, period.agency_id, with_for_update={"key_share": True})
        session.refresh(period, with_for_update=True)
        if period.annulled_at is not None:
            return 0, 0
        moved = impact.follow(session, period)
        return (impact.lay(session, period, by=None) if period.last_day >= on else 0), moved
