"""From clause to rule to test. `make trace` prints it: python -m tests.codebase.clauses"""

import ast
import importlib
from collections import defaultdict
from functools import cache
from pathlib import Path

from core import law
from tests.codebase import sources


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


def table() -> str:
    """One line a clause, its rules and the places of its tests below it."""
    lines = []
    for clause in law.jurisdiction().clauses.values():
        lines.append(f"{clause.id}  {clause.label}  {clause.status}  {clause.text}")
        lines += [f"    rule  {rule}" for rule in rules().get(clause.id, ())]
        lines += [f"    test  {place}" for place in marked().get(clause.id, ())]
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())
