"""第十五条: the last day of the national recommendation, who is reminded of it and when."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from accounts.models import User
from core import clock
from core.db import db, transaction
from core.law import jurisdiction
from evaluations.jobs import remind_of_recommendation
from evaluations.models import Evaluation
from evaluations.queries import recommending
from evaluations.rules.recommending import recommendation, stage_reached
from evaluations.rules.states import Level
from notices.models import Notice
from tests.factories import Make

YEAR = clock.today().year
DUE = date(YEAR, 7, 31)


@pytest.mark.clause("JL-15-1")
@pytest.mark.parametrize(
    ("on", "left", "stage"),
    [
        (date(2026, 6, 30), 31, None),
        (date(2026, 7, 1), 30, 30),
        (date(2026, 7, 23), 8, 30),
        (date(2026, 7, 24), 7, 7),
        (date(2026, 7, 29), 2, 7),
        (date(2026, 7, 30), 1, 1),
        (date(2026, 7, 31), 0, 1),
        (date(2026, 8, 1), -1, None),
    ],
)
def test_the_end_of_july_and_the_days_before_it(on: date, left: int, stage: int | None) -> None:
    known = recommendation(2026, jurisdiction(), on=on)
    assert (known.due, known.left, known.is_over) == (date(2026, 7, 31), left, left < 0)
    assert stage_reached(known, jurisdiction(), on=on) == stage


@pytest.mark.clause("JL-15-1")
def test_the_last_day_is_shanghais() -> None:
    with clock.frozen(datetime(2026, 7, 31, 15, 59, 59, tzinfo=UTC)):
        assert not recommendation(2026, jurisdiction(), on=clock.today()).is_over
    with clock.frozen(datetime(2026, 7, 31, 16, 0, 0, tzinfo=UTC)):
        assert recommendation(2026, jurisdiction(), on=clock.today()).is_over


def national(make: Make, state: str = "handed_over") -> Evaluation:
    """A national evaluation of this year in a state."""
    evaluation = make.evaluation(state, level=Level.NATIONAL)
    with transaction() as session:
        session.get_one(Evaluation, evaluation.id).year = YEAR
    return evaluation


def told() -> list[tuple[str, str]]:
    db.session.rollback()
    rows = db.session.scalars(select(Notice).where(Notice.event == "national_due").order_by(Notice.id))
    return [(row.audience_id, row.text) for row in rows]


@pytest.mark.clause("JL-15-1")
@pytest.mark.usefixtures("context")
def test_approvers_are_told_once_at_each_stage_while_something_waits(make: Make) -> None:
    remind_of_recommendation(DUE - timedelta(days=30))
    assert told() == []  # nothing waits
    national(make)
    make.evaluation("handed_over", level=Level.PROVINCIAL)
    for left in (31, 30, 30, 29, 6, 1, 0, -1):  # the day of the second reminder was missed, and is made good
        remind_of_recommendation(DUE - timedelta(days=left))
    name = f"{YEAR} 年度国家级名单推荐 应于 {DUE} 前完成（还有"
    assert told() == [("approver", f"{name} {left} 天），国家级评价待采信 1 项") for left in (30, 6, 1)]


@pytest.mark.clause("JL-15-1")
def test_the_desk_sees_what_waits_and_until_when(
    app: Flask, make: Make, sign_in: Callable[[User], FlaskClient]
) -> None:
    officers: list[User] = [make.officer("approver"), make.officer("municipal", bureau="changchun")]
    with app.app_context():
        national(make)
        assert [each.waiting for each in recommending.due(db.session(), on=DUE)] == [1]
    shown = f"{YEAR} 年度国家级名单推荐"
    page = sign_in(officers[0]).get("/desk/evaluations").text
    assert shown in page
    assert "国家级评价待采信 1 项" in page
    assert shown not in sign_in(officers[1]).get("/desk/evaluations").text
