"""Raising an evaluation to a higher level (reading 9): which levels are higher, and for which year it then is."""

from datetime import date

from core.errors import DomainError
from evaluations.rules.states import Level

UPWARDS = (Level.MUNICIPAL, Level.PROVINCIAL, Level.NATIONAL)


class NotHigher(DomainError):
    """An evaluation is only ever raised."""


class WrongYear(DomainError):
    """The list of that year is made already, or is too far off."""


def levels_above(level: Level) -> tuple[Level, ...]:
    """Where an evaluation can be raised to, the nearest first."""
    return UPWARDS[UPWARDS.index(level) + 1 :]


def require_higher(now: Level, to: Level) -> None:
    """第十四条、第十五条: from the municipal list to the provincial, from there to the national. Raises NotHigher."""
    if to not in levels_above(now):
        above = "、".join(level.label for level in levels_above(now))
        told = f"只能提升到{above}。" if above else "已是最高级别，不能再提升。"
        raise NotHigher(f"该评价现为{now.label}，{told}", field="level")


def both_statements(before: str, now: str, *, level: Level, on: date) -> str:
    """What was said at the registration stays beside what is said at the raising."""
    said = now.strip()
    if not said or said == before.strip():
        return before
    return f"{before}\n提升到{level.label}时（{on}）：{said}" if before.strip() else said


def year_after_raising(year: int, *, raised_in: int) -> int:
    """The application year: the one it has, or that of the raising where it is over."""
    return max(year, raised_in)


def require_year(year: int, *, applied_for: int, raised_in: int, ahead: int) -> None:
    """The list's year isn't over, and no further off than an agreement's may be. Raises WrongYear."""
    first, last = year_after_raising(applied_for, raised_in=raised_in), raised_in + ahead
    if not first <= year <= max(first, last):
        told = f"{first} 年" if first >= last else f"{first} 至 {last} 年"
        raise WrongYear(f"申报年度应为 {told}，请核对。", field="year")
