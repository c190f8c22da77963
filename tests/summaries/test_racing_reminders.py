"""Several processes remind at the same moment, some die in the middle: each agency is told once, none is lost."""

from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import select

from agency.models import FilingStatus
from core.audit import verify
from core.db import db
from notices.models import Notice
from summaries.models import Summary, SummaryReminder
from tests.factories import Make
from tests.summaries import racing

AGENCIES = 14


@pytest.mark.clause("JL-22-1c")
@pytest.mark.parametrize("dying", [[0, 0, 0], [1, 0, 2]], ids=["all go on", "two die"])
def test_each_agency_is_told_once_whoever_comes_first(app: Flask, make: Make, dying: list[int]) -> None:
    for _ in range(AGENCIES):
        make.agency(filing_status=FilingStatus.FILED)
    with app.app_context():
        db.engine.dispose()
    _race(app, dying)
    _race(app, [0])  # the next start takes up what was left
    with app.app_context():
        rows = select(Notice.event, Notice.audience_id).where(Notice.event.like("summary_%"))
        told = Counter((event, whose) for event, whose in db.session.execute(rows))
        assert set(told.values()) == {1}
        assert Counter(event for event, _ in told) == {"summary_invited": AGENCIES, "summary_invited_again": AGENCIES}
        assert len(db.session.scalars(select(Summary.id)).all()) == AGENCIES
        assert len(db.session.scalars(select(SummaryReminder.id)).all()) == 2 * AGENCIES
        assert verify(db.session()).faults == ()
        db.session.remove()


def _race(app: Flask, dying: list[int]) -> None:
    ended = racing.race(app, dying)
    assert all(code == 0 or (dies and code == 1) for code, dies in zip(ended, dying, strict=True)), ended
