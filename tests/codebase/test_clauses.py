"""From clause to rule to test: what the catalogue calls built is carried out, and tests show it."""

import ast
import importlib
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

from core import law
from tests.codebase import sources

CLAUSES = law.jurisdiction().clauses
BUILT = [clause.id for clause in CLAUSES.values() if clause.status == "built"]


@cache
def rules() -> dict[str, tuple[str, ...]]:
    """Clause → the rules marked with it, in all modules of all packages."""
    for path in sources.modules():
        if path.parent != sources.ROOT and not path.is_relative_to(sources.ROOT / "migrations"):
            dotted = sources.name(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            importlib.import_module(dotted)
    return dict(law.implementations())


def marks(path: Path) -> list[tuple[str, int]]:
    """The clauses that a file's tests are marked with, read without running it."""
    calls = [node for node in ast.walk(sources.tree(path)) if isinstance(node, ast.Call)]
    return [
        (argument.value, node.lineno)
        for node in calls
        if ast.unparse(node.func) in {"pytest.mark.clause", "mark.clause"}
        for argument in node.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    ]


@cache
def marked() -> dict[str, list[str]]:
    """Clause → the places in tests/ that are marked with it."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(sources.TESTS.rglob("test_*.py")):
        for clause, line in marks(path):
            found[clause].append(f"{sources.name(path)}:{line}")
    return dict(found)


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
