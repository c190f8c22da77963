"""When an agency is reminded of a term that ends: once at each of the days of notice, and once when it is over. Pure.

What is past by more than a month when it is first looked at is no news: it is shown where it belongs.
"""

from datetime import date

from core.law import Jurisdiction

OVER = -1  # the stage from the day after the last
NO_NEWS_AFTER = 31  # days


def stages(law: Jurisdiction, *, on: date) -> tuple[int, ...]:
    """Days before the end of a lease or contract at which its agency is told, the first to the last, and OVER."""
    return (law.number("expiry_notice_days", on=on), law.number("expiry_last_notice_days", on=on), OVER)


def stage_reached(day: date, *, on: date, stages: tuple[int, ...]) -> int | None:
    """The last stage that a term ending on `day` has reached; None before the first, and long after the end."""
    left = (day - on).days
    if left < -NO_NEWS_AFTER:
        return None
    return min((stage for stage in stages if left <= stage), default=None)
