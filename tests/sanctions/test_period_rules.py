"""How long results are not adopted."""

from datetime import date, timedelta

import pytest

from core import law
from core.errors import DomainError
from sanctions.rules import periods as rules

TODAY = date(2026, 11, 21)
IN_FORCE = law.jurisdiction().in_force_since


@pytest.mark.clause("JL-22-3")
@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2026, 3, 1), date(2029, 3, 1)),
        (date(2024, 12, 31), date(2027, 12, 31)),
        (date(2028, 2, 29), date(2031, 2, 28)),  # no 29 February three years on
        (date(2025, 2, 28), date(2028, 2, 28)),  # a 29 February there changes nothing
        (date(2026, 1, 1), date(2029, 1, 1)),
    ],
)
def test_three_years_end_on_the_same_date_that_day_included(first: date, last: date) -> None:
    assert rules.last_day(first, years=3) == last


@pytest.mark.clause("JL-22-3")
@pytest.mark.parametrize(
    ("first", "sound"),
    [
        (IN_FORCE, True),
        (IN_FORCE - timedelta(days=1), False),
        (TODAY + timedelta(days=300), True),
        (TODAY.replace(year=2062), False),
    ],
)
def test_no_decision_begins_before_the_rules_or_in_a_far_year(first: date, sound: bool) -> None:
    if sound:
        rules.require_sound_period(first, today=TODAY, in_force_since=IN_FORCE)
        return
    with pytest.raises(DomainError) as refused:
        rules.require_sound_period(first, today=TODAY, in_force_since=IN_FORCE)
    assert (refused.value.field, refused.value.clause) == ("first_day", "JL-22-3")
