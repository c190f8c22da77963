"""Where things live and what they may not do: the conventions of docs/architecture.md that a test can hold."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.codebase import sources

LONGEST = 400
NAMELESS = {"utils", "util", "common", "helpers", "helper", "misc"}
CLOCK_METHODS = {"now", "utcnow", "today", "utcfromtimestamp"}
CLOCK_FUNCTIONS = {"time", "time_ns", "localtime", "gmtime", "ctime"}
SQL_CLOCK = re.compile(r"\b(current_timestamp|current_date|localtimestamp|datetime\('now)", re.IGNORECASE)

INLINE_STYLE = re.compile(r"<[a-z][^>]*\sstyle\s*=|<style\b", re.IGNORECASE)
INLINE_SCRIPT = re.compile(
    r"<[a-z][^>]*\son[a-z]+\s*=|javascript:|<script\b(?![^>]*\ssrc\s*=)(?![^>]*type=\"application/json\")",
    re.IGNORECASE,
)
TEXT_LINK = re.compile(r"<a\b[^>]*>", re.IGNORECASE)
NAMESPACE = re.compile(r"http://www\.w3\.org/[\w/.#-]+")
OTHER_HOST = re.compile(r"(https?:)?//[a-z0-9-]+\.[a-z0-9.-]+", re.IGNORECASE)


def test_no_module_outgrows_one_thought() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in sources.modules()}
    assert [f"{sources.name(path)}: {lines} lines" for path, lines in lengths.items() if lines > LONGEST] == []


def test_what_is_shared_has_a_name() -> None:
    everything = [*sources.modules(), *sources.TESTS.rglob("*.py")]
    assert [sources.name(path) for path in everything if {path.stem, path.parent.name} & NAMELESS] == []


def test_no_package_hides_one_of_the_standard_library() -> None:
    names = {path.name for path in sources.packages()} | {path.stem for path in sources.ROOT.glob("*.py")}
    assert names & sys.stdlib_module_names == set()


def clock_readings(path: Path) -> Iterator[str]:
    for node in ast.walk(sources.tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            origin = ast.unparse(node.func.value)
            by_method = node.func.attr in CLOCK_METHODS and origin not in {"clock", "core.clock"}
            by_function = origin == "time" and node.func.attr in CLOCK_FUNCTIONS
            if by_method or by_function:
                yield f"{sources.name(path)}:{node.lineno}: {ast.unparse(node)}"
    for line, text in sources.messages(path):
        if SQL_CLOCK.search(text):
            yield f"{sources.name(path)}:{line}: {text}"


def test_only_the_clock_reads_the_time() -> None:
    """Nobody else, and no database on our behalf."""
    readers = [path for path in sources.modules() if sources.name(path) != "core/clock.py"]
    assert [reading for path in readers for reading in clock_readings(path)] == []


def found(pattern: re.Pattern[str]) -> list[str]:
    return [place for path in sources.templates() for place in sources.lines_with(pattern, path, sources.markup(path))]


def test_pages_carry_no_style_of_their_own() -> None:
    assert found(INLINE_STYLE) == []


def test_pages_carry_no_script_of_their_own() -> None:
    assert found(INLINE_SCRIPT) == []


def test_nothing_is_loaded_from_another_host() -> None:
    """A link that a reader follows may lead elsewhere; a namespace is no address."""
    texts = {path: TEXT_LINK.sub("", sources.markup(path)) for path in sources.templates()}
    texts |= {path: path.read_text(encoding="utf-8") for path in sources.assets()}
    places = [
        place for path, text in texts.items() for place in sources.lines_with(OTHER_HOST, path, NAMESPACE.sub("", text))
    ]
    assert places == []
