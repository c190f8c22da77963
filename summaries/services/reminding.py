"""Reminding agencies of what is still to come: by the clock in pieces, by the desk with one action."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from core import audit, clock, law
from core.db import transaction
from core.refs import Actor
from summaries import reminding, stages
from summaries.models import Summary, SummaryYear
from summaries.queries import overview
from summaries.queries.overview import Wanted
from summaries.reminding import PIECE, Asked
from summaries.rules import Dates
from summaries.states import Duty, State


@dataclass(frozen=True, slots=True)
class Piece:
    """What one transaction did: of how many it was the turn, how many were told, what was passed over."""

    seen: int = 0
    told: int = 0
    passed_over: int = 0


@dataclass(frozen=True, slots=True)
class Reminded:
    """How many were told now, and how many had been told today already."""

    told: int
    already: int


def by_clock(dates: Dates, duty: Duty, *, on: date) -> Piece:
    """Some hundred reminders of the stage that a day has reached; nothing is seen when all have theirs.

    The reminder's row and the notice are of one transaction: broken off in the middle, the rest comes with the next
    run, and nobody is told twice.
    """
    due_on = dates.due_of(duty)
    those = stages.stages_of(duty, due_on, law.jurisdiction())
    stage = stages.reached(those, on=on)
    if stage is None:
        return Piece()
    with transaction() as session:
        asked = reminding.locked(
            session,
            Summary.year == dates.year,
            Summary.duty == duty,
            Summary.due_on == due_on,
            Summary.first_handed_in_at.is_(None),
            reminding.not_reminded(stage.occasion),
            most=PIECE,
        )
        if not asked:
            return Piece()
        told = reminding.note(session, asked, stage.occasion)
        missed = 0
        for old in those:
            late = [each for each in told if old in stages.passed_over(those, stage, since=each.since)]
            missed += len(reminding.note(session, late, old.occasion, sent=False)) if late else 0
        reminding.tell_stage(session, told, stage, on=on)
        if told:
            year = session.get_one(SummaryYear, dates.year)
            what = f"{stages.told_as(stage.occasion)} {len(told)} 家"
            audit.record(session, "summary_year.reminded", year, by=None, after=what)
        return Piece(len(asked), len(told), missed)


def by_desk(year: int, wanted: Wanted, ids: Collection[int] | None, *, by: Actor) -> Reminded:
    """提醒: what is asked for and has not come, or was returned; of it only `ids`, if given. Once a day."""
    today = clock.today()
    occasion = stages.desk_occasion(today)
    with transaction() as session:
        wished = overview.waiting_ids(session, year, wanted, today=today)
        chosen = [each for each in wished if ids is None or each in ids]
        asked: list[Asked] = []
        for start in range(0, len(chosen), PIECE):
            asked += reminding.locked(session, Summary.id.in_(chosen[start : start + PIECE]), overview.STILL_WAITING)
        told = reminding.note(session, asked, occasion, by=by)
        returned = overview.in_state(session, year, State.RETURNED)
        reminding.tell(
            session, [each for each in told if each.id not in returned], "summary_reminded", reminding.due_words
        )
        reminding.tell(session, [each for each in told if each.id in returned], "summary_reminded_returned")
        if told:
            row = session.get_one(SummaryYear, year)
            audit.record(session, "summary_year.reminded", row, by=by, after=f"省厅提醒 {len(told)} 家")
        return Reminded(len(told), len(asked) - len(told))
