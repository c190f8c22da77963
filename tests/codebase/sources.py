"""The project's own files, as the tests of its conventions read them. What isn't written yet is not there to break."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
TESTS = ROOT / "tests"
NOT_SHIPPED = {"tests", "bench"}


def packages() -> list[Path]:
    """The folders that ship as Python packages."""
    return sorted(init.parent for init in ROOT.glob("[a-z]*/__init__.py") if init.parent.name not in NOT_SHIPPED)


def modules() -> list[Path]:
    """Every Python file that ships."""
    return [*(path for package in packages() for path in sorted(package.rglob("*.py"))), *sorted(ROOT.glob("*.py"))]


def templates() -> list[Path]:
    return [
        path for path in sorted((ROOT / "templates").rglob("*")) if path.suffix in {".html", ".txt", ".svg", ".xml"}
    ]


def assets() -> list[Path]:
    return [path for path in sorted((ROOT / "static").rglob("*")) if path.suffix in {".css", ".js", ".svg"}]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


@cache
def markup(path: Path) -> str:
    """A template as its reader gets it, without Jinja's own marks; lines keep their numbers."""
    text = path.read_text(encoding="utf-8")
    return re.sub(r"{%.*?%}|{{.*?}}|{#.*?#}", lambda mark: "\n" * mark[0].count("\n"), text, flags=re.DOTALL)


def lines_with(pattern: re.Pattern[str], path: Path, text: str) -> Iterator[str]:
    """file:line: what was found, for each place."""
    for found in pattern.finditer(text):
        yield f"{name(path)}:{text.count(chr(10), 0, found.start()) + 1}: {found[0].strip()}"


def messages(path: Path) -> Iterator[tuple[int, str]]:
    """The texts in a module, with their lines; docstrings speak to developers and are left out."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree(path))
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.lineno, node.value
