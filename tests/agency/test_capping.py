"""第二十二条第二款: for whom a national evaluation counts, and which place it gets."""

from datetime import date

import pytest

from agency.rules import capping
from agency.rules.capping import Holders, InOffice
from core.law import jurisdiction

pytestmark = pytest.mark.clause("JL-22-2")

ZHAO, QIAN, SUN = 1, 2, 3
JULY = date(2026, 7, 1)


def term(person: int, since: date, until: date | None = None) -> InOffice:
    return InOffice(person, f"第{person}人", since, until)


CHANGED = [term(ZHAO, date(2020, 1, 1), date(2026, 6, 30)), term(QIAN, JULY)]


@pytest.mark.parametrize(
    ("day", "person"),
    [
        (date(2019, 1, 1), ZHAO),  # before the history begins: the first one known
        (date(2020, 1, 1), ZHAO),
        (date(2026, 6, 30), ZHAO),  # the last day is included
        (JULY, QIAN),
        (date(2027, 1, 1), QIAN),
    ],
)
def test_an_evaluation_stays_with_the_representative_of_its_day(day: date, person: int) -> None:
    found = capping.representative_on(CHANGED, day)
    assert found is not None
    assert found.person_id == person


def test_nobody_is_due_where_no_representative_is_known() -> None:
    assert capping.representative_on([], JULY) is None
    assert capping.holders({7: []}, on=JULY) == Holders((), (7,))


@pytest.mark.parametrize(
    ("histories", "due"),
    [
        ({}, Holders((), ())),  # a self-evaluation: no agency, no cap
        ({7: CHANGED}, Holders((QIAN,), (7,))),
        ({9: [term(SUN, date(2021, 1, 1))], 7: CHANGED}, Holders((QIAN, SUN), (7, 9))),
        ({9: [term(QIAN, date(2021, 1, 1))], 7: CHANGED}, Holders((QIAN,), (7, 9))),  # one person: one place
    ],
)
def test_one_place_for_each_agency_and_each_distinct_representative(
    histories: dict[int, list[InOffice]], due: Holders
) -> None:
    assert capping.holders(histories, on=JULY) == due


@pytest.mark.parametrize(
    ("numbers", "place"),
    [
        ([], 1),
        ([1, 2], 3),
        ([2, 3], 1),  # one was given back
        ([*range(1, 15)], 15),  # the fifteenth is lawful
        ([*range(1, 16)], None),  # the sixteenth is not
        ([*range(1, 15), None], None),  # what is over the cap was done, and counts
        ([15], 1),
    ],
)
def test_the_lowest_free_place_is_taken_and_never_a_sixteenth(numbers: list[int | None], place: int | None) -> None:
    assert capping.place_for(numbers, cap=15) == place


def test_a_lower_cap_counts_what_was_taken_above_it() -> None:
    assert capping.place_for([11, 12, 13, 14, 15], cap=10) == 1
    assert capping.place_for([*range(6, 16)], cap=10) is None


@pytest.mark.parametrize(("day", "needs"), [(date(2024, 11, 4), False), (date(2024, 11, 5), True), (JULY, True)])
def test_what_began_before_the_rules_needs_no_place(day: date, needs: bool) -> None:
    assert capping.needs_places(jurisdiction(), day) is needs
