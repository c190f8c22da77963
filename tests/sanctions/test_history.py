"""The history stays, in the database itself: what was written down is neither changed nor taken away."""

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from core.db import db
from supervision.models import CaseKind
from tests.factories import Make


@pytest.mark.clause("JL-22-3")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE non_adoption SET last_day = first_day",
        "UPDATE non_adoption SET basis = 'nothing'",
        "DELETE FROM non_adoption",
        "UPDATE supervision_case_note SET by = 'nobody'",
        "DELETE FROM supervision_case_note",
        "DELETE FROM complaint_step",
    ],
)
def test_what_was_written_down_stays_as_it_was(app: Flask, make: Make, statement: str) -> None:
    make.non_adoption(make.agency())
    make.evidence(make.case(CaseKind.INSPECTION, agency=make.agency()), by=make.officer("reviewer"))
    make.complaint()
    with app.app_context(), pytest.raises(DBAPIError, match="stays as it was"), db.engine.begin() as connection:
        connection.execute(text(statement))


def test_a_period_is_annulled_and_no_more(app: Flask, make: Make) -> None:
    make.non_adoption(make.agency())
    with app.app_context(), db.engine.begin() as connection:
        assert connection.execute(text("UPDATE non_adoption SET annulled_reason = 'on review'")).rowcount == 1
