"""Working days: the official calendar with its make-up days, entered years, and what is not settled yet."""

from datetime import date, timedelta

import pytest

from core.workdays import Calendar, Term, add_working_days, joined, official, working_days_between

pytestmark = pytest.mark.every_zone
D = date


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (D(2026, 2, 14), True),  # a Saturday worked before the Spring Festival
        (D(2026, 2, 16), False),  # a Monday of it
        (D(2026, 2, 23), False),
        (D(2026, 2, 24), True),
        (D(2026, 2, 28), True),  # a Saturday worked after it
        (D(2026, 10, 10), True),
        (D(2026, 11, 21), False),  # a Saturday like any other
        (D(2026, 11, 23), True),
        (D(2018, 12, 29), True),  # by the notice of 2019
        (D(2018, 12, 31), False),
        (D(2024, 2, 29), True),
    ],
)
def test_a_day_is_worked_as_the_notice_says(day: date, working: bool) -> None:
    assert official().is_working(day) is working


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (D(2026, 11, 20), 0, D(2026, 11, 20)),
        (D(2026, 11, 21), 0, D(2026, 11, 23)),  # a term never ends on a day off
        (D(2026, 11, 20), 1, D(2026, 11, 23)),
        (D(2026, 11, 21), 1, D(2026, 11, 23)),
        (D(2026, 2, 13), 1, D(2026, 2, 14)),  # the make-up Saturday counts
        (D(2026, 2, 14), 1, D(2026, 2, 24)),
        (D(2026, 2, 13), 5, D(2026, 2, 27)),
        (D(2026, 2, 13), 6, D(2026, 2, 28)),
        (D(2026, 9, 30), 5, D(2026, 10, 13)),
        (D(2024, 2, 28), 1, D(2024, 2, 29)),
        (D(2023, 2, 28), 1, D(2023, 3, 1)),
    ],
)
def test_a_term_ends_on_the_last_of_its_working_days(start: date, days: int, end: date) -> None:
    assert add_working_days(start, days, official()) == Term(end, provisional=False)
    if official().is_working(start):
        assert working_days_between(start, end, official()) == days


def test_a_term_into_a_year_without_a_notice_is_provisional_and_counted_monday_to_friday() -> None:
    assert add_working_days(D(2026, 12, 24), 1, official()) == Term(D(2026, 12, 25), provisional=False)
    assert add_working_days(D(2026, 12, 25), 1, official()) == Term(D(2026, 12, 28), provisional=True)
    assert add_working_days(D(2026, 12, 25), 5, official()) == Term(D(2027, 1, 1), provisional=True)
    assert add_working_days(D(2027, 2, 5), 1, official()) == Term(D(2027, 2, 8), provisional=True)


def test_the_last_days_of_december_wait_for_the_notice_of_the_next_year() -> None:
    assert official().is_settled(D(2026, 12, 27))
    assert not official().is_settled(D(2026, 12, 28))
    assert official().is_settled(D(2025, 12, 28))
    assert not official().is_settled(D(2003, 12, 1))


def entered() -> Calendar:
    off = frozenset({D(2026, 12, 31), D(2027, 1, 1)} | {D(2027, 2, 5) + timedelta(days=n) for n in range(8)})
    return joined(official(), [(2027, off, frozenset({D(2027, 1, 30), D(2027, 2, 20)}))])


def test_an_entered_year_settles_its_days_and_the_end_of_the_year_before() -> None:
    known = entered()
    assert add_working_days(D(2026, 12, 30), 1, known) == Term(D(2027, 1, 4), provisional=False)
    assert add_working_days(D(2027, 1, 29), 1, known) == Term(D(2027, 1, 30), provisional=False)
    assert add_working_days(D(2027, 2, 4), 1, known) == Term(D(2027, 2, 15), provisional=False)
    assert known.is_settled(D(2026, 12, 31))
    assert not known.is_settled(D(2027, 12, 28))


def test_an_entered_year_wins_over_what_the_library_knew() -> None:
    corrected = joined(official(), [(2026, frozenset({D(2026, 1, 1)}), frozenset())])
    assert corrected.is_working(D(2026, 2, 16))
    assert not corrected.is_working(D(2026, 2, 14))
    assert not corrected.is_working(D(2025, 10, 1))


def test_between_two_days_counts_backwards_too() -> None:
    assert working_days_between(D(2026, 2, 13), D(2026, 2, 28), official()) == 6
    assert working_days_between(D(2026, 2, 28), D(2026, 2, 13), official()) == -6
    assert working_days_between(D(2026, 2, 28), D(2026, 2, 28), official()) == 0


def test_a_term_is_never_negative() -> None:
    with pytest.raises(ValueError, match="negative"):
        add_working_days(D(2026, 1, 5), -1, official())
