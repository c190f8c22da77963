"""The agency's side: what it sees of its filing, and the steps that are its own."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from accounts.models import User
from agency.models import Office
from core import clock
from core.db import transaction
from filing import receipts
from filing.rules import State
from tests.factories import Make

SignIn = Callable[[User], FlaskClient]
PAGES = ("", "/begin", "/submit", "/withdraw", "/cancel", "/changes", "/receipt")


def change_office(app: Flask, agency_id: int) -> None:
    with app.app_context(), transaction() as session:
        session.scalars(select(Office).where(Office.agency_id == agency_id)).one().area_m2 = 410.5


def test_an_agency_begins_and_hands_in(make: Make, sign_in: SignIn) -> None:
    agency = make.qualified_agency()
    client = sign_in(make.user_of(agency))
    assert "开始首次备案" in client.get("/filing").text
    assert client.post("/filing/begin").status_code == 302
    page = client.get("/filing").text
    assert "可以提交" in page
    confirm = client.get("/filing/submit").text
    assert "第 1 次提交的内容固定下来" in confirm
    assert client.post("/filing/submit", data={"version": 1}).status_code == 302
    assert "等待省厅受理" in client.get("/filing").text


def test_a_page_looked_at_changes_nothing(make: Make, sign_in: SignIn) -> None:
    filing = make.filing("draft")
    client = sign_in(make.user_of(filing.agency))
    for page in PAGES:
        client.get(f"/filing{page}")
    assert make.filing_now(filing.id).version == filing.version


def test_what_is_lacking_is_told_and_the_filing_stays_a_draft(make: Make, sign_in: SignIn) -> None:
    agency = make.qualified_agency(seniors=4)
    filing = make.filing("draft", agency=agency)
    client = sign_in(make.user_of(agency))
    assert "还不能提交" in client.get("/filing/submit").text
    answer = client.post("/filing/submit", data={"version": filing.version})
    assert answer.status_code == 422
    assert "其中相关专业高级 4/5 人" in answer.text
    assert make.filing_now(filing.id).state is State.DRAFT


def test_a_stale_page_is_answered_with_409(make: Make, sign_in: SignIn) -> None:
    filing = make.filing("draft")
    client = sign_in(make.user_of(filing.agency))
    assert client.post("/filing/submit", data={"version": 1}).status_code == 302
    again = client.post("/filing/submit", data={"version": 1})
    assert again.status_code == 409
    assert "状态已经变化" in again.text


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30])
def test_a_version_that_was_never_shown_is_stale(make: Make, sign_in: SignIn, version: str) -> None:
    filing = make.filing("draft")
    client = sign_in(make.user_of(filing.agency))
    assert client.post("/filing/submit", data={"version": version}).status_code == 409


def test_a_second_begin_is_refused(make: Make, sign_in: SignIn) -> None:
    filing = make.filing("submitted")
    answer = sign_in(make.user_of(filing.agency)).post("/filing/begin")
    assert answer.status_code == 409
    assert "已有一件正在办理的备案" in answer.text


def test_a_returned_filing_lists_what_to_mend_and_what_was_touched(app: Flask, make: Make, sign_in: SignIn) -> None:
    filing = make.filing("returned")
    client = sign_in(make.user_of(filing.agency))
    page = client.get("/filing").text
    assert "需要补正的 1 项" in page
    assert "请补充租赁合同的续签页" in page
    assert 'href="/agency/offices"' in page
    assert "未见改动" in page
    change_office(app, filing.agency_id)
    assert "已有改动" in client.get("/filing").text
    changes = client.get("/filing/changes").text
    assert "<del>320</del>" in changes
    assert "<ins>410.5</ins>" in changes


def test_a_refusal_is_shown_with_reasons_and_remedies(make: Make, sign_in: SignIn) -> None:
    filing = make.filing("refused")
    page = sign_in(make.user_of(filing.agency)).get("/filing").text
    assert "材料不实" in page
    assert "申请行政复议" in page
    assert "提起行政诉讼" in page


def test_an_agency_withdraws(make: Make, sign_in: SignIn) -> None:
    filing = make.filing("under_review")
    client = sign_in(make.user_of(filing.agency))
    assert "这件备案到此为止" in client.get("/filing/withdraw").text
    assert client.post("/filing/withdraw", data={"version": filing.version}).status_code == 302
    assert make.filing_now(filing.id).state is State.WITHDRAWN


def test_cancelling_needs_its_reason(make: Make, sign_in: SignIn) -> None:
    filing = make.filing("filed")
    client = sign_in(make.user_of(filing.agency))
    answer = client.post("/filing/cancel", data={"version": filing.version, "reason": " "})
    assert answer.status_code == 422
    assert "请写明注销原因" in answer.text
    assert client.post("/filing/cancel", data={"version": filing.version, "reason": "停业"}).status_code == 302
    assert make.filing_now(filing.id).state is State.CANCELLED


def test_the_receipt_names_number_agency_and_days(make: Make, sign_in: SignIn) -> None:
    filing = make.filing("filed")
    client = sign_in(make.user_of(filing.agency))
    page = client.get("/filing/receipt").text
    for told in (filing.number, filing.agency.name, filing.agency.credit_code, clock.today().isoformat(), "<svg"):
        assert told is not None
        assert told in page
    assert "http://localhost/verify/" in page
    token = page.split("http://localhost/verify/")[1].split('"')[0]
    code = page.split("核验码：")[1].split(">")[1].split("<")[0]
    assert code == receipts.grouped(token)
    assert code != token
    assert client.post("/verify", data={"code": code}).location == f"/verify/{token}"
    assert "style=" not in page


def test_without_a_filing_in_force_there_is_no_receipt(make: Make, sign_in: SignIn) -> None:
    client = sign_in(make.user_of(make.filing("submitted").agency))
    assert client.get("/filing/receipt").status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_only_agencies_enter_and_visitors_sign_in_first(
    make: Make, sign_in: SignIn, client: FlaskClient, page: str
) -> None:
    assert client.get(f"/filing{page}").status_code == 302
    assert sign_in(make.officer("reviewer")).get(f"/filing{page}").status_code == 403


@pytest.mark.parametrize("page", ["/submit", "/withdraw", "/cancel", "/changes", "/receipt"])
def test_nobody_reaches_another_agencys_filing(make: Make, sign_in: SignIn, page: str) -> None:
    make.filing("filed")
    stranger = sign_in(make.user_of(make.agency()))
    assert stranger.get(f"/filing{page}").status_code == 404


def test_the_receipt_comes_as_a_pdf_or_the_page_says_what_is_missing(make: Make, sign_in: SignIn) -> None:
    filing = make.filing("filed")
    client = sign_in(make.user_of(filing.agency))
    answer = client.get("/filing/receipt?format=pdf")
    if receipts.pdf_obstacle() is None:
        assert answer.mimetype == "application/pdf"
        assert answer.data.startswith(b"%PDF-")
    else:
        assert "不能直接下载 PDF" in answer.text


@pytest.mark.parametrize(("state", "step"), [("submitted", "submit"), ("draft", "withdraw")])
def test_who_comes_too_late_for_a_step_is_led_to_where_the_filing_stands(
    make: Make, sign_in: SignIn, state: str, step: str
) -> None:
    own = sign_in(make.user_of(make.filing(state).agency))
    late = own.get(f"/filing/{step}")
    assert (late.status_code, late.location) == (302, "/filing")
    assert "这件备案现在是“" in own.get("/filing").text
