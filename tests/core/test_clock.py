"""Days and years are Shanghai's, in whichever zone the server stands (reading 24)."""

import time
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core import clock

pytestmark = pytest.mark.every_zone


def test_the_tests_stand_in_the_zone_that_they_say(server_zone: str) -> None:
    winter = datetime(2026, 12, 15, tzinfo=ZoneInfo("UTC")).timestamp()
    offset = datetime.fromtimestamp(winter, ZoneInfo(server_zone)).utcoffset()
    assert timedelta(seconds=time.localtime(winter).tm_gmtoff) == offset


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        ("2026-12-15T15:59:59+00:00", date(2026, 12, 15)),
        ("2026-12-15T16:00:00+00:00", date(2026, 12, 16)),
        ("2026-12-31T16:00:00+00:00", date(2027, 1, 1)),
        ("2028-02-28T16:00:00+00:00", date(2028, 2, 29)),
        ("2026-12-15T11:00:00-05:00", date(2026, 12, 16)),
    ],
)
def test_a_day_begins_at_midnight_in_shanghai(instant: str, day: date) -> None:
    with clock.frozen(datetime.fromisoformat(instant)):
        assert clock.today() == day


def test_a_day_ends_when_the_next_begins() -> None:
    assert clock.end_of(date(2026, 12, 15)) == clock.start_of(date(2026, 12, 16))
    assert clock.start_of(date(2027, 1, 1)).isoformat() == "2026-12-31T16:00:00+00:00"


def test_years_later_on_a_leap_day_is_the_last_of_february() -> None:
    assert clock.years_after(date(2028, 2, 29), 3) == date(2031, 2, 28)
    assert clock.years_after(date(2028, 2, 29), 4) == date(2032, 2, 29)
