"""How values are shown on every page."""

from datetime import UTC, date, datetime

import pytest

from core.presentation import day, moment

NEW_YEAR = datetime(2026, 12, 31, 16, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "as_day", "as_moment"),
    [
        (NEW_YEAR, "2027-01-01", "2027-01-01 00:02"),
        (date(2026, 12, 15), "2026-12-15", "2026-12-15"),
        (None, "—", "—"),
    ],
)
def test_days_and_minutes_are_shanghais_and_what_has_not_happened_is_a_dash(
    value: date | None, as_day: str, as_moment: str
) -> None:
    assert (day(value), moment(value)) == (as_day, as_moment)
