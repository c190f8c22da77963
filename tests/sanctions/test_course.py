"""The course of a proceeding as a table, who may decide, what a decision needs, and terms at their second."""

from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest

from core import law
from core.errors import DomainError, Refusals
from evaluations.rules.states import Level
from sanctions.models import Measure, RemovalGround, State
from sanctions.rules import course, removal, serving
from sanctions.rules.course import Action, Decision, Established, Hearing, Part
from supervision.models import CaseState, Misconduct, Result

IN_FORCE = law.jurisdiction().in_force_since
DUE = date(2026, 11, 27)
LAST_SECOND = datetime(2026, 11, 27, 15, 59, 59, 999999, tzinfo=UTC)  # of the 27th in Shanghai
OVER = datetime(2026, 11, 27, 16, 0, 0, tzinfo=UTC)
TOLD = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


def test_each_act_follows_only_where_the_table_says() -> None:
    for state, action in product(State, Action):
        if course.may_follow(state, action):
            assert course.next_state(state, action) in State
        else:
            with pytest.raises(course.NotPossibleNow, match=state.label):
                course.next_state(state, action)


def test_nothing_is_decided_before_it_was_told_and_nothing_published_before_it_was_served() -> None:
    assert {state for state in State if course.may_follow(state, Action.DECIDE)} == {State.TOLD, State.ANSWERED}
    assert {state for state in State if course.may_follow(state, Action.PUBLISH)} == {State.SERVED}
    ends = {State.DROPPED, State.ANNULLED}
    assert not any(course.may_follow(state, action) for state, action in product(ends, Action))


@pytest.mark.clause("JL-22-3")
@pytest.mark.parametrize(("misconduct", "result"), [*product(Misconduct, Result)])
def test_only_falsified_or_concealed_and_substantiated_opens_non_adoption(
    misconduct: Misconduct, result: Result
) -> None:
    established = result in (Result.SUBSTANTIATED, Result.PARTLY)
    opened = course.measures_open([Established(misconduct, result)], listed_unit=False)
    serious = misconduct in (Misconduct.FALSIFIED, Misconduct.CONCEALED)
    assert (Measure.NON_ADOPTION in opened) == (serious and established)
    assert (Measure.CIRCULAR in opened) == established
    of_unit = course.measures_open([Established(misconduct, result)], listed_unit=True)
    assert of_unit == (frozenset({Measure.REMOVAL}) if established else frozenset())


def test_a_measure_without_a_conclusion_that_carries_it_is_refused_with_the_reason() -> None:
    found = [
        Established(Misconduct.INACCURATE, Result.SUBSTANTIATED),
        Established(Misconduct.FALSIFIED, Result.UNVERIFIABLE),
    ]
    with pytest.raises(course.NotGrounded, match="只适用于查实的弄虚作假"):
        course.require_grounded(Measure.NON_ADOPTION, found, listed_unit=False)
    course.require_grounded(Measure.CIRCULAR, found, listed_unit=False)
    with pytest.raises(course.NotGrounded, match="没有可以据以"):
        course.require_grounded(Measure.CIRCULAR, found[1:], listed_unit=False)


@pytest.mark.parametrize(("state", "possible"), [*zip(CaseState, (False, True, False), strict=True)])
def test_a_measure_comes_out_of_a_concluded_case(state: CaseState, possible: bool) -> None:
    if possible:
        course.require_concluded(state)
        return
    with pytest.raises(course.NotPossibleNow):
        course.require_concluded(state)


@pytest.mark.parametrize(
    ("part", "refused"),
    [
        (Part(frozenset({7}), frozenset(), 1), "办理过"),
        (Part(frozenset(), frozenset({7}), 1), "结论是您"),
        (Part(frozenset(), frozenset(), 7), "您提出"),
        (Part(frozenset({1}), frozenset({2}), 3), ""),
    ],
)
@pytest.mark.clause("JL-22-3", "JL-24-3")
def test_nobody_decides_who_investigated_concluded_or_proposed(part: Part, refused: str) -> None:
    if not refused:
        course.require_independent(part, 7)
        return
    with pytest.raises(course.TookPart, match=refused):
        course.require_independent(part, 7)


@pytest.mark.every_zone
@pytest.mark.parametrize(("now", "heard"), [(LAST_SECOND, False), (OVER, True)])
def test_the_term_ends_at_the_second_after_its_last_day_in_shanghai(now: datetime, heard: bool) -> None:
    hearing = Hearing(TOLD, DUE, stated=False, waived=False)
    if heard:
        course.require_heard(hearing, now)
        with pytest.raises(course.TermOver, match="2026-11-27 24 时届满"):
            course.require_in_term(DUE, now)
        return
    course.require_in_term(DUE, now)
    with pytest.raises(course.NotHeard, match="2026-11-27 24 时止"):
        course.require_heard(hearing, now)


@pytest.mark.parametrize(
    ("hearing", "refusal"),
    [
        (Hearing(None, None, stated=False, waived=False), course.NotHeard),
        (Hearing(TOLD, DUE, stated=False, waived=True), None),
        (Hearing(TOLD, DUE, stated=True, waived=False, points=(True, False)), course.NotAnswered),
        (Hearing(TOLD, DUE, stated=True, waived=False, points=()), course.NotAnswered),
        (Hearing(TOLD, DUE, stated=True, waived=False, points=(True, True)), None),
    ],
)
def test_a_decision_waits_for_notice_statement_and_every_answer(
    hearing: Hearing, refusal: type[DomainError] | None
) -> None:
    for now in (LAST_SECOND, OVER):  # once stated or waived, the term's end changes nothing
        if refusal is None:
            course.require_heard(hearing, now)
        else:
            with pytest.raises(refusal):
                course.require_heard(hearing, now)


@pytest.mark.parametrize(("told", "decided"), [*product(Measure, Measure)])
def test_what_is_decided_is_never_harsher_than_what_was_told(told: Measure, decided: Measure) -> None:
    milder = told is Measure.NON_ADOPTION and decided is Measure.CIRCULAR
    if told is decided or milder:
        course.require_not_harsher(told, decided)
        return
    with pytest.raises(course.Harsher):
        course.require_not_harsher(told, decided)


def decided(measure: Measure = Measure.NON_ADOPTION, *, dated: date = DUE, first_day: date | None = None) -> Decision:
    return Decision(measure, dated, first_day)


@pytest.mark.every_zone
@pytest.mark.parametrize(
    ("decision", "reviewed", "fields"),
    [
        (decided(first_day=date(2026, 11, 28)), True, []),
        (decided(first_day=date(2026, 11, 27)), True, ["first_day"]),  # yesterday, in Shanghai
        (decided(first_day=date(2027, 11, 29)), True, []),
        (decided(first_day=date(2027, 11, 30)), True, ["first_day"]),
        (decided(), True, ["first_day"]),
        (decided(first_day=date(2026, 11, 28)), False, [None]),
        (decided(first_day=date(2026, 11, 28), dated=date(2026, 11, 29)), True, ["dated"]),
        (decided(first_day=date(2026, 11, 28), dated=date(2026, 11, 19)), True, ["dated"]),
        (decided(Measure.CIRCULAR), False, []),
        (decided(dated=date(2026, 12, 30)), False, [None, "dated", "first_day"]),
    ],
)
def test_what_a_decision_lacks_is_told_at_once(decision: Decision, reviewed: bool, fields: list[str | None]) -> None:
    def judge() -> None:
        course.require_decidable(
            decision,
            intended=Measure.NON_ADOPTION,
            hearing=Hearing(TOLD, DUE, stated=False, waived=False),
            legally_reviewed=reviewed,
            now=OVER,
            in_force_since=IN_FORCE,
        )

    if not fields:
        judge()
        return
    with pytest.raises(DomainError) as refused:
        judge()
    told = refused.value.refusals if isinstance(refused.value, Refusals) else (refused.value,)
    assert [each.field for each in told] == fields


def test_a_decision_that_reaches_them_after_its_first_day_must_be_put_right_first() -> None:
    serving.require_served_in_time(DUE, DUE)
    serving.require_served_in_time(None, DUE)
    with pytest.raises(DomainError, match="先更正起始日"):
        serving.require_served_in_time(DUE, DUE + timedelta(days=1))


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("一、数据出自企业。", ("一、数据出自企业。",)),
        ("数据出自企业。\r\n\r\n\r\n期限太短。\n请延长。\n \n", ("数据出自企业。", "期限太短。\n请延长。")),
        (" \n\n", ()),
    ],
)
def test_a_statement_falls_into_its_paragraphs(text: str, points: tuple[str, ...]) -> None:
    assert course.points_of(text) == points


def test_ninety_days_after_the_case_was_opened_it_is_long() -> None:
    opened = date(2026, 8, 1)
    assert not course.is_overlong(opened, opened + timedelta(days=90), days=90)
    assert course.is_overlong(opened, opened + timedelta(days=91), days=90)


# ── removal ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.clause("JL-18")
@pytest.mark.parametrize(("ground", "misconduct"), [*product((None, *RemovalGround), Misconduct)])
def test_a_unit_leaves_its_list_only_on_a_ground_of_article_18(
    ground: RemovalGround | None, misconduct: Misconduct
) -> None:
    forged = misconduct in (Misconduct.FALSIFIED, Misconduct.CONCEALED)
    found = [Established(misconduct, Result.SUBSTANTIATED)]
    if ground is not None and (ground is not RemovalGround.FORGED or forged):
        removal.require_ground(ground, found)
        return
    with pytest.raises(DomainError) as refused:
        removal.require_ground(ground, found)
    assert (refused.value.field, refused.value.clause) == ("ground", "JL-18")


@pytest.mark.clause("JL-18")
@pytest.mark.parametrize(
    ("day", "level", "ground", "document", "field"),
    [
        (None, Level.PROVINCIAL, RemovalGround.FORGED, "", None),  # with the year's list
        (None, Level.PROVINCIAL, RemovalGround.ACCIDENT, "", "removed_on"),  # at once
        (None, Level.NATIONAL, RemovalGround.ACCIDENT, "", None),  # the ministry's to do
        (date(2026, 11, 20), Level.PROVINCIAL, RemovalGround.FORGED, "", None),
        (date(2026, 11, 19), Level.PROVINCIAL, RemovalGround.FORGED, "", "removed_on"),
        (date(2026, 11, 28), Level.MUNICIPAL, RemovalGround.FORGED, "", "removed_on"),
        (date(2026, 11, 27), Level.NATIONAL, RemovalGround.FORGED, "", "document"),
        (date(2026, 11, 27), Level.NATIONAL, RemovalGround.FORGED, "工信厅节函〔2026〕9号", None),
    ],
)
def test_an_entry_leaves_with_the_years_list_or_at_once_and_never_before_the_decision_was_served(
    day: date | None, level: Level, ground: RemovalGround, document: str, field: str | None
) -> None:
    facts = {"served_on": date(2026, 11, 20), "published": date(2025, 3, 1), "today": date(2026, 11, 27)}

    def judge() -> None:
        removal.require_removal_day(day, level=level, ground=ground, document=document, **facts)  # type: ignore[arg-type]

    if field is None:
        judge()
        return
    with pytest.raises(DomainError) as refused:
        judge()
    assert refused.value.field == field
