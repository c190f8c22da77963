"""Marking what is late: on the day after it was due."""

from datetime import date

from core.db import transaction
from summaries import lateness
from summaries.models import Summary


def mark_late(summary_id: int, *, on: date) -> bool:
    """逾期: one summary that is owed and has not come; False where there is nothing to mark, or it is marked."""
    with transaction() as session:
        summary = session.get_one(Summary, summary_id, with_for_update={"of": Summary}, populate_existing=True)
        return lateness.mark_late(session, summary, today=on)
