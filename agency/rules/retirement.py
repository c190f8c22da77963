"""The statutory retirement age, delayed by steps since 2025 (decision of 2024-09-13)."""

import calendar
from datetime import date

from core.identity import Sex
from core.law import Jurisdiction


def retires_on(born: date, sex: Sex, *, law: Jurisdiction, on: date) -> date:
    """The day on which a person reaches the statutory age, by the rules in force on a day.

    Women are read as holding professional posts (55 to 58): the roster is one of professional titles. Whoever reaches
    the old age from the first month of the delay on works a month longer for every four months, or part of them, that
    have passed since, and three years at most.
    """
    name = "retirement_age_men" if sex is Sex.MALE else "retirement_age_women"
    before = _months_after(born, 12 * law.number(name, on=on))
    begins: date = law.parameter("retirement_delay_from", on=on).value
    passed = 12 * (before.year - begins.year) + before.month - begins.month
    if passed < 0:
        return before
    delay = passed // law.number("retirement_delay_step", on=on) + 1
    return _months_after(born, 12 * law.number(name, on=on) + min(delay, law.number("retirement_delay_most", on=on)))


def _months_after(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
