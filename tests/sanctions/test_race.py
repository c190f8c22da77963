"""Two approvers decide at the same moment, each in a process of its own: one decision stands."""

import subprocess
import sys
from pathlib import Path

from flask import Flask

from core.db import db
from sanctions.models import Measure, Proceeding, State
from tests.codebase import sources
from tests.factories import Make


def test_of_two_deciders_one_is_told_that_the_other_was_first(app: Flask, make: Make) -> None:
    row = make.proceeding(State.ANSWERED, measure=Measure.CIRCULAR)
    deciders = [make.officer("approver") for _ in range(2)]
    instance = Path(app.extensions["settings"].instance)
    url = app.extensions["settings"].database_url
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.sanctions.deciding_alone", instance, url, str(row.id), str(user.id), name],
            cwd=sources.ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for user, name in zip(deciders, ("测通〔2026〕甲", "测通〔2026〕乙"), strict=True)
    ]
    told = []
    for each in running:
        assert each.stdout is not None
        assert each.stdout.readline() == "ready\n"
    for each in running:
        assert each.stdin is not None
        each.stdin.write("\n")
        each.stdin.flush()
    for each in running:
        told.append(each.communicate(timeout=60)[0].strip())
    assert sorted(told) == ["NotPossibleNow", "decided"]
    with app.app_context():
        kept = db.session.get_one(Proceeding, row.id)
        winner = told.index("decided")
        assert (kept.state, kept.decided_by) == (State.DECIDED, deciders[winner].id)
