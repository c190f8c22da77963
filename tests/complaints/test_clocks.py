"""第二十四条: the terms of a complaint, at the second on both sides, and how a question lets them stand."""

from datetime import date, datetime, timedelta

import pytest

from complaints.rules import clocks
from complaints.rules.clocks import Clock, ClockFacts, Pace, Stage
from core import law
from core.clock import SHANGHAI
from core.workdays import official

pytestmark = [pytest.mark.clause("JL-24-2"), pytest.mark.every_zone]


def at(text: str) -> datetime:
    """An instant, as a clock in Shanghai shows it."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def reckoned(facts: ClockFacts, now: str) -> Clock:
    return clocks.clock_of(facts, now=at(now), calendar=official(), law=law.jurisdiction())


@pytest.mark.parametrize(
    ("stage", "began", "extended", "due"),
    [
        # 15 days from Wednesday 4 March: Thursday 19 March
        (Stage.ACCEPT, "2026-03-04 00:00:00", 0, "2026-03-19"),
        (Stage.ACCEPT, "2026-03-04 23:59:59", 0, "2026-03-19"),
        # the day that begins in that second is the first that isn't counted: Friday 20 March
        (Stage.ACCEPT, "2026-03-05 00:00:00", 0, "2026-03-20"),
        # a Saturday and a Sunday move to the Monday
        (Stage.ACCEPT, "2026-03-06 10:00:00", 0, "2026-03-23"),
        (Stage.ACCEPT, "2026-03-07 10:00:00", 0, "2026-03-23"),
        # 16 September + 15 = 1 October: the holidays of 2026 last to the 7th
        (Stage.ACCEPT, "2026-09-16 10:00:00", 0, "2026-10-08"),
        # 14 February 2026 is a Saturday that is worked
        (Stage.ACCEPT, "2026-01-30 10:00:00", 0, "2026-02-14"),
        (Stage.CONCLUDE, "2026-03-04 10:00:00", 0, "2026-05-06"),  # 3 May lies in the May holidays
        (Stage.CONCLUDE, "2026-03-09 10:00:00", 0, "2026-05-08"),
        (Stage.CONCLUDE, "2026-03-09 10:00:00", 30, "2026-06-08"),  # 7 June is a Sunday
        (Stage.REPLY, "2026-03-04 10:00:00", 0, "2026-03-25"),  # fifteen working days
        (Stage.REPLY, "2026-09-24 10:00:00", 0, "2026-10-22"),  # holidays and days made up for in between
        (Stage.REVIEW, "2026-03-04 10:00:00", 0, "2026-04-03"),
    ],
)
def test_a_term_ends_on_a_working_day(stage: Stage, began: str, extended: int, due: str) -> None:
    clock = reckoned(ClockFacts(stage, at(began), extended), began)
    assert (clock.due.isoformat(), clock.provisional, clock.paused) == (due, False, False)
    assert clock.basis.startswith("参照")


@pytest.mark.parametrize(
    ("now", "days_left", "pace"),
    [
        ("2026-03-15 23:59:59", 4, Pace.RUNNING),
        ("2026-03-16 00:00:00", 3, Pace.NEAR),
        ("2026-03-19 00:00:00", 0, Pace.NEAR),
        ("2026-03-19 23:59:59", 0, Pace.NEAR),
        ("2026-03-20 00:00:00", -1, Pace.OVERDUE),
    ],
)
def test_it_is_over_when_its_last_day_is(now: str, days_left: int, pace: Pace) -> None:
    clock = reckoned(ClockFacts(Stage.ACCEPT, at("2026-03-04 10:00:00")), now)
    assert (clock.days_left, clock.pace) == (days_left, pace)
    assert clocks.was_in_time(clock, at(now)) is (days_left >= 0)


@pytest.mark.parametrize(
    ("pauses", "now", "due", "added"),
    [
        # asked on the 10th, answered on the 13th: three days more
        ([("2026-03-10 09:00:00", "2026-03-13 18:00:00")], "2026-03-14 10:00:00", "2026-03-23", 3),
        # the second makes the day
        ([("2026-03-10 00:00:00", "2026-03-12 23:59:59")], "2026-03-14 10:00:00", "2026-03-23", 2),
        ([("2026-03-10 23:59:59", "2026-03-11 00:00:00")], "2026-03-14 10:00:00", "2026-03-20", 1),
        ([("2026-03-11 00:00:00", "2026-03-11 23:59:59")], "2026-03-14 10:00:00", "2026-03-19", 0),
        # two questions at once stand once
        (
            [("2026-03-09 09:00:00", "2026-03-12 09:00:00"), ("2026-03-10 09:00:00", "2026-03-13 09:00:00")],
            "2026-03-14 10:00:00",
            "2026-03-23",
            4,
        ),
        # one after the other add up
        (
            [("2026-03-09 09:00:00", "2026-03-10 09:00:00"), ("2026-03-12 09:00:00", "2026-03-16 09:00:00")],
            "2026-03-17 10:00:00",
            "2026-03-24",
            5,
        ),
        # asked when it was over: it stays over
        ([("2026-03-20 00:00:00", "2026-03-30 09:00:00")], "2026-04-01 10:00:00", "2026-03-19", 0),
        ([("2026-03-19 23:59:59", "2026-03-30 09:00:00")], "2026-04-01 10:00:00", "2026-03-30", 11),
    ],
)
def test_the_days_of_asking_are_added(pauses: list[tuple[str, str]], now: str, due: str, added: int) -> None:
    facts = ClockFacts(Stage.ACCEPT, at("2026-03-04 10:00:00"), pauses=tuple((at(a), at(b)) for a, b in pauses))
    clock = reckoned(facts, now)
    assert (clock.due.isoformat(), clock.paused_days, clock.paused) == (due, added, False)


def test_while_it_stands_what_is_left_stays() -> None:
    facts = ClockFacts(Stage.CONCLUDE, at("2026-03-09 10:00:00"), pauses=((at("2026-03-16 10:00:00"), None),))
    asked = at("2026-03-16 12:00:00")
    stood = [
        clocks.clock_of(facts, now=asked + timedelta(days=days), calendar=official(), law=law.jurisdiction())
        for days in (0, 1, 2, 3)
    ]
    assert [each.paused_days for each in stood] == [0, 1, 2, 3]
    # 8 May, 9 May (a Saturday that is worked), the Sunday after, which moves to the Monday, and that Monday
    assert [each.days_left for each in stood] == [53, 53, 54, 53]
    assert {each.pace for each in stood} == {Pace.PAUSED}


def test_a_question_asked_when_it_was_over_lets_nothing_stand() -> None:
    facts = ClockFacts(Stage.ACCEPT, at("2026-03-04 10:00:00"), pauses=((at("2026-03-20 00:00:00"), None),))
    assert reckoned(facts, "2026-03-25 10:00:00").pace is Pace.OVERDUE


def test_a_term_into_days_that_no_notice_has_settled_is_provisional() -> None:
    assert reckoned(ClockFacts(Stage.REPLY, at("2035-03-05 10:00:00")), "2035-03-05 10:00:00").provisional


def test_the_terms_that_are_no_clock_of_their_own() -> None:
    known = {"calendar": official(), "law": law.jurisdiction()}
    asked = at("2026-03-04 10:00:00")
    assert clocks.answer_due(asked, **known) == date(2026, 3, 19)  # type: ignore[arg-type]
    assert clocks.review_due(asked, **known) == date(2026, 4, 3)  # type: ignore[arg-type]
    assert clocks.referral_due(asked, **known).day == date(2026, 3, 11)  # type: ignore[arg-type]


@pytest.mark.parametrize(("now", "over"), [("2026-03-19 23:59:59", False), ("2026-03-20 00:00:00", True)])
def test_a_day_ends_at_midnight_in_shanghai(now: str, over: bool) -> None:
    assert clocks.is_over(date(2026, 3, 19), now=at(now)) is over
