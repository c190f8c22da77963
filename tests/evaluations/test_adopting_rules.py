"""What stands in the way of handing over and of adopting: tables of readings 6 and 15."""

from datetime import date
from itertools import product
from typing import Any

import pytest

from core.errors import Refusals
from core.law import jurisdiction
from evaluations.rules import adopting
from evaluations.rules.adopting import NotAdoptable, Obstacle
from evaluations.rules.facts import Period
from evaluations.rules.screening import ScreeningFacts
from evaluations.rules.states import Conclusion, Mode
from tests.evaluations import facts

LAW = jurisdiction()
FIRST, LAST = date(2026, 2, 28), date(2029, 2, 28)
BEFORE, INSIDE, AFTER = date(2026, 2, 27), date(2027, 6, 1), date(2029, 3, 1)
BARRED = (("吉林省衡准评价有限公司", Period(FIRST, LAST)),)

SWITCHES: dict[str, tuple[Any, Obstacle]] = {
    "is_disputed": (True, Obstacle.DISPUTED),
    "is_blocked": (True, Obstacle.BLOCKED),
    "is_confirmed": (False, Obstacle.NOT_CONFIRMED),
    "is_unfiled": (True, Obstacle.UNFILED),
    "is_over_cap": (True, Obstacle.OVER_CAP),
    "screening": (ScreeningFacts(undecided=1), Obstacle.MARKS_UNDECIDED),
    "conclusion": (Conclusion.DOES_NOT_CONFORM, Obstacle.DOES_NOT_CONFORM),
    "exclusions": ((facts.exclusion(),), Obstacle.EXCLUDED),
    "non_adoption": ((("吉林省衡准评价有限公司", Period(date(2026, 5, 1), date(2029, 5, 1))),), Obstacle.ISSUED_BARRED),
}


def found(**changes: Any) -> list[Obstacle]:
    return [each.what for each in adopting.hindrances(facts.adoption(**changes), LAW)]


@pytest.mark.clause("JL-11", "JL-12-1", "JL-12-2", "JL-21-2", "JL-22-2", "JL-22-3")
def test_exactly_what_stands_in_the_way_is_told_for_every_combination() -> None:
    for chosen in product((False, True), repeat=len(SWITCHES)):
        on = [name for name, is_on in zip(SWITCHES, chosen, strict=True) if is_on]
        told = found(**{name: SWITCHES[name][0] for name in on})
        assert sorted(told) == sorted(SWITCHES[name][1] for name in on), on


@pytest.mark.clause("JL-21-2", "JL-22-2")
@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, [Obstacle.RECORDED]),
        ({"is_unfiled": True}, [Obstacle.UNFILED]),  # which says more
        ({"is_over_cap": True}, [Obstacle.OVER_CAP]),
    ],
)
def test_what_was_recorded_past_the_gate_is_not_adopted_whatever_stood_against_it(
    changes: dict[str, Any], told: list[Obstacle]
) -> None:
    assert found(is_recorded=True, **changes) == told
    with pytest.raises(NotAdoptable):
        adopting.require_adoptable(facts.adoption(is_recorded=True, **changes), in_spite_of="理由", law=LAW)


@pytest.mark.clause("JL-12-1")
@pytest.mark.parametrize(
    ("changes", "stopped"),
    [
        ({}, False),
        ({"is_disputed": True}, True),
        ({"is_blocked": True}, True),
        ({"is_dispute_upheld": True}, True),
        ({"is_confirmed": False}, False),  # adoption needs it, hand-over doesn't
        ({"is_unfiled": True}, False),
        ({"is_over_cap": True}, False),
        ({"handed_over_on": None}, False),
        ({"non_adoption": BARRED, "handed_over_on": None}, False),
    ],
)
def test_only_a_dispute_or_a_block_stops_the_hand_over(changes: dict[str, Any], stopped: bool) -> None:
    given = facts.adoption(**changes)
    if stopped:
        with pytest.raises(NotAdoptable):
            adopting.require_hand_over(given, LAW)
    else:
        adopting.require_hand_over(given, LAW)


@pytest.mark.clause("JL-22-3")
@pytest.mark.parametrize(
    ("issued", "presented", "decided", "what"),
    [
        (BEFORE, BEFORE, BEFORE, None),  # adopted before: stays
        (BEFORE, BEFORE, INSIDE, Obstacle.DECIDED_INSIDE),  # silent: a person decides
        (BEFORE, BEFORE, AFTER, None),
        (BEFORE, FIRST, INSIDE, Obstacle.PRESENTED_BARRED),
        (BEFORE, LAST, AFTER, Obstacle.PRESENTED_BARRED),
        (FIRST, FIRST, INSIDE, Obstacle.ISSUED_BARRED),
        (INSIDE, LAST, AFTER, Obstacle.ISSUED_BARRED),
        (FIRST, AFTER, AFTER, Obstacle.ISSUED_INSIDE),
        (LAST, AFTER, AFTER, Obstacle.ISSUED_INSIDE),
        (AFTER, AFTER, AFTER, None),
        (BEFORE, AFTER, AFTER, None),
    ],
)
def test_the_period_bars_to_the_day(issued: date, presented: date, decided: date, what: Obstacle | None) -> None:
    told = found(issued=(issued,), handed_over_on=presented, on=decided, non_adoption=BARRED)
    assert told == ([what] if what else [])


@pytest.mark.clause("JL-22-3")
def test_a_correction_does_not_leave_the_period_behind() -> None:
    told = found(issued=(INSIDE, AFTER), handed_over_on=AFTER, on=AFTER, non_adoption=BARRED)
    assert told == [Obstacle.ISSUED_INSIDE]


@pytest.mark.clause("JL-22-3")
def test_of_several_periods_the_gravest_is_told_and_every_agency() -> None:
    ours, theirs = "吉林省衡准评价有限公司", "长春同衡咨询有限公司"
    periods = (
        (ours, Period(date(2026, 5, 1), date(2026, 5, 15))),  # issued inside
        (ours, Period(date(2026, 5, 18), date(2029, 5, 18))),  # presented inside
        (theirs, Period(date(2026, 6, 1), date(2029, 6, 1))),  # decided inside
    )
    told = adopting.hindrances(facts.adoption(non_adoption=periods), LAW)
    assert [(each.what, each.yields) for each in told] == [
        (Obstacle.PRESENTED_BARRED, False),
        (Obstacle.DECIDED_INSIDE, True),
    ]
    assert told[1].message.startswith(theirs)


@pytest.mark.clause("JL-22-3")
@pytest.mark.parametrize(
    ("presented", "reason", "adoptable"),
    [
        (AFTER, "", False),
        (AFTER, " \n", False),
        (AFTER, "报告基于期前的现场数据，已复核", True),
        (LAST, "报告基于期前的现场数据，已复核", False),  # presented inside: no reason helps
    ],
)
def test_issued_inside_and_presented_after_yields_to_a_reason(presented: date, reason: str, adoptable: bool) -> None:
    given = facts.adoption(issued=(INSIDE,), handed_over_on=presented, on=AFTER, non_adoption=BARRED)
    if adoptable:
        adopting.require_adoptable(given, in_spite_of=reason, law=LAW)
    else:
        with pytest.raises(NotAdoptable) as raised:
            adopting.require_adoptable(given, in_spite_of=reason, law=LAW)
        assert raised.value.clause == "JL-22-3"
        assert raised.value.field == ("in_spite_of" if presented is AFTER else None)


@pytest.mark.clause("JL-21-2", "JL-22-2")
@pytest.mark.parametrize(("flag", "what"), [("is_unfiled", Obstacle.UNFILED), ("is_over_cap", Obstacle.OVER_CAP)])
def test_unfiled_and_over_cap_are_never_adoptable(flag: str, what: Obstacle) -> None:
    with pytest.raises(NotAdoptable) as raised:
        adopting.require_adoptable(facts.adoption(**{flag: True}), in_spite_of="情况特殊", law=LAW)
    assert raised.value.what is what


def test_everything_in_the_way_is_told_at_once() -> None:
    with pytest.raises(Refusals) as raised:
        adopting.require_adoptable(
            facts.adoption(is_disputed=True, is_confirmed=False), in_spite_of="情况特殊", law=LAW
        )
    assert len(raised.value.refusals) == 2


@pytest.mark.clause("JL-12-1")
def test_a_self_evaluation_needs_no_confirmation_and_has_no_agency() -> None:
    assert found(mode=Mode.SELF, is_confirmed=False, is_unfiled=True, is_over_cap=True, non_adoption=BARRED) == []


@pytest.mark.clause("JL-12-2")
@pytest.mark.parametrize("changes", [{"issued": ()}, {"conclusion": None}, {"handed_over_on": None}])
def test_only_a_report_that_was_handed_over_is_adopted(changes: dict[str, Any]) -> None:
    assert Obstacle.NO_REPORT in found(**changes)


def test_an_open_dispute_is_decided_before_an_upheld_one_is_spoken_of() -> None:
    assert found(is_disputed=True, is_dispute_upheld=True) == [Obstacle.DISPUTED]
    assert found(is_dispute_upheld=True) == [Obstacle.DISPUTE_UPHELD]


def test_every_objection_names_its_clause_and_what_would_lift_it() -> None:
    given = facts.adoption(**{name: value for name, (value, _) in SWITCHES.items()})
    for each in adopting.hindrances(given, LAW):
        assert LAW.cite(each.clause) in each.message
        assert each.lift.endswith("。")
