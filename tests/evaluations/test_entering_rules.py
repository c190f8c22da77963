"""What can't be entered about an evaluation: each with its field and its reason, all told together."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from applicants.models import Kind
from core.errors import DomainError, Refusals
from core.law import jurisdiction
from evaluations.entries import AdviceEntry, RegistrationEntry, ReportEntry, ReviewEntry, VisitEntry
from evaluations.rules import entering
from evaluations.rules.entering import Work
from evaluations.rules.states import AdviceKind, Conclusion, Level

LAW = jurisdiction()
TODAY = date(2026, 6, 30)
BEGUN = date(2026, 3, 10)
WORK = Work(
    begun_on=BEGUN,
    last_visit=date(2026, 4, 2),
    last_review=date(2026, 4, 20),
    team=frozenset({11, 12}),
    filed=frozenset({11, 12, 13}),
)


def registration(**changes: Any) -> RegistrationEntry:
    entry = RegistrationEntry(
        applicant_id=1,
        kind=Kind.FACTORY,
        level=Level.PROVINCIAL,
        year=2026,
        begun_on=BEGUN,
        standard="gbt-36132-2025",
        other_standard="",
        amount_fen=3_800_000,
        agency_ids=(7,),
        team=((7, 11), (7, 12)),
        leader_id=11,
        planned_from=BEGUN,
        planned_until=date(2026, 5, 10),
    )
    return replace(entry, **changes)


def fields(attempt: Callable[[], None]) -> list[str | None]:
    """The fields of what is refused, in order."""
    try:
        attempt()
    except Refusals as several:
        return [each.field for each in several.refusals]
    except DomainError as refusal:
        return [refusal.field]
    return []


def fields_of(entry: RegistrationEntry) -> list[str | None]:
    return fields(lambda: entering.require_sound(entry, today=TODAY, law=LAW))


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"begun_on": TODAY, "planned_from": TODAY, "planned_until": TODAY},
        {"year": 2027},  # the call of the next year
        {"amount_fen": 0},
        {"planned_from": None, "planned_until": None},
        {"planned_from": None, "planned_until": BEGUN},
        {"standard": "other", "other_standard": "T/XYZ 1-2025 某行业绿色工厂评价要求"},
        {"agency_ids": (7, 8), "team": ((7, 11), (8, 21)), "leader_id": 21},
        {"agency_ids": (), "team": (), "leader_id": None},  # a self-evaluation
    ],
)
def test_what_is_possible_is_taken(changes: dict[str, Any]) -> None:
    assert fields_of(registration(**changes)) == []


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"begun_on": TODAY + timedelta(days=1), "planned_from": None, "planned_until": None}, ["begun_on"]),
        ({"begun_on": date(206, 3, 1), "year": 206}, ["begun_on"]),  # a year with a figure too few
        ({"agency_ids": (), "team": (), "begun_on": date(1, 1, 1), "year": 1}, ["begun_on"]),
        ({"year": 2025}, ["year"]),  # earlier than it begins
        ({"year": 2028}, ["year"]),  # more than one later
        ({"amount_fen": -1}, ["amount_fen"]),
        ({"planned_from": BEGUN - timedelta(days=1)}, ["planned_from"]),
        ({"planned_until": BEGUN - timedelta(days=1)}, ["planned_until"]),
        ({"planned_from": date(2026, 5, 2), "planned_until": date(2026, 5, 1)}, ["planned_until"]),
        ({"standard": "no-such"}, ["standard"]),
        ({"standard": ""}, ["standard"]),
        ({"standard": "other", "other_standard": "  "}, ["other_standard"]),
        ({"team": (), "leader_id": None}, ["team", "leader_id"]),
    ],
)
def test_what_is_not_possible_is_refused_at_its_field(changes: dict[str, Any], refused: list[str]) -> None:
    assert fields_of(registration(**changes)) == refused


@pytest.mark.clause("JL-12-2")
@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"leader_id": None}, ["leader_id"]),  # a team without a leader
        ({"leader_id": 13}, ["leader_id"]),  # who isn't on it
        ({"team": ((7, 11), (7, 11))}, ["team"]),
        ({"team": ((7, 11), (8, 21))}, ["team"]),  # another agency's
        ({"agency_ids": (7, 8), "team": ((7, 11), (8, 11))}, ["team"]),  # on both rosters, once on the team
    ],
)
def test_a_team_is_of_the_agencies_and_somebody_leads_it(changes: dict[str, Any], refused: list[str]) -> None:
    assert fields_of(registration(**changes)) == refused


def test_the_same_agency_is_chosen_once() -> None:
    assert fields_of(registration(agency_ids=(7, 7))) == ["agency_ids"]


def test_everything_that_is_wrong_is_told_together() -> None:
    wrong = registration(
        begun_on=TODAY + timedelta(days=1),
        year=2025,
        amount_fen=-1,
        standard="",
        planned_until=date(2026, 3, 1),
        leader_id=None,
    )
    assert fields_of(wrong) == [
        "begun_on", "year", "amount_fen", "standard", "planned_from", "planned_until", "leader_id",
    ]  # fmt: skip


@pytest.mark.clause("JL-12-2", "JL-21-2")
@pytest.mark.parametrize(
    ("filed", "refused"),
    [
        ({(7, 11), (7, 12), (7, 13)}, []),
        ({(7, 11)}, ["team"]),  # one has left, or was never filed
        ({(7, 11), (8, 12)}, ["team"]),  # filed, but by another
        (set(), ["team"]),
    ],
)
def test_nobody_is_on_the_team_who_is_not_on_the_filed_roster(filed: set[tuple[int, int]], refused: list[str]) -> None:
    assert fields(lambda: entering.require_sound_team(registration(), filed)) == refused


@pytest.mark.parametrize(
    ("on", "late"), [(BEGUN, False), (BEGUN + timedelta(days=10), False), (BEGUN + timedelta(days=11), True)]
)
def test_what_is_entered_long_after_it_began_is_marked(on: date, late: bool) -> None:
    assert entering.entered_late(BEGUN, on, LAW) is late


@pytest.mark.parametrize(
    ("on", "refused"),
    [
        (BEGUN, []),
        (TODAY, []),
        (BEGUN - timedelta(days=1), ["on"]),  # before the agreement
        (TODAY + timedelta(days=1), ["on"]),
    ],
)
def test_a_visit_lies_between_the_agreement_and_today(on: date, refused: list[str]) -> None:
    entry = VisitEntry(on, "厂区", "林可", "查看能源计量")
    assert fields(lambda: entering.require_sound_visit(entry, WORK, today=TODAY)) == refused


def review(**changes: Any) -> ReviewEntry:
    return replace(ReviewEntry(13, "", date(2026, 4, 20), "数据来源已核对，无意见"), **changes)


@pytest.mark.clause("JL-12-2", "JL-22-1a")
@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({}, []),
        ({"on": date(2026, 4, 2)}, []),  # on the day of the last visit
        ({"on": date(2026, 4, 1)}, ["on"]),
        ({"on": TODAY + timedelta(days=1)}, ["on"]),
        ({"person_id": 11}, ["person_id"]),  # on the team
        ({"person_id": 14}, ["person_id"]),  # not on the filed roster
        ({"person_id": None}, ["person_id"]),
        ({"opinions": " "}, ["opinions"]),
    ],
)
def test_a_review_follows_the_work_and_is_another_s(changes: dict[str, Any], refused: list[str]) -> None:
    assert fields(lambda: entering.require_sound_review(review(**changes), WORK, today=TODAY)) == refused


def test_there_is_nothing_to_review_before_the_first_visit() -> None:
    with pytest.raises(DomainError, match="还没有现场评价记录"):
        entering.require_sound_review(review(), replace(WORK, last_visit=None), today=TODAY)


@pytest.mark.parametrize(("name", "refused"), [("周复核", []), ("赵组员", ["name"]), (" ", ["name"])])
def test_a_self_evaluation_is_reviewed_by_somebody_else_of_the_house(name: str, refused: list[str]) -> None:
    work = replace(WORK, filed=None, team=frozenset(), team_names=frozenset({"赵组员"}))
    entry = review(person_id=None, name=name)
    assert fields(lambda: entering.require_sound_review(entry, work, today=TODAY)) == refused


def report(**changes: Any) -> ReportEntry:
    return replace(ReportEntry("HZ-2026-018", date(2026, 5, 6), 915, Conclusion.CONFORMS), **changes)


@pytest.mark.clause("JL-12-2", "JL-22-1a")
@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({}, []),
        ({"issued_on": TODAY}, []),
        ({"issued_on": TODAY + timedelta(days=1)}, ["issued_on"]),  # in the future
        ({"issued_on": BEGUN - timedelta(days=1)}, ["issued_on"]),  # the agreement after the report
        ({"issued_on": date(2026, 4, 1)}, ["issued_on"]),  # before the last visit
        ({"issued_on": date(2026, 4, 19)}, ["issued_on"]),  # before the review
        ({"issued_on": date(2026, 4, 20)}, []),
        ({"score": None}, []),
        ({"score": 0}, []),
        ({"score": 1000}, []),
        ({"score": -1}, ["score"]),
        ({"score": 1001}, ["score"]),
        ({"issued_on": TODAY + timedelta(days=1), "score": 1001}, ["issued_on", "score"]),
    ],
)
def test_a_report_follows_the_work(changes: dict[str, Any], refused: list[str]) -> None:
    assert fields(lambda: entering.require_sound_report(report(**changes), WORK, today=TODAY)) == refused


@pytest.mark.clause("JL-22-1a")
def test_no_report_without_a_review() -> None:
    with pytest.raises(DomainError, match="还没有内部技术复核"):
        entering.require_sound_report(report(), replace(WORK, last_review=None), today=TODAY)


@pytest.mark.clause("JL-22-1a")
@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"reason": "更正能耗数据的单位"}, []),
        ({"reason": ""}, ["reason"]),
        ({"reason": "更正", "issued_on": date(2026, 5, 5)}, ["issued_on"]),
    ],
)
def test_a_correction_says_why_and_is_not_older(changes: dict[str, Any], refused: list[str]) -> None:
    work = replace(WORK, last_report=date(2026, 5, 6))
    assert fields(lambda: entering.require_sound_report(report(**changes), work, today=TODAY)) == refused


@pytest.mark.clause("JL-23-1")
@pytest.mark.parametrize(
    ("on", "text", "refused"),
    [
        (BEGUN, "空压机余热可回收", []),
        (BEGUN - timedelta(days=1), "空压机余热可回收", ["on"]),
        (TODAY + timedelta(days=1), "空压机余热可回收", ["on"]),
        (TODAY, " ", ["text"]),
    ],
)
def test_advice_has_a_day_and_a_content(on: date, text: str, refused: list[str]) -> None:
    entry = AdviceEntry(AdviceKind.ADVICE, on, text)
    assert fields(lambda: entering.require_sound_advice(entry, WORK, today=TODAY)) == refused
