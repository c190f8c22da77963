"""What each reader of a complaint's page is told to do next."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from complaints.models import State
from complaints.rules.next_steps import Standing, next_step

HANDLER = Standing(State.ASSIGNED, has_handler=True, handles=True, declared=True, assigns=False, oversees=False)
APPROVER = Standing(State.RECEIVED, has_handler=False, handles=False, declared=False, assigns=True, oversees=True)


@pytest.mark.parametrize(
    ("standing", "changed", "endpoint"),
    [
        (APPROVER, {}, "assign"),
        (APPROVER, {"state": State.ACCEPTED}, "assign"),  # the handler stood aside
        (APPROVER, {"state": State.REVIEWING}, "assign_review"),
        (APPROVER, {"has_handler": True, "state": State.ACCEPTED}, ""),
        (APPROVER, {"has_handler": True, "state": State.ACCEPTED, "extension_asked": True}, "decide_extension"),
        (APPROVER, {"oversees": False, "state": State.REVIEWING}, ""),  # a bureau doesn't review itself
        (HANDLER, {"declared": False}, "declare"),
        (HANDLER, {}, "call"),
        (HANDLER, {"calls": 1}, "keep"),
        (HANDLER, {"calls": 1, "confirmed": True}, "accept"),
        (HANDLER, {"withdrawn": True}, "withdrawn"),
        (HANDLER, {"asked_until": date(2026, 3, 19)}, ""),
        (HANDLER, {"state": State.ACCEPTED}, "case"),
        (HANDLER, {"state": State.ACCEPTED, "verified": True}, "conclude"),
        (HANDLER, {"state": State.CLUE}, "case"),
        (HANDLER, {"state": State.CLUE, "confirmed": True}, "accept_clue"),
        (HANDLER, {"state": State.CLUE, "verified": True}, "conclude"),
        (HANDLER, {"state": State.CONCLUDED}, "reply"),
        (HANDLER, {"state": State.REVIEWING}, "uphold"),
        (HANDLER, {"state": State.REPLIED}, ""),
        (HANDLER, {"state": State.JOINED}, ""),
        (HANDLER, {"state": State.REFUSED}, ""),
        (HANDLER, {"state": State.CLOSED}, ""),
    ],
)
def test_the_most_pressing_thing_comes_first(standing: Standing, changed: dict[str, Any], endpoint: str) -> None:
    assert next_step(replace(standing, **changed)).endpoint == endpoint
