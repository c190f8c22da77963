"""第二十二条第三款: how long results are not adopted. Pure."""

from datetime import date, timedelta

from core.errors import Conflict, DomainError
from core.law import implements

FARTHEST = timedelta(days=366)  # a decision that starts later than this is a slip of the pen


class AlreadyAnnulled(Conflict):
    """The decision was annulled before."""


@implements("JL-22-3")
def last_day(first_day: date, *, years: int) -> date:
    """第二十二条第三款: the last day of so many years, itself included: the same date, of 29 February 28 February.

    Reading 15: first and last day are both whole days in Shanghai.
    """
    try:
        return first_day.replace(year=first_day.year + years)
    except ValueError:
        return first_day.replace(year=first_day.year + years, day=28)


@implements("JL-22-3")
def require_sound_period(first_day: date, *, today: date, in_force_since: date) -> None:
    """第二十二条第三款: no decision under these rules before they were in force. Raises DomainError."""
    if first_day < in_force_since:
        raise DomainError(
            f"实施细则自 {in_force_since} 起施行，此前不能依第二十二条第三款作出决定，请核对决定书。",
            clause="JL-22-3",
            field="first_day",
        )
    if first_day > today + FARTHEST:
        raise DomainError("起始日距今天超过一年，请对照决定书核对年份。", clause="JL-22-3", field="first_day")
