"""How long results are not adopted, what may be recorded, and where a case stands."""

from datetime import date, timedelta

import pytest

from core import law
from core.errors import DomainError
from evaluations.rules.gate import Hindrance, Refusal
from supervision import rules
from supervision.models import CaseKind, CaseState

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


def hindrance(what: Hindrance) -> Refusal:
    return Refusal(what, "JL-21-2", "没有有效的备案。", "请先备案。", "begun_on")


@pytest.mark.clause("JL-21-2")
def test_what_the_gate_lets_through_is_not_recorded_for_the_agency() -> None:
    with pytest.raises(rules.NothingAgainst):
        rules.require_hindered([])
    rules.require_hindered([hindrance(Hindrance.NOT_FILED)])


def test_an_officer_confirms_only_what_was_shown() -> None:
    found = [hindrance(Hindrance.NOT_FILED), hindrance(Hindrance.NO_PLACE)]
    rules.require_as_shown(found, {"not_filed", "no_place"})
    for shown in ({"not_filed"}, {"not_filed", "no_place", "excluded"}, set()):
        with pytest.raises(rules.StandsDifferently):
            rules.require_as_shown(found, shown)


@pytest.mark.parametrize(
    ("unfiled", "over_cap", "kind"),
    [
        (True, True, CaseKind.UNFILED),
        (True, False, CaseKind.UNFILED),
        (False, True, CaseKind.OVER_CAP),
        (False, False, CaseKind.PROCEDURE),
    ],
)
def test_a_case_is_about_the_weightiest(unfiled: bool, over_cap: bool, kind: CaseKind) -> None:
    assert rules.kind_of(unfiled=unfiled, over_cap=over_cap) is kind


@pytest.mark.parametrize(("state", "shown"), [(CaseState.CLOSED, 3), (CaseState.OPEN, 2)])
def test_nobody_writes_into_a_case_that_is_closed_or_moved_on(state: CaseState, shown: int) -> None:
    rules.require_open(CaseState.OPEN, shown=3, now=3)
    with pytest.raises(rules.CaseClosed):
        rules.require_open(state, shown=shown, now=3)
