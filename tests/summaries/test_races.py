"""Hand-ins of the same moment, by processes of their own: one of them is done, with one version and one receipt."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from accounts.models import User
from core import clock
from core.db import db
from notices.models import Notice
from summaries.models import Summary, SummaryVersion
from summaries.services import handing_in
from tests.evaluations import racing
from tests.factories import Make

NOVEMBER = datetime(2026, 11, 20, 10, tzinfo=clock.SHANGHAI)


def hand_in(part: tuple[int, int, int]) -> None:
    agency_id, version, user_id = part
    with clock.frozen(NOVEMBER):
        user = db.session.get_one(User, user_id)
        db.session.expunge(user)
        handing_in.hand_in(agency_id, 2026, version=version, by=user)


def handed_in_together(app: Flask, make: Make, times: int) -> list[Any]:
    agency = make.filed_agency()
    shown, user = make.summary(agency=agency).version, make.user_of(agency)
    act: Callable[[Any], None] = hand_in
    return [each for share in racing.race(app, act, [[(agency.id, shown, user.id)]] * times) for each in share]


def test_of_hand_ins_at_once_one_is_done_and_the_others_are_told(app: Flask, make: Make) -> None:
    results = handed_in_together(app, make, 4)
    assert sorted(kind for kind, _ in results) == ["", "NotPossibleNow", "NotPossibleNow", "NotPossibleNow"]
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(SummaryVersion)) == 1
        assert [row.number for row in db.session.scalars(select(Summary))] == ["总〔2026〕0001"]
        told = select(func.count()).select_from(Notice).where(Notice.event == "summary_received")
        assert db.session.scalar(told) == 1
