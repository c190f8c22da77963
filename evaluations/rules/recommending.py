"""Article 15: by when the year's national list is recommended, and when those who adopt are reminded. Pure."""

from dataclasses import dataclass
from datetime import date

from core.law import Jurisdiction, implements


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A year's recommendation on a day: its last day, and how many days are left (0: today; negative: it is over)."""

    year: int
    due: date
    left: int

    @property
    def is_over(self) -> bool:
        return self.left < 0


@implements("JL-15-1")
def recommendation(year: int, law: Jurisdiction, *, on: date) -> Recommendation:
    """第十五条: the national list of a year is recommended before the end of 31 July of it, that day included."""
    due = date.fromisoformat(f"{year}-{law.parameter('recommendation_due', on=on).value}")
    return Recommendation(year, due, (due - on).days)


@implements("JL-15-1")
def stage_reached(known: Recommendation, law: Jurisdiction, *, on: date) -> int | None:
    """第十五条: which reminder a day has reached, by its days before the end; None before the first and afterwards.

    A day on which nothing ran is made good by the next: the nearest one that has come.
    """
    stages = [law.number(f"recommendation_{name}_days", on=on) for name in ("first", "second", "last")]
    return None if known.is_over else min((stage for stage in stages if known.left <= stage), default=None)
