"""第二十二条第三款: decisions made on paper are entered by an approver, annulled, and seen where they matter."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from accounts.models import User
from agency.models import Agency, NonAdoption
from core import clock
from core.audit import AuditEntry
from core.db import db
from notices.models import Notice
from tests.factories import Make

SignIn = Callable[[User], FlaskClient]
FORM = {"document": "吉工信资源函〔2026〕12 号", "first_day": "2026-03-01", "basis": "报告所附能耗数据系编造。"}


@pytest.fixture
def agency(make: Make) -> Agency:
    return make.agency()


def path(agency: Agency) -> str:
    return f"/desk/sanctions/agencies/{agency.id}/non-adoptions/new"


def rows(app: Flask) -> list[NonAdoption]:
    with app.app_context():
        return list(db.session.scalars(select(NonAdoption).order_by(NonAdoption.id)))


@pytest.mark.clause("JL-22-3")
def test_an_approver_enters_a_decision_and_the_last_day_follows(
    app: Flask, make: Make, agency: Agency, sign_in: SignIn
) -> None:
    desk = sign_in(make.officer("approver"))
    answer = desk.post(path(agency), data=FORM)
    assert answer.location == f"/desk/agencies/{agency.id}"
    (row,) = rows(app)
    assert (row.document, row.first_day, row.last_day) == (
        "吉工信资源函〔2026〕12号",
        date(2026, 3, 1),
        date(2029, 3, 1),
    )
    page = desk.get(answer.location).text
    assert "不予采信（至 2029-03-01，含当日）" in page
    with app.app_context():
        assert list(db.session.scalars(select(Notice.event).where(Notice.audience_kind == "agency"))) == [
            "non_adoption_entered"
        ]
        assert "2026-03-01 至 2029-03-01" in set(db.session.scalars(select(AuditEntry.after)))


def test_the_same_decision_is_not_entered_twice(app: Flask, make: Make, agency: Agency, sign_in: SignIn) -> None:
    desk = sign_in(make.officer("approver"))
    desk.post(path(agency), data=FORM)
    again = desk.post(path(agency), data=FORM)
    assert again.status_code == 422
    assert "已经录入" in again.text
    assert len(rows(app)) == 1


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("document", "", "请填写决定书文号"),
        ("first_day", "", "请填写起始日"),
        ("first_day", "2024-11-04", "2024-11-05 起施行"),
        ("first_day", "2060-03-01", "核对年份"),
        ("first_day", "2026-02-30", "没有这个日期"),
        ("basis", " ", "请写明决定书认定的事实"),
    ],
)
def test_a_decision_that_cannot_be_is_refused(
    app: Flask, make: Make, agency: Agency, sign_in: SignIn, field: str, value: str, told: str
) -> None:
    page = sign_in(make.officer("approver")).post(path(agency), data=FORM | {field: value})
    assert page.status_code == 422
    assert told in page.text
    assert rows(app) == []


@pytest.mark.clause("JL-22-3")
def test_annulling_ends_only_its_own_and_only_once(app: Flask, make: Make, agency: Agency, sign_in: SignIn) -> None:
    today = clock.today()
    first, second = make.non_adoption(agency), make.non_adoption(agency, today - timedelta(days=40))
    desk = sign_in(make.officer("approver"))
    url = f"/desk/sanctions/non-adoptions/{first.id}/annul"
    assert desk.get(url).status_code == 200
    assert desk.post(url, data={"reason": "行政复议决定撤销"}).status_code == 302
    kept = {row.id: row.annulled_at is not None for row in rows(app)}
    assert kept == {first.id: True, second.id: False}
    again = desk.post(url, data={"reason": "再撤一次"})
    assert again.status_code == 409
    assert "不必再办理" in again.text


def test_a_reviewer_reads_them_and_enters_none(make: Make, agency: Agency, sign_in: SignIn) -> None:
    row = make.non_adoption(agency)
    desk = sign_in(make.officer("reviewer"))
    listed = desk.get("/desk/sanctions/non-adoptions").text
    assert row.document in listed
    assert "/annul" not in listed
    assert "录入不予采信决定" not in desk.get(f"/desk/agencies/{agency.id}").text
    assert desk.post(path(agency), data=FORM).status_code == 403


def test_the_list_is_filtered_by_agency_and_state(make: Make, agency: Agency, sign_in: SignIn) -> None:
    today = clock.today()
    running, to_come = make.non_adoption(agency), make.non_adoption(make.agency(), today + timedelta(days=30))
    desk = sign_in(make.officer("reviewer"))
    for asked, there, gone in (
        ({"state": "running"}, running, to_come),
        ({"state": "to_come"}, to_come, running),
        ({"q": agency.credit_code or ""}, running, to_come),
    ):
        page = desk.get("/desk/sanctions/non-adoptions", query_string=asked).text
        assert there.document in page
        assert gone.document not in page
    assert "没有符合条件的决定" in desk.get("/desk/sanctions/non-adoptions?state=over").text


def test_the_list_takes_as_many_queries_for_many_as_for_one(
    make: Make, agency: Agency, sign_in: SignIn, count_queries: Callable[[], object]
) -> None:
    desk = sign_in(make.officer("reviewer"))
    make.non_adoption(agency)
    with count_queries() as few:  # type: ignore[attr-defined]
        desk.get("/desk/sanctions/non-adoptions")
    for _ in range(6):
        make.non_adoption(make.agency())
    with count_queries() as many:  # type: ignore[attr-defined]
        desk.get("/desk/sanctions/non-adoptions")
    assert len(many) == len(few)
