"""What the papers say is there: linked files and headings, settings, make targets, commands and their options."""

import re
import shlex
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import click
import pytest
from flask import Flask
from flask_migrate import cli as migrate_cli

from tests.codebase import sources

DOCS = sources.ROOT / "docs"
PICTURES = DOCS / "pictures"
LARGEST_PICTURE = 150_000  # bytes
PAPERS = [*sorted(sources.ROOT.glob("*.md")), *sorted(DOCS.rglob("*.md"))]

LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
FENCED = re.compile(r"^```.*?\n(.*?)^```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`([^`\n]+)`")
SETTING = re.compile(r"environ\.get\(\s*\"([A-Z_]+)\"")


def prose(paper: Path) -> str:
    return FENCED.sub("", paper.read_text(encoding="utf-8"))


def code(paper: Path) -> Iterator[str]:
    """The lines of a paper that are code: fenced ones, and what stands between backticks."""
    for block in FENCED.findall(paper.read_text(encoding="utf-8")):
        yield from block.splitlines()
    yield from INLINE.findall(prose(paper))


def anchor(heading: str) -> str:
    """What a heading is linked by, as the usual hosts make it."""
    kept = (char for char in heading.lower() if char in "-_ " or unicodedata.category(char)[0] in "LN")
    return "".join(kept).strip().replace(" ", "-")


def broken_links(paper: Path) -> Iterator[str]:
    for link in LINK.findall(prose(paper)):
        path, _, fragment = unquote(link).partition("#")
        if "://" in path:
            continue
        target = (paper.parent / path).resolve() if path else paper
        if not target.exists():
            yield f"{sources.name(paper)}: {link}: no such file"
        elif fragment and fragment not in map(anchor, HEADING.findall(prose(target))):
            yield f"{sources.name(paper)}: {link}: no such heading"


def settings_named(text: str) -> set[str]:
    return set(re.findall(r"^\| `([A-Z_]+)` \|", text, re.MULTILINE))


def command_of(app: Flask, words: list[str]) -> tuple[click.Command | None, list[str]]:
    """The command that words name, and what follows its name; None where there is no such command."""
    groups: dict[str, click.Command] = {**app.cli.commands, "db": migrate_cli.db}
    found, rest = groups.get(words[0]), words[1:]
    while isinstance(found, click.Group) and rest:
        found, rest = found.commands.get(rest[0]), rest[1:]
    return found, rest


def wrong_commands(app: Flask, line: str) -> Iterator[str]:
    """Commands and options in a line of code that the application doesn't have."""
    for said in re.findall(r"\bflask ([a-z][^|&;()#]*)", line):
        words = shlex.split(said.replace("'", ""))
        command, rest = command_of(app, words)
        if command is None or isinstance(command, click.Group):
            yield f"flask {said.strip()}"
            continue
        known = {name for parameter in command.params for name in parameter.opts}
        yield from (f"flask {said.strip()}: {word}" for word in rest if word.startswith("--") and word not in known)


def test_links_lead_somewhere() -> None:
    assert [link for paper in PAPERS for link in broken_links(paper)] == []


def test_every_setting_is_explained() -> None:
    read = set(SETTING.findall((sources.ROOT / "core" / "settings.py").read_text(encoding="utf-8")))
    assert settings_named((DOCS / "operations.md").read_text(encoding="utf-8")) == read


def test_every_make_target_is_there() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (sources.ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {word for paper in PAPERS for line in code(paper) for word in re.findall(r"^make ([a-z-]+)", line)}
    assert named - targets == set()


def test_every_command_is_there(app: Flask) -> None:
    assert [wrong for paper in PAPERS for line in code(paper) for wrong in wrong_commands(app, line)] == []


@pytest.mark.parametrize(
    "line", ["flask audit mend", "sudo -u x y-flask audit", "flask demo unload && true", "flask roster check F --yaml"]
)
def test_a_command_that_is_not_there_is_found(app: Flask, line: str) -> None:
    assert list(wrong_commands(app, line))


def test_pictures_are_shown_and_small() -> None:
    shown = {Path(link).name for paper in PAPERS for link in LINK.findall(prose(paper))}
    assert [picture.name for picture in PICTURES.glob("*.png") if picture.name not in shown] == []
    assert [picture.name for picture in PICTURES.glob("*.png") if picture.stat().st_size > LARGEST_PICTURE] == []
