"""Marking what is late: on the day after it was due; and no longer what turns out not to have been owed by then."""

from datetime import date

from core.db import transaction
from summaries import lateness
from summaries.models import Summary


def mark_late(summary_id: int, *, on: date) -> bool:
    """逾期: one summary that is owed and has not come; False where there is nothing to mark, or it is marked."""
    with transaction() as session:
        summary = session.get_one(Summary, summary_id, with_for_update={"of": Summary}, populate_existing=True)
        return lateness.mark_late(session, summary, today=on)


def take_back(summary_id: int) -> bool:
    """撤销逾期标记: of one that is owed no more, or later than it was; False where the mark stands."""
    with transaction() as session:
        summary = session.get_one(Summary, summary_id, with_for_update={"of": Summary}, populate_existing=True)
        return lateness.take_back(session, summary)
