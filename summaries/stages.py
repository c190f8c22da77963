"""第二十二条第一款 (JL-22-1c): when an agency is reminded of the summary that is due. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from core.law import Jurisdiction, implements
from summaries.states import Duty

OPENED = "opened"  # the occasion of saying that the year is open


@dataclass(frozen=True, slots=True)
class Stage:
    """A reminder so many days before the last day; 0: on the day itself."""

    days: int
    duty: Duty
    due_on: date

    @property
    def on(self) -> date:
        """The day on which it is due."""
        return self.due_on - timedelta(days=self.days)

    @property
    def occasion(self) -> str:
        """What makes it one: told once for each last day, to who owes it and to who is invited apart."""
        kind = "due" if self.duty.is_owed else "invited"
        return f"{kind}:{self.due_on}:{self.days}"

    def days_left(self, on: date) -> int:
        return (self.due_on - on).days


@implements("JL-22-1c")
def stages_of(duty: Duty, due_on: date, law: Jurisdiction) -> tuple[Stage, ...]:
    """第二十二条第一款: the reminders of a last day, the earliest first; who is only invited is reminded less."""
    name = "summary_reminders" if duty.is_owed else "summary_invited_reminders"
    days: Sequence[int] = law.parameter(name, on=due_on).value
    return tuple(Stage(each, duty, due_on) for each in sorted(days, reverse=True))


@implements("JL-22-1c")
def reached(stages: Sequence[Stage], *, on: date) -> Stage | None:
    """第二十二条第一款: the newest reminder whose day has come; none before the first and after the last day.

    After days on which nothing ran only this one is told: those before it would say what is no longer so.
    """
    come = [stage for stage in stages if stage.on <= on <= stage.due_on]
    return come[-1] if come else None


def passed_over(stages: Sequence[Stage], told: Stage, *, since: date) -> tuple[Stage, ...]:
    """The reminders before the one that is told, of days on which the summary was already asked for."""
    return tuple(stage for stage in stages if since <= stage.on < told.on)


def desk_occasion(on: date) -> str:
    """The desk reminds once a day."""
    return f"desk:{on}"


def told_as(occasion: str) -> str:
    """How a reminder is called where they are listed."""
    kind, _, rest = occasion.partition(":")
    if kind == "desk":
        return "省厅提醒"
    if kind == OPENED:
        return "开放通知"
    days = rest.partition(":")[2]
    return "截止日当天提醒" if days == "0" else f"截止前 {days} 天提醒"
