"""The admin's pages: the log, filtered, exported and verified; the values in force."""

from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select

from core import audit, law
from core.audit import AuditEntry
from core.db import db, transaction
from core.refs import Ref
from home import log_queries
from home.log_queries import LogFilter
from tests.factories import Make

SignIn = Callable[..., FlaskClient]


@pytest.fixture
def admin(app: Flask, make: Make, sign_in: SignIn) -> FlaskClient:
    officer = make.officer("reviewer")
    with app.app_context(), transaction() as session:
        for number in range(60):
            audit.record(session, "filing.take", Ref("filing", number, f"长春{number:02d}公司"), by=officer)
        audit.record(session, "agency.moved", Ref("agency", 3, "=1+1 公司"), by=None, before="甲", after="乙")
    return sign_in(make.officer("admin"))


def test_the_log_shows_the_newest_first_and_goes_on(admin: FlaskClient) -> None:
    page = admin.get("/admin/audit").text
    assert page.index("登录</td>") < page.index("移交登记</td>") < page.index("长春59公司")
    assert "长春01公司" not in page
    assert 'rel="next"' in page


@pytest.mark.parametrize(
    ("asked", "found", "not_found"),
    [
        ("action=agency.moved", "=1+1 公司", "长春59公司"),
        ("kind=filing", "长春59公司", "=1+1 公司"),
        ("actor=SYSTEM", "=1+1 公司", "长春59公司"),
        ("since=2000-01-01", "长春59公司", "没有符合条件"),
        ("until=2000/1/1", "没有符合条件的记录", "长春59公司"),
        ("since=yesterday", "没有这个日期", "没有符合条件"),
        ("action=no.such&cursor=junk", "长春59公司", "没有符合条件"),
    ],
)
def test_the_log_is_filtered_by_the_address(admin: FlaskClient, asked: str, found: str, not_found: str) -> None:
    page = admin.get(f"/admin/audit?{asked}").text
    assert found in page
    assert not_found not in page


def test_what_is_filtered_is_exported_as_text(admin: FlaskClient) -> None:
    answer = admin.get("/admin/audit.xlsx?action=agency.moved")
    rows = list(load_workbook(BytesIO(answer.data)).active.values)
    assert len(rows) == 2
    assert rows[1][4] == "移交登记"
    assert rows[1][7:10] == ("=1+1 公司", "甲", "乙")


def test_verifying_says_what_it_found(app: Flask, admin: FlaskClient) -> None:
    assert "未发现改动" in admin.post("/admin/audit/verify").text
    assert admin.get("/admin/audit/verify").status_code == 405
    with app.app_context(), transaction() as session:
        session.get_one(audit.AuditHead, 1).count += 1
    page = admin.post("/admin/audit/verify").text
    assert "发现改动" in page
    assert "尾部被截断" in page


def test_every_action_in_the_log_can_be_chosen(app: Flask, admin: FlaskClient) -> None:
    with app.app_context():
        there = sorted(set(db.session.scalars(select(AuditEntry.action))))
        assert log_queries.actions(db.session()) == there
        assert log_queries.kinds(db.session()) == sorted(set(db.session.scalars(select(AuditEntry.object_kind))))
        assert len(list(log_queries.rows(db.session(), LogFilter(kind="filing")))) == 60


def test_the_values_in_force_stand_with_their_basis(admin: FlaskClient) -> None:
    page = admin.get("/admin").text
    for values in law.jurisdiction().parameters.values():
        assert values[-1].label in page
    assert "第二十条（三）" in page
    assert "参照市场主体登记管理条例" in page
