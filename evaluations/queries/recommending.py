"""Which national evaluations still wait to be adopted for the year's recommendation (第十五条)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import law
from evaluations.models import Evaluation
from evaluations.rules.recommending import Recommendation, recommendation
from evaluations.rules.states import Level, State


@dataclass(frozen=True, slots=True)
class Due:
    """A year's recommendation with how many national evaluations of it are handed over and not yet adopted."""

    recommendation: Recommendation
    waiting: int


def waiting(session: Session, year: int) -> int:
    """National evaluations of a year that were handed over and are not decided on."""
    rows = select(func.count()).where(
        Evaluation.state == State.HANDED_OVER, Evaluation.year == year, Evaluation.level == Level.NATIONAL
    )
    return session.scalar(rows) or 0


def due(session: Session, *, on: date) -> Sequence[Due]:
    """This year's recommendation while something waits for it, and last year's where something was left."""
    found = []
    for year in (on.year, on.year - 1):
        if year >= law.jurisdiction().in_force_since.year and (count := waiting(session, year)):
            found.append(Due(recommendation(year, law.jurisdiction(), on=on), count))
    return found
