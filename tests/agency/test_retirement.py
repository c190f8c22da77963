"""The statutory retirement age by the decision of 2024-09-13."""

from datetime import date

import pytest

from agency.rules.retirement import retires_on
from core import law
from core.identity import Sex

ON = date(2026, 6, 30)
LAW = law.jurisdiction()


@pytest.mark.parametrize(
    ("born", "sex", "day"),
    [
        (date(1964, 12, 31), Sex.MALE, date(2024, 12, 31)),
        (date(1965, 1, 1), Sex.MALE, date(2025, 2, 1)),
        (date(1965, 4, 30), Sex.MALE, date(2025, 5, 30)),
        (date(1965, 5, 1), Sex.MALE, date(2025, 7, 1)),
        (date(1966, 3, 20), Sex.MALE, date(2026, 7, 20)),
        (date(1976, 8, 15), Sex.MALE, date(2039, 7, 15)),
        (date(1976, 9, 15), Sex.MALE, date(2039, 9, 15)),
        (date(1990, 1, 1), Sex.MALE, date(2053, 1, 1)),
        (date(1969, 12, 31), Sex.FEMALE, date(2024, 12, 31)),
        (date(1970, 1, 31), Sex.FEMALE, date(2025, 2, 28)),
        (date(1981, 12, 1), Sex.FEMALE, date(2039, 12, 1)),
        (date(1985, 6, 1), Sex.FEMALE, date(2043, 6, 1)),
    ],
)
def test_the_retirement_age_is_delayed_by_a_month_for_every_four(born, sex, day):
    assert retires_on(born, sex, law=LAW, on=ON) == day
