"""Articles 8, 10 and 11 at their edges."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applicants.models import Ground, Kind
from applicants.rules import (
    BadIndustryCode,
    ExclusionFact,
    first_day_that_stands,
    industry_code,
    standing_exclusions,
    warnings,
)
from core.law import Verdict, jurisdiction

LAW = jurisdiction()
ON = date(2026, 6, 30)
FOR_YEARS = [ground for ground in Ground if ground is not Ground.ABNORMAL_LIST]
DAYS = st.dates(date(2024, 11, 5), date(2040, 12, 31))


def fact(on, *, ground=Ground.VIOLATION, lifted_on=None, annulled=False, whom="某厂"):
    return ExclusionFact(ground, on, lifted_on, annulled, "某决定书", whom)


def stands(on, day, **given):
    return bool(standing_exclusions([fact(on, **given)], day=day))


@pytest.mark.clause("JL-11")
@pytest.mark.parametrize("ground", FOR_YEARS)
@pytest.mark.parametrize(
    ("on", "last"),
    [
        (date(2024, 6, 30), date(2027, 6, 30)),
        (date(2024, 2, 29), date(2027, 2, 28)),  # no 29 February three years on
        (date(2024, 2, 28), date(2027, 2, 28)),
        (date(2025, 3, 1), date(2028, 3, 1)),
        (date(2025, 2, 28), date(2028, 2, 28)),
    ],
)
def test_a_fact_stands_three_years_to_the_day_the_last_one_included(ground, on, last):
    standing = standing_exclusions([fact(on, ground=ground)], day=last)
    assert [(each.ground, each.on, each.until) for each in standing] == [(ground, on, last)]
    assert not stands(on, last + timedelta(days=1), ground=ground)


@pytest.mark.clause("JL-11")
def test_a_fact_stands_from_its_own_day_on():
    assert stands(ON, ON)
    assert not stands(ON + timedelta(days=1), ON)


@pytest.mark.clause("JL-11")
def test_the_list_of_abnormal_operation_counts_while_it_is_not_lifted_however_old():
    old = date(2015, 3, 1)
    (standing,) = standing_exclusions([fact(old, ground=Ground.ABNORMAL_LIST)], day=ON)
    assert standing.until is None
    lifted = {"ground": Ground.ABNORMAL_LIST, "lifted_on": date(2026, 6, 30)}
    assert stands(old, date(2026, 6, 29), **lifted)
    assert not stands(old, date(2026, 6, 30), **lifted)


@pytest.mark.clause("JL-11")
def test_a_lifting_shortens_no_other_ground():
    assert stands(date(2026, 1, 1), ON, lifted_on=date(2026, 2, 1))


@pytest.mark.clause("JL-11")
def test_what_was_annulled_does_not_count():
    assert not stands(ON, ON, annulled=True)


@pytest.mark.clause("JL-11")
def test_nothing_stands_before_the_rules_were_in_force():
    on = date(2024, 10, 1)
    assert not stands(on, LAW.in_force_since - timedelta(days=1))
    assert stands(on, LAW.in_force_since)


@pytest.mark.clause("JL-11")
def test_several_are_all_told_the_longest_first():
    facts = [
        fact(date(2024, 12, 1), whom="甲厂"),
        fact(date(2020, 1, 1), ground=Ground.ABNORMAL_LIST, whom="乙厂"),
        fact(date(2026, 1, 1), whom="丙厂"),
        fact(date(2021, 1, 1), whom="丁厂"),
    ]
    assert [each.whom for each in standing_exclusions(facts, day=ON)] == ["乙厂", "丙厂", "甲厂"]


@pytest.mark.clause("JL-11")
@given(day=DAYS, on=st.dates(date(2020, 1, 1), date(2040, 12, 31)))
def test_the_filter_draws_the_line_where_the_rule_does(day, on):
    assert stands(on, day) == (first_day_that_stands(day) <= on <= day)


@pytest.mark.clause("JL-11")
def test_the_filter_draws_the_line_where_the_rule_does_on_29_february():
    day = date(2028, 2, 29)
    assert first_day_that_stands(day) == date(2025, 3, 1)
    assert not stands(date(2025, 2, 28), day)


def warned(kind, *, share=None, green=None, on=ON):
    return [
        (each.clause, each.verdict)
        for each in warnings(kind, industrial_share=share, is_green_factory=green, law=LAW, on=on)
    ]


@pytest.mark.clause("JL-8-1")
@pytest.mark.parametrize(
    ("share", "expected"),
    [
        (501, []),
        (1000, []),
        (500, [("JL-8-1", Verdict.NOT_MET)]),  # more than half, not half
        (486, [("JL-8-1", Verdict.NOT_MET)]),
        (0, [("JL-8-1", Verdict.NOT_MET)]),
        (None, [("JL-8-1", Verdict.NEEDS_JUDGEMENT)]),
    ],
)
def test_a_park_is_warned_unless_more_than_half_of_its_value_added_is_industrial(share, expected):
    assert warned(Kind.PARK, share=share) == expected


@pytest.mark.clause("JL-10-3")
@pytest.mark.parametrize(
    ("green", "expected"),
    [(True, []), (False, [("JL-10-3", Verdict.NOT_MET)]), (None, [("JL-10-3", Verdict.NEEDS_JUDGEMENT)])],
)
def test_a_supply_chain_enterprise_is_warned_unless_it_is_a_green_factory(green, expected):
    assert warned(Kind.SUPPLY_CHAIN, green=green) == expected


@pytest.mark.clause("JL-8-1", "JL-10-3")
def test_nobody_is_warned_of_what_is_asked_of_others():
    assert warned(Kind.FACTORY) == []
    assert warned(Kind.PARK, share=600, green=False) == []
    assert warned(Kind.SUPPLY_CHAIN, share=0, green=True) == []
    assert warned(Kind.PARK, on=LAW.in_force_since - timedelta(days=1)) == []


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("C3670", "C3670"),
        ("3670", "3670"),
        (" c3670 ", "C3670"),
        ("Ｃ３６７０", "C3670"),
        ("C 3670", "C3670"),
        ("", ""),
    ],
)
def test_an_industry_code_is_kept_in_one_form(typed, kept):
    assert industry_code(typed) == kept


@pytest.mark.parametrize("typed", ["367", "36700", "CC670", "U3670", "3670C", "C367O", "٣٦٧٠", "无"])
def test_an_industry_code_is_a_letter_and_four_digits(typed):
    with pytest.raises(BadIndustryCode, match="GB/T 4754") as refusal:
        industry_code(typed, field="industry_code")
    assert refusal.value.field == "industry_code"
