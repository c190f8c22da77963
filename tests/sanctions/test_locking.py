"""Whoever changes what rests on an agency locks it before the log's one row, as those do who settle tasks."""

from collections.abc import Callable

import pytest
from sqlalchemy import event

from accounts.models import User
from core import clock
from core.db import db
from sanctions.entries import ServiceEntry
from sanctions.models import Channel, Proceeding, Served, State
from sanctions.services import publishing, serving
from tests.factories import Make


def _serve(row: Proceeding, by: User) -> None:
    entry = ServiceEntry(Channel.IN_PERSON, clock.today())
    serving.send(row.id, Served.DECISION, entry, version=1, by=by)


def _annul(row: Proceeding, by: User) -> None:
    publishing.annul(row.id, document="吉政复决〔2026〕3号", reason="证据不足", version=1, by=by)


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(("state", "act"), [(State.DECIDED, _serve), (State.PUBLISHED, _annul)])
def test_tasks_are_locked_before_the_log(make: Make, state: State, act: Callable[[Proceeding, User], None]) -> None:
    agency = make.filed_agency()
    make.evaluation()
    row = make.proceeding(state, agency=agency)
    by = make.officer("approver")
    said: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *told: said.append(told[2]))
    act(row, by)
    tasks = next(number for number, each in enumerate(said) if "impact_task" in each)
    log = next(number for number, each in enumerate(said) if "FROM audit_head" in each)
    assert tasks < log
