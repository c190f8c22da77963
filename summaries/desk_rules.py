"""第二十二条第一款 (JL-22-1c): what the desk may set and ask. Pure."""

from collections.abc import Sequence
from datetime import date

from core.errors import Conflict, DomainError
from core.law import implements
from summaries.rules import Dates, NotReady


class WrongDay(DomainError):
    """The year can't be opened on this day."""


class OpenAlready(Conflict):
    """The year is open: agencies write in it."""


@implements("JL-22-1c")
def require_opening(dates: Dates, opens_on: date, *, is_open: bool, today: date) -> None:
    """第二十二条第一款: in the year itself, not in the past nor after the last day. Raises OpenAlready, WrongDay."""
    if is_open:
        raise OpenAlready(f"{dates.year} 年度工作总结已经开放，机构正在填报，开放日不能再改。", clause="JL-22-1c")
    if opens_on < dates.first_day:
        raise WrongDay(f"开放日应在 {dates.year} 年内，请填写 {dates.first_day} 以后的日期。", field="opens_on")
    if opens_on < today:
        raise WrongDay(f"开放日不能早于今天，请填写 {today} 或以后的日期。", field="opens_on")
    if opens_on > dates.due_on:
        raise WrongDay(
            f"开放日不能晚于上报截止日 {dates.due_on}，请填写更早的日期。", clause="JL-22-1c", field="opens_on"
        )


def points_of(text: str) -> tuple[str, ...]:
    """A list of points as it is typed, one a line."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def require_points(points: Sequence[str]) -> None:
    """Who gets it back must know what to mend. Raises NotReady."""
    if not points:
        raise NotReady("请逐条写明需要修改的内容，每行一条。", field="points")
