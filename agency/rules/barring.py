"""Until when an agency's results are not adopted (第二十二条第三款, reading 15). Pure."""

from collections.abc import Iterable
from datetime import date, timedelta

from core.law import implements

Period = tuple[date, date]  # first and last day, both included


@implements("JL-22-3")
def barred_until(periods: Iterable[Period], on: date) -> date | None:
    """第二十二条第三款: the last day of the time without adoption that a day lies in, None outside of any.

    `periods`: those not annulled. They are not added: where several follow on each other the latest end counts.
    """
    until: date | None = None
    for first, last in sorted(periods):
        if until is None:
            until = last if first <= on <= last else None
        elif first <= until + timedelta(days=1):
            until = max(until, last)
    return until
