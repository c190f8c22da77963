"""From clause to rule to test: what the catalogue calls built is carried out, and tests show it."""

import pytest

from core import law
from tests.codebase.clauses import marked, rules

CLAUSES = law.jurisdiction().clauses
BUILT = [clause.id for clause in CLAUSES.values() if clause.status == "built"]


@pytest.mark.parametrize("clause", BUILT)
def test_a_built_clause_has_a_rule(clause: str) -> None:
    assert rules().get(clause), f"{clause} {CLAUSES[clause].label} is called built, and no rule @implements it"


@pytest.mark.parametrize("clause", BUILT)
def test_a_built_clause_has_tests(clause: str) -> None:
    assert marked().get(clause), f"{clause} {CLAUSES[clause].label} is called built, and no test is marked with it"


def test_no_test_is_marked_with_a_clause_that_is_not_in_the_catalogue() -> None:
    assert {clause: places for clause, places in marked().items() if clause not in CLAUSES} == {}


def test_what_is_not_built_says_why() -> None:
    silent = [clause.id for clause in CLAUSES.values() if clause.status == "not_for_rules" and not clause.why]
    assert silent == []
    assert {clause.status for clause in CLAUSES.values()} <= {"built", "planned", "not_for_rules"}


def test_what_is_built_says_how_it_is_kept() -> None:
    assert [clause.id for clause in CLAUSES.values() if (clause.status == "built") != bool(clause.kept)] == []
