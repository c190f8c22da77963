"""The tables of titles and majors: read by everyone of the Department, corrected by an admin from a day on."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from accounts.models import User
from agency.models import Agency, FilingStatus, Flag, MajorCorrection, TitleCorrection
from agency.particulars import TitleLevel
from agency.tables import tables_of
from core import clock
from core.audit import AuditEntry
from core.db import db, transaction
from tests.factories import Make

SignIn = Callable[[User], FlaskClient]
TITLES, MAJORS = "/desk/agencies/titles", "/desk/agencies/majors"


def title(**overrides: object) -> dict[str, object]:
    return {
        "title": "首席环保专家",
        "series": "工程技术",
        "level": "deputy_senior",
        "since": clock.today(),
        "reason": "吉人社函〔2026〕9号",
    } | overrides


@pytest.mark.parametrize("role", ["reviewer", "approver", "municipal", "admin"])
def test_everyone_of_the_department_reads_the_tables(make: Make, sign_in: SignIn, role: str) -> None:
    desk = sign_in(make.officer(role, bureau="tonghua" if role == "municipal" else None))
    page = desk.get(TITLES).text
    assert "正高级工程师" in page
    assert "第 1 页，共" in page
    assert desk.get(f"{TITLES}?page=3").status_code == 200
    found = desk.get(f"{TITLES}?q=高级工程师（环境工程）").text
    assert "今天读作副高级" in found
    assert "不是表中的职称" in desk.get(f"{TITLES}?q=首席环保专家").text
    assert "“环境工程”今天：相关专业" in desk.get(f"{MAJORS}?q=环境工程").text
    assert (f"{TITLES}/new" in page) is (role == "admin")


def test_agencies_and_visitors_do_not(make: Make, sign_in: SignIn, client: FlaskClient) -> None:
    own = sign_in(make.user_of(make.agency()))
    for path in (TITLES, MAJORS, f"{TITLES}/new", f"{MAJORS}/new"):
        assert own.get(path).status_code == 403
        assert client.get(path).status_code == 302
    officer = sign_in(make.officer("reviewer", "approver"))
    assert officer.get(f"{TITLES}/new").status_code == 403
    assert officer.post(f"{MAJORS}/new").status_code == 403


def test_a_correction_wins_from_its_day_on_and_says_whose_it_is(app: Flask, make: Make, sign_in: SignIn) -> None:
    admin = make.officer("admin")
    desk = sign_in(admin)
    tomorrow = clock.today() + timedelta(days=1)
    assert desk.post(f"{TITLES}/new", data=title(title="工程师", level="junior", since=tomorrow)).status_code == 302
    page = desk.get(f"{TITLES}?q=工程师").text
    assert f"自 {tomorrow} 起，{admin.display_name}" in page
    assert "已被更正" not in page
    with app.app_context():
        table = tables_of(db.session()).titles
        assert table.level("工程师", on=clock.today()) is TitleLevel.INTERMEDIATE
        assert table.level("工程师", on=tomorrow) is TitleLevel.JUNIOR
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "title.corrected")).one()
        assert (entry.before, entry.after) == ("中级", f"初级，自 {tomorrow} 起")
    with clock.frozen(clock.now() + timedelta(hours=25)):
        assert "已被更正" in sign_in(admin).get(f"{TITLES}?q=工程师").text


def test_the_same_correction_is_taken_once(app: Flask, make: Make, sign_in: SignIn) -> None:
    desk = sign_in(make.officer("admin"))
    assert desk.post(f"{TITLES}/new", data=title()).status_code == 302
    assert desk.post(f"{TITLES}/new", data=title()).status_code == 409
    major = {"major": "化工工艺", "standing": "relevant", "since": clock.today(), "reason": "专业目录"}
    assert desk.post(f"{MAJORS}/new", data=major).status_code == 302
    assert desk.post(f"{MAJORS}/new", data=major).status_code == 409
    with app.app_context():
        for correction in (TitleCorrection, MajorCorrection):
            assert db.session.scalar(select(func.count()).select_from(correction)) == 1


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"title": "首席*"}, "不用星号"),
        ({"since": "2020-01-01"}, "已经过去"),
        ({"level": ""}, "请选择级别"),
        ({"level": "junk"}, ""),
        ({"reason": ""}, "请写明依据"),
        ({"series": ""}, "请填写职称系列"),
    ],
)
def test_a_correction_that_cannot_be_is_refused(
    app: Flask, make: Make, sign_in: SignIn, wrong: dict[str, str], told: str
) -> None:
    page = sign_in(make.officer("admin")).post(f"{TITLES}/new", data=title(**wrong))
    assert page.status_code == 422
    assert told in page.text
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(TitleCorrection)) == 0


def test_several_majors_in_one_correction_are_refused(make: Make, sign_in: SignIn) -> None:
    form = {"major": "环境、会计", "standing": "relevant", "since": clock.today(), "reason": "专业目录"}
    page = sign_in(make.officer("admin")).post(f"{MAJORS}/new", data=form)
    assert "一次写一个" in page.text


def test_filed_agencies_that_a_correction_bears_on_are_checked(app: Flask, make: Make, sign_in: SignIn) -> None:
    agency, other = make.qualified_agency(), make.agency()
    with app.app_context(), transaction() as session:
        for each in (agency, other):
            session.get_one(Agency, each.id).filing_status = FilingStatus.FILED
    desk = sign_in(make.officer("admin"))
    done = desk.post(f"{TITLES}/new", data=title(title="工程师", level="junior"), follow_redirects=True)
    assert "1 家有此情形的已备案机构已重新核对" in done.text
    with app.app_context():
        flag = db.session.scalars(select(Flag)).one()
        assert flag.agency_id == agency.id
        assert "中级及以上 6/10" in flag.facts
    major = {"major": "环境工程", "standing": "unrelated", "since": clock.today(), "reason": "专业目录"}
    done = desk.post(f"{MAJORS}/new", data=major, follow_redirects=True)
    assert "1 家有此情形" in done.text
