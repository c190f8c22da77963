"""Who owes a summary, until which second it is in time, and what a hand-in needs."""

from datetime import UTC, date, datetime

import pytest

from core import law
from core.errors import DomainError, Refusals
from summaries import rules
from summaries.rules import Figure, Texts, Work
from summaries.states import Action, Duty, State

pytestmark = pytest.mark.every_zone
LAW = law.jurisdiction()
D2026 = rules.dates_of(2026, LAW)
FULL = Texts(account="全年开展评价三项。", problems="无", plan="加强培训。")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


# ── days ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.clause("JL-22-1c")
@pytest.mark.parametrize(
    ("instant", "late"),
    [
        ("2026-11-01T00:00:00+08:00", 0),
        ("2026-12-14T16:00:00Z", 0),  # the 15th begins in Shanghai
        ("2026-12-15T15:59:59Z", 0),
        ("2026-12-15T15:59:59.999999Z", 0),
        ("2026-12-15T16:00:00Z", 1),  # the 16th begins in Shanghai
        ("2026-12-16T15:59:59.999999Z", 1),
        ("2026-12-16T16:00:00Z", 2),
        ("2026-12-31T15:59:59.999999Z", 16),
        ("2026-12-31T16:00:00Z", 17),  # it is 2027 in Shanghai
        ("2027-03-01T00:00:00+08:00", 76),
        ("2026-12-15T10:59:59.999999-05:00", 0),  # the same instant, written in another zone
        ("2026-12-15T11:00:00-05:00", 1),
    ],
)
def test_in_time_until_the_last_instant_of_the_fifteenth_in_shanghai(instant: str, late: int) -> None:
    assert rules.days_late(at(instant), D2026.due_on) == late


@pytest.mark.clause("JL-22-1c")
def test_days_late_count_a_leap_day() -> None:
    due = rules.dates_of(2027, LAW).due_on
    assert rules.days_late(at("2028-02-28T12:00:00+08:00"), due) == 75
    assert rules.days_late(at("2028-02-29T12:00:00+08:00"), due) == 76
    assert rules.days_late(at("2028-03-01T12:00:00+08:00"), due) == 77


@pytest.mark.clause("JL-22-1c")
@pytest.mark.parametrize(
    ("duty", "instant", "late"),
    [
        (Duty.OWED, "2026-12-15T15:59:59.999999Z", 0),
        (Duty.OWED, "2026-12-15T16:00:00Z", 1),
        (Duty.OWED_LATER, "2026-12-15T16:00:00Z", 0),
        (Duty.OWED_LATER, "2027-01-31T15:59:59.999999Z", 0),
        (Duty.OWED_LATER, "2027-01-31T16:00:00Z", 1),
        (Duty.INVITED, "2027-06-01T00:00:00Z", 0),  # not owed, never late
    ],
)
def test_who_began_in_december_has_until_the_end_of_january(duty: Duty, instant: str, late: int) -> None:
    assert rules.lateness(duty, D2026.due_of(duty), first_handed_in_at=at(instant)) == late


@pytest.mark.parametrize(
    ("duty", "handed_in", "today", "overdue"),
    [
        (Duty.OWED, None, date(2026, 12, 15), False),
        (Duty.OWED, None, date(2026, 12, 16), True),
        (Duty.OWED, at("2026-12-20T00:00:00Z"), date(2026, 12, 21), False),
        (Duty.OWED_LATER, None, date(2027, 1, 31), False),
        (Duty.OWED_LATER, None, date(2027, 2, 1), True),
        (Duty.INVITED, None, date(2027, 2, 1), False),
    ],
)
def test_overdue_from_the_day_after_while_it_has_not_come(
    duty: Duty, handed_in: datetime | None, today: date, overdue: bool
) -> None:
    due_on = D2026.due_of(duty)
    assert rules.is_overdue(duty, due_on, first_handed_in_at=handed_in, today=today) is overdue


def test_the_days_of_a_year() -> None:
    assert (D2026.opens_on, D2026.due_on, D2026.late_start) == (
        date(2026, 11, 1), date(2026, 12, 15), date(2026, 12, 1),
    )  # fmt: skip
    assert (D2026.second_due_on, D2026.supplement_until) == (date(2027, 1, 31), date(2027, 1, 31))


def test_the_desk_may_open_a_year_on_another_day() -> None:
    assert rules.dates_of(2026, LAW, opens_on=date(2026, 10, 8)).opens_on == date(2026, 10, 8)


def test_before_the_rules_there_is_no_summary() -> None:
    assert rules.dates_of(2024, LAW).due_on == date(2024, 12, 15)
    with pytest.raises(rules.NotOpen, match="2024-11-05"):
        rules.dates_of(2023, LAW)


def test_a_year_is_open_from_its_day_on_and_never_closes() -> None:
    with pytest.raises(rules.NotOpen, match="自 2026-11-01 起填报"):
        rules.require_open(D2026, today=date(2026, 10, 31))
    rules.require_open(D2026, today=date(2026, 11, 1))
    rules.require_open(D2026, today=date(2030, 1, 1))


# ── who owes it ───────────────────────────────────────────────────────────────────────────────────────────────────────

EVALUATED = [
    pytest.param(Work(date(2026, 1, 1)), True, id="begun on the first day"),
    pytest.param(Work(date(2026, 12, 31)), True, id="begun on the last day"),
    pytest.param(Work(date(2025, 12, 31)), True, id="begun before, still under way"),
    pytest.param(Work(date(2027, 1, 1)), False, id="begun after"),
    pytest.param(Work(date(2025, 6, 1), (date(2026, 1, 1),)), True, id="reported on the first day"),
    pytest.param(Work(date(2025, 6, 1), (date(2025, 12, 31),)), False, id="reported the year before"),
    pytest.param(Work(date(2025, 6, 1), (date(2027, 1, 1),)), True, id="under way all the year"),
    pytest.param(Work(date(2025, 6, 1), (date(2025, 9, 1), date(2026, 5, 1))), True, id="report corrected in it"),
    pytest.param(Work(date(2025, 6, 1), (date(2025, 9, 1), date(2027, 5, 1))), False, id="corrected only after it"),
    pytest.param(Work(date(2026, 3, 1), (), date(2026, 4, 1), True), False, id="withdrawn before on-site work"),
    pytest.param(Work(date(2026, 3, 1), (), date(2027, 4, 1), True), False, id="so withdrawn a year later"),
    pytest.param(Work(date(2026, 3, 1), (), date(2026, 4, 1)), True, id="withdrawn after on-site work"),
    pytest.param(Work(date(2025, 3, 1), (), date(2026, 1, 1)), True, id="withdrawn on the first day"),
    pytest.param(Work(date(2025, 3, 1), (), date(2025, 12, 31)), False, id="withdrawn the year before"),
    pytest.param(Work(date(2024, 2, 29), (date(2026, 2, 28),)), True, id="begun on a leap day"),
]


@pytest.mark.clause("JL-22-1c")
@pytest.mark.parametrize(("work", "counts"), EVALUATED)
def test_what_counts_as_evaluated_in_a_year(work: Work, counts: bool) -> None:
    assert rules.evaluated_in(work, 2026) is counts


@pytest.mark.clause("JL-22-1c")
@pytest.mark.parametrize(
    ("works", "duty"),
    [
        ([], Duty.INVITED),
        ([Work(date(2026, 11, 30))], Duty.OWED),
        ([Work(date(2026, 12, 1))], Duty.OWED_LATER),
        ([Work(date(2026, 12, 31))], Duty.OWED_LATER),
        ([Work(date(2026, 12, 1)), Work(date(2026, 11, 30))], Duty.OWED),
        ([Work(date(2026, 12, 1)), Work(date(2025, 11, 30))], Duty.OWED),  # one under way from before
        ([Work(date(2026, 12, 1)), Work(date(2026, 3, 1), (), date(2026, 4, 1), True)], Duty.OWED_LATER),
        ([Work(date(2026, 3, 1), (), date(2026, 4, 1), True)], Duty.INVITED),
        ([Work(date(2025, 12, 5), (date(2025, 12, 20),))], Duty.INVITED),
    ],
)
def test_who_evaluated_owes_a_summary_and_who_began_in_december_owes_it_later(works: list[Work], duty: Duty) -> None:
    assert rules.duty_of(works, D2026) is duty


# ── the course ────────────────────────────────────────────────────────────────────────────────────────────────────────

POSSIBLE = {
    (State.DRAFT, Action.HAND_IN): State.HANDED_IN,
    (State.HANDED_IN, Action.RETURN): State.RETURNED,
    (State.RETURNED, Action.HAND_IN): State.HANDED_IN,
    (State.HANDED_IN, Action.ACCEPT): State.ACCEPTED,
}


@pytest.mark.clause("JL-22-1c")
@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("action", Action)
def test_the_course_has_these_steps_and_no_others(state: State, action: Action) -> None:
    assert rules.may_follow(state, action) is ((state, action) in POSSIBLE)
    if (state, action) in POSSIBLE:
        assert rules.next_state(state, action) is POSSIBLE[state, action]
    else:
        with pytest.raises(rules.NotPossibleNow, match=state.label):
            rules.next_state(state, action)


# ── a hand-in ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def figures(**stated: int) -> list[Figure]:
    known = {
        "evaluations": 3, "kind_factory": 2, "kind_park": 1, "kind_supply_chain": 0,
        "level_national": 1, "level_provincial": 1, "level_municipal": 1, "reports": 2,
    }  # fmt: skip
    return [
        Figure(key, key, value, stated.get(key, value), "另有一项" if key in stated else "")
        for key, value in known.items()
    ]


@pytest.mark.clause("JL-22-1c")
@pytest.mark.parametrize("missing", ["account", "problems", "plan"])
def test_account_problems_and_plan_are_needed_and_suggestions_are_not(missing: str) -> None:
    rules.require_ready(FULL, figures())
    with pytest.raises(rules.NotReady) as refused:
        rules.require_ready(Texts(**{"account": "甲", "problems": "乙", "plan": "丙", missing: "　"}), figures())
    assert refused.value.field == missing


@pytest.mark.clause("JL-22-1c")
def test_a_figure_that_differs_needs_a_reason() -> None:
    figure = Figure("reports", "报告", known=2, stated=3)
    with pytest.raises(rules.NotReady) as refused:
        rules.require_reasons([figure])
    assert refused.value.field == "reports_reason"
    assert "填报 3，系统登记为 2" in refused.value.message
    rules.require_reasons([Figure("reports", "报告", known=2, stated=3, reason="一份正在补录")])
    rules.require_reasons([Figure("reports", "报告", known=2, stated=2)])


@pytest.mark.clause("JL-22-1c")
def test_no_figure_is_below_zero_with_a_reason_either() -> None:
    with pytest.raises(rules.NotReady, match="不能小于 0"):
        rules.require_reasons([Figure("reports", "报告", known=0, stated=-1, reason="更正")])


def test_what_is_stated_by_kind_and_level_adds_up() -> None:
    rules.require_ready(FULL, figures(evaluations=4, kind_park=2, level_national=2))
    with pytest.raises(Refusals) as refused:
        rules.require_ready(FULL, figures(evaluations=4))
    assert {each.field for each in refused.value.refusals} == {"evaluations"}
    assert "按类别合计 3 项，与总数 4 项不一致" in refused.value.message


def test_what_is_missing_is_told_together() -> None:
    with pytest.raises(Refusals) as refused:
        rules.require_ready(Texts(), [*figures(), Figure("advice", "建议", known=0, stated=2)])
    assert [each.field for each in refused.value.refusals] == ["account", "problems", "plan", "advice_reason"]


@pytest.mark.clause("JL-22-1c")
def test_nil_is_for_who_did_not_evaluate() -> None:
    rules.require_nil(Duty.INVITED)
    for duty in (Duty.OWED, Duty.OWED_LATER):
        with pytest.raises(rules.NotNil):
            rules.require_nil(duty)


def test_who_has_no_filing_and_did_nothing_is_not_asked() -> None:
    rules.require_asked(Duty.INVITED, filed=True)
    rules.require_asked(Duty.OWED, filed=False)
    with pytest.raises(rules.NotAsked):
        rules.require_asked(Duty.INVITED, filed=False)


@pytest.mark.clause("JL-22-1c")
@pytest.mark.parametrize(
    ("state", "instant", "taken"),
    [
        (State.HANDED_IN, "2026-12-20T00:00:00Z", True),
        (State.ACCEPTED, "2027-01-31T15:59:59.999999Z", True),
        (State.ACCEPTED, "2027-01-31T16:00:00Z", False),
        (State.DRAFT, "2026-12-20T00:00:00Z", False),
        (State.RETURNED, "2026-12-20T00:00:00Z", False),
    ],
)
def test_supplements_are_taken_until_the_end_of_january(state: State, instant: str, taken: bool) -> None:
    if taken:
        rules.require_supplement(state, D2026, at=at(instant))
    else:
        with pytest.raises(DomainError):
            rules.require_supplement(state, D2026, at=at(instant))


def test_what_is_with_the_desk_is_not_written_in() -> None:
    for state in (State.DRAFT, State.RETURNED):
        rules.require_editable(state)
    for state in (State.HANDED_IN, State.ACCEPTED):
        with pytest.raises(rules.NotPossibleNow, match=state.label):
            rules.require_editable(state)


def test_so_many_files_and_no_more() -> None:
    rules.require_room(rules.MOST_ATTACHMENTS - 1)
    with pytest.raises(rules.NotReady):
        rules.require_room(rules.MOST_ATTACHMENTS)
