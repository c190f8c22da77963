"""Article 10 and reading 22: standards have their time and their kind; what doesn't fit is warned of."""

import csv
from datetime import date

import pytest

from applicants.models import Kind
from core.law import Verdict, jurisdiction
from evaluations import standards
from evaluations.rules import standards as rules
from evaluations.rules.states import Level

LAW = jurisdiction()
LAST_OF_2018, FIRST_OF_2025 = date(2025, 12, 30), date(2025, 12, 31)


def verdicts(kind: Kind, key: str, begun_on: date, level: Level = Level.NATIONAL) -> list[tuple[str, Verdict]]:
    return [(each.clause, each.verdict) for each in rules.notes(kind, level, key, begun_on=begun_on, law=LAW)]


@pytest.mark.clause("JL-10-1")
@pytest.mark.parametrize(
    ("key", "begun_on", "told"),
    [
        ("gbt-36132-2018", LAST_OF_2018, []),
        ("gbt-36132-2018", FIRST_OF_2025, [("JL-10-1", Verdict.NOT_MET)]),
        ("gbt-36132-2025", LAST_OF_2018, [("JL-10-1", Verdict.NOT_MET)]),
        ("gbt-36132-2025", FIRST_OF_2025, []),
        ("ybt-4771-2019", FIRST_OF_2025, []),  # the industry's own, on the ministry's list
        ("park", FIRST_OF_2025, [("JL-10-1", Verdict.NOT_MET)]),
        (standards.OTHER, FIRST_OF_2025, [("JL-10-1", Verdict.NEEDS_JUDGEMENT)]),
        ("gbt-36132-2025", date(2024, 11, 4), []),  # before the rules nothing is warned of
    ],
)
def test_a_factory_s_standard_fits_or_is_warned_of(key: str, begun_on: date, told: list[tuple[str, Verdict]]) -> None:
    assert verdicts(Kind.FACTORY, key, begun_on) == told


@pytest.mark.clause("JL-10-2")
@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("park", []),
        ("gbt-36132-2025", [("JL-10-2", Verdict.NOT_MET)]),
        (standards.OTHER, [("JL-10-2", Verdict.NEEDS_JUDGEMENT)]),
    ],
)
def test_a_park_goes_by_the_requirements_for_parks(key: str, told: list[tuple[str, Verdict]]) -> None:
    assert verdicts(Kind.PARK, key, FIRST_OF_2025) == told


@pytest.mark.clause("JL-10-3")
@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("supply-chain", []),
        ("park", [("JL-10-3", Verdict.NOT_MET)]),
        (standards.OTHER, [("JL-10-3", Verdict.NEEDS_JUDGEMENT)]),  # an industry's indicators are typed
    ],
)
def test_a_supply_chain_goes_by_its_own(key: str, told: list[tuple[str, Verdict]]) -> None:
    assert verdicts(Kind.SUPPLY_CHAIN, key, FIRST_OF_2025) == told


def test_at_the_municipal_level_the_bureau_decides() -> None:
    (note,) = rules.notes(Kind.FACTORY, Level.MUNICIPAL, "gbt-36132-2018", begun_on=FIRST_OF_2025, law=LAW)
    assert note.verdict is Verdict.NEEDS_JUDGEMENT
    assert note.reason.endswith("以其要求为准")
    assert "GB/T 36132-2025《绿色工厂评价通则》" in note.reason


@pytest.mark.parametrize("kind", list(Kind))
def test_the_form_offers_what_is_in_force(kind: Kind) -> None:
    offered = standards.standards(FIRST_OF_2025, kind)
    assert offered
    assert all(kind in each.kinds and each.is_in_force(FIRST_OF_2025) for each in offered)
    assert "gbt-36132-2018" not in {each.key for each in offered}
    assert rules.guidance(kind, Level.MUNICIPAL).startswith(rules.guidance(kind, Level.NATIONAL))


def test_the_table_holds_together() -> None:
    """Every row with its basis, its time in order, its keys once and none that means something else."""
    with standards.STANDARDS.open(encoding="utf-8", newline="") as file:
        keys = [row["key"] for row in csv.DictReader(file)]
    assert len(set(keys)) == len(keys) == len(standards.table())
    assert standards.OTHER not in keys
    for each in standards.table().values():
        assert each.basis
        assert each.kinds
        assert each.until is None or each.since <= each.until
        assert len(each.key) <= 40


def test_general_standards_follow_on_each_other() -> None:
    former, latter = standards.find("gbt-36132-2018"), standards.find("gbt-36132-2025")
    assert former is not None
    assert latter is not None
    assert (former.until, latter.since) == (LAST_OF_2018, FIRST_OF_2025)


@pytest.mark.parametrize(
    ("key", "other", "title"),
    [
        ("gbt-36132-2025", "", "GB/T 36132-2025《绿色工厂评价通则》"),
        ("park", "", "《绿色工业园区评价要求》"),
        (standards.OTHER, "T/XYZ 1-2025 某行业评价要求", "T/XYZ 1-2025 某行业评价要求"),
        ("gone", "", "gone"),
    ],
)
def test_a_page_shows_the_standard_s_title(key: str, other: str, title: str) -> None:
    assert standards.title_of(key, other) == title
