"""What is drawn of a year: bars, measured here, drawn by templates/components/bars.html. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from summaries.rules import Dates

HEIGHT = 96
STEP = 10  # width of a day, with its gap
AFTER = 7  # days shown beyond the last one in which something came
MOST_DAYS = 120


@dataclass(frozen=True, slots=True)
class Bar:
    """A day's bar; `tone`: "", late."""

    day: date
    count: int
    x: int
    height: int
    tone: str


@dataclass(frozen=True, slots=True)
class Strip:
    """Hand-ins by day, from the opening on."""

    bars: tuple[Bar, ...]
    due_x: int  # where the last day in time ends
    total: int
    later: int  # that came after what is shown
    most: int

    @property
    def width(self) -> int:
        return max(len(self.bars), 1) * STEP

    @property
    def filled(self) -> tuple[Bar, ...]:
        return tuple(bar for bar in self.bars if bar.count)


def hand_ins(dates: Dates, counts: Mapping[date, int], *, today: date) -> Strip:
    """From the opening to some days past the newest hand-in, always with the last day in sight; at most MOST_DAYS."""
    first = min([dates.opens_on, *counts])
    wished = max([dates.due_on, *counts]) + timedelta(days=AFTER)
    last = min(wished, first + timedelta(days=MOST_DAYS - 1))
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    most = max(counts.values(), default=0)
    bars = tuple(
        Bar(
            day=day,
            count=counts.get(day, 0),
            x=number * STEP,
            height=max(2, round(counts.get(day, 0) * HEIGHT / most)) if counts.get(day) else 0,
            tone="late" if day > dates.due_on else "",
        )
        for number, day in enumerate(days)
    )
    return Strip(
        bars=bars,
        due_x=((dates.due_on - first).days + 1) * STEP,
        total=sum(counts.values()),
        later=sum(count for day, count in counts.items() if day > last),
        most=most,
    )
