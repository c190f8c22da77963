"""Every act that the log records has a word that its readers know."""

import ast
import re
from collections.abc import Iterator

from agency.queries import history
from home import log_words
from tests.codebase import sources

RECORDING = {"record", "finish"}  # audit.record, and what calls it with the action it was given
ACTION = re.compile(r"[a-z_]+\.[a-z_]+")


def recorded() -> Iterator[tuple[str, str]]:
    """Where, and the action, of every one that is written out; those put together are tried by their own tests."""
    for path in sources.modules():
        for node in ast.walk(sources.tree(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in RECORDING:
                for argument in node.args:
                    for part in ast.walk(argument):
                        if isinstance(part, ast.Constant) and ACTION.fullmatch(str(part.value)):
                            yield f"{sources.name(path)}:{node.lineno}", str(part.value)


def test_every_recorded_act_has_its_word() -> None:
    found = list(recorded())
    assert len(found) > 10
    assert [(place, action) for place, action in found if action not in log_words.ACTIONS] == []


def test_what_an_agencys_timeline_shows_has_a_word_there_too() -> None:
    kinds = {"agency", *history.ROWS}
    of_agencies = {action for action in log_words.ACTIONS if action.partition(".")[0] in kinds}
    assert sorted(of_agencies - set(history.WORDS)) == []
