"""What may be recorded, and where a case stands."""

from datetime import date

import pytest

from core import law
from evaluations.rules.gate import Hindrance, Refusal
from supervision import rules
from supervision.models import CaseKind, CaseState

TODAY = date(2026, 11, 21)
IN_FORCE = law.jurisdiction().in_force_since


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
