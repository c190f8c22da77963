"""What the law says of following up: how long results are not adopted, and where a case stands. Pure."""

from datetime import date, timedelta

from core.errors import Conflict, DomainError
from core.law import implements
from supervision.models import CaseKind, CaseState

FARTHEST = timedelta(days=366)  # a decision that starts later than this is a slip of the pen


class CaseClosed(Conflict):
    """The case is closed, or was changed since the reader looked at it."""


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


def require_open(state: CaseState, *, shown: int, now: int) -> None:
    """A closed case is only read; nobody acts on what they did not see. Raises CaseClosed."""
    if state is CaseState.CLOSED:
        raise CaseClosed("该案件已经办结，不再增加记录。")
    if shown != now:
        raise CaseClosed("该案件刚刚有新的记录（也可能是重复提交），请核对后再办理。")


def kind_of(*, unfiled: bool, over_cap: bool) -> CaseKind:
    """What a case is about; without a filing there was no right to evaluate at all, so that comes first."""
    if unfiled:
        return CaseKind.UNFILED
    return CaseKind.OVER_CAP if over_cap else CaseKind.PROCEDURE
