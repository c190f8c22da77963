"""Hand-ins of the same moment, by processes of their own: one of them is done, with one version and one receipt."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from accounts.models import User
from agency.models import Flag, FlagKind
from core import clock
from core.db import db, transaction
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


def hand_in_late(part: tuple[int, int, int, int]) -> None:
    agency_id, year, version, user_id = part
    with clock.frozen(datetime(2027, 1, 10, 10, tzinfo=clock.SHANGHAI)):
        user = db.session.get_one(User, user_id)
        db.session.expunge(user)
        handing_in.hand_in(agency_id, year, version=version, by=user)


def test_two_late_years_that_come_at_once_leave_no_mark(app: Flask, make: Make) -> None:
    agency = make.filed_agency()
    user = make.user_of(agency)
    shown = {year: make.summary(agency=agency, year=year).version for year in (2025, 2026)}
    with app.app_context(), transaction() as session:
        for summary in session.scalars(select(Summary)):
            summary.marked_late_on = date(summary.year, 12, 16)
        since, facts = date(2025, 12, 16), "2025、2026 年度工作总结逾期未上报"
        session.add(Flag(agency_id=agency.id, kind=FlagKind.LATE_SUMMARY, since=since, facts=facts))
    act: Callable[[Any], None] = hand_in_late
    results = racing.race(app, act, [[(agency.id, year, version, user.id)] for year, version in shown.items()])
    assert [kind for share in results for kind, _ in share] == ["", ""]
    with app.app_context():
        assert db.session.scalars(select(Flag)).one().cleared_on is not None
