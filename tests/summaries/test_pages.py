"""The agency's pages: what may be done is offered, what may not is refused, and nobody sees another's."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date, datetime
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient

from accounts.models import User
from agency.models import Agency
from core import clock
from summaries.models import Summary
from tests.factories import Make
from tests.factories.agencies import TINY_PDF
from tests.factories.summaries import TEXTS

SignIn = Callable[[User], FlaskClient]
NOVEMBER = datetime(2026, 11, 20, 10, tzinfo=clock.SHANGHAI)
FILLED = {"account": "全年开展评价", "problems": "无", "plan": "继续开展", "suggestions": ""}


@pytest.fixture(autouse=True)
def november() -> Iterator[None]:
    """The pages of 20 November 2026, 10 o'clock, wherever and whenever the tests run."""
    with clock.frozen(NOVEMBER):
        yield


@pytest.fixture
def agency(make: Make) -> Agency:
    return make.filed_agency()


@pytest.fixture
def page(make: Make, sign_in: SignIn, agency: Agency) -> FlaskClient:
    return sign_in(make.user_of(agency))


def version(text: str) -> str:
    found = re.search(r'name="version"[^>]*value="(\d+)"', text)
    assert found, text
    return found.group(1)


def fields(text: str) -> dict[str, str]:
    """What the form would send as it was shown."""
    inputs = re.findall(r'<input[^>]*name="([a-z_]+)"[^>]*value="([^"]*)"', text)
    return {name: value for name, value in inputs if name != "csrf_token"}


def now(make: Make, agency: Agency, year: int = 2026) -> Summary:
    return make.summary_now(Summary(agency_id=agency.id, year=year))


def test_from_the_list_over_the_form_to_the_receipt(make: Make, page: FlaskClient, agency: Agency) -> None:
    make.evaluation("report_issued", agency=agency, begun_on=date(2026, 6, 1))
    assert "还有 25 天（12-15 24 时前）" in page.get("/summaries").text
    form = page.get("/summaries/2026/edit")
    sent = {**fields(form.text), **FILLED}
    assert (sent["evaluations"], sent["reports"], sent["level_municipal"]) == ("1", "1", "1")
    saved = page.post("/summaries/2026/edit", data=sent, follow_redirects=True)
    assert "内容已经填齐，可以上报" in saved.text
    confirm = page.get("/summaries/2026/hand-in")
    assert "确认上报" in confirm.text
    done = page.post("/summaries/2026/hand-in", data={"version": version(confirm.text)}, follow_redirects=True)
    assert all(word in done.text for word in ("总〔2026〕0001", "2026-11-20 10:00:00", "在期限内"))
    assert now(make, agency).state == "handed_in"


def test_what_is_missing_is_listed_with_links_and_not_handed_in(make: Make, page: FlaskClient, agency: Agency) -> None:
    sent = {**fields(page.get("/summaries/2026/edit").text), "account": "先写一半", "advice": "3"}
    shown = page.post("/summaries/2026/edit", data=sent, follow_redirects=True)
    assert 'href="/summaries/2026/edit#problems"' in shown.text
    assert 'href="/summaries/2026/edit#advice_reason"' in shown.text
    confirm = page.get("/summaries/2026/hand-in")
    assert "还有 3 处没有填好" in confirm.text
    assert "确认上报" not in confirm.text
    refused = page.post("/summaries/2026/hand-in", data={"version": now(make, agency).version})
    assert refused.status_code == 422
    assert now(make, agency).state == "draft"


def test_figures_that_were_left_alone_follow_the_register(make: Make, page: FlaskClient, agency: Agency) -> None:
    sent = {**fields(page.get("/summaries/2026/edit").text), **FILLED}
    make.evaluation(agency=agency, begun_on=date(2026, 7, 1))
    page.post("/summaries/2026/edit", data=sent)
    assert now(make, agency).figures == []


@pytest.mark.parametrize(
    ("sent", "said"),
    [({"advice": "-1"}, "不能小于 0"), ({"advice": "很多"}, "请填写整数"), ({"account": "长" * 5001}, "5000 个字以内")],
)
def test_what_cannot_be_is_refused_at_its_field_and_kept_as_typed(
    make: Make, page: FlaskClient, agency: Agency, sent: dict[str, str], said: str
) -> None:
    answer = page.post("/summaries/2026/edit", data={**fields(page.get("/summaries/2026/edit").text), **FILLED, **sent})
    assert answer.status_code == 422
    assert said in answer.text
    assert FILLED["plan"] in answer.text


def test_forged_fields_change_nothing(make: Make, page: FlaskClient, agency: Agency) -> None:
    other = make.filing().agency
    forged = {
        "state": "accepted", "agency_id": str(other.id), "days_late": "0", "first_handed_in_at": "2026-01-01",
        "duty": "invited", "year": "2025", "number": "总〔2026〕9999", "seen_places": "9", "places": "15",
    }  # fmt: skip
    page.post("/summaries/2026/edit", data={**fields(page.get("/summaries/2026/edit").text), **FILLED, **forged})
    row = now(make, agency)
    assert (row.state, row.agency_id, row.number, row.figures) == ("draft", agency.id, None, [])


def test_an_old_version_is_refused_and_the_form_says_so(make: Make, page: FlaskClient, agency: Agency) -> None:
    shown = fields(page.get("/summaries/2026/edit").text)
    page.post("/summaries/2026/edit", data={**shown, **FILLED})
    second = page.post("/summaries/2026/edit", data={**shown, **FILLED, "account": "另一处窗口写的"})
    assert second.status_code == 409
    assert "情况已经变化，没有办理" in second.text
    assert now(make, agency).account == FILLED["account"]


def test_saving_as_one_writes_answers_with_the_new_version(make: Make, page: FlaskClient, agency: Agency) -> None:
    shown = {**fields(page.get("/summaries/2026/edit").text), "account": "写着"}
    first = page.post("/summaries/2026/draft", data=shown)
    assert (first.status_code, first.json) == (200, {"version": 2, "message": "10:00 已自动保存"})
    assert page.post("/summaries/2026/draft", data={**shown, "account": "又写"}).status_code == 409
    assert page.post("/summaries/2026/draft", data={**shown, "version": "2", "advice": "x"}).status_code == 422
    again = page.post("/summaries/2026/draft", data={**shown, "version": "2"})
    assert again.json == {"version": 2, "message": "10:00 已自动保存"}


def test_a_second_hand_in_and_the_back_button_are_turned_away(make: Make, page: FlaskClient, agency: Agency) -> None:
    shown = make.summary(agency=agency).version
    page.post("/summaries/2026/hand-in", data={"version": shown})
    assert page.post("/summaries/2026/hand-in", data={"version": shown}).status_code == 409
    for late in ("hand-in", "edit", "nil", "attachments"):
        assert page.get(f"/summaries/2026/{late}").location == "/summaries/2026"
    sent = {**FILLED, "version": now(make, agency).version}
    assert page.post("/summaries/2026/edit", data=sent).status_code == 409
    assert len(now(make, agency).versions) == 1


def test_a_nil_summary_takes_two_clicks(make: Make, page: FlaskClient, agency: Agency) -> None:
    shown = page.get("/summaries/2026")
    assert 'href="/summaries/2026/nil"' in shown.text
    confirm = page.get("/summaries/2026/nil")
    done = page.post("/summaries/2026/nil", data={"version": version(confirm.text)}, follow_redirects=True)
    assert "零报告" in done.text
    assert now(make, agency).nil


def test_who_evaluated_is_told_why_nil_is_not_for_it(make: Make, page: FlaskClient, agency: Agency) -> None:
    make.evaluation(agency=agency, begun_on=date(2026, 6, 1))
    assert "不能作零报告" in page.get("/summaries/2026/nil").text
    refused = page.post("/summaries/2026/nil", data={"version": "0"})
    assert refused.status_code == 422
    assert "应当上报有内容的工作总结" in refused.text


def test_what_was_returned_shows_the_reason_and_is_mended(make: Make, page: FlaskClient, agency: Agency) -> None:
    make.summary("returned", agency=agency)
    shown = page.get("/summaries/2026")
    assert "请补充存在的问题" in shown.text
    sent = {**fields(page.get("/summaries/2026/edit").text), **FILLED, "problems": "补充了"}
    with clock.frozen(NOVEMBER.replace(minute=5)):
        mended = page.post("/summaries/2026/edit", data=sent, follow_redirects=True)
    assert "改好的请再次上报" in mended.text
    confirm = page.get("/summaries/2026/hand-in")
    assert "首次上报的时间（2026-11-20 10:00）不变" in confirm.text
    page.post("/summaries/2026/hand-in", data={"version": version(confirm.text)})
    row = now(make, agency)
    assert (row.state, len(row.versions), row.versions[1].content["problems"]) == ("handed_in", 2, "补充了")


@pytest.mark.parametrize("way", ["", "/edit", "/hand-in", "/nil", "/attachments", "/supplement"])
def test_a_year_that_is_not_open_says_when_it_is(page: FlaskClient, way: str) -> None:
    for answer in (page.get(f"/summaries/2027{way}"), page.post(f"/summaries/2027{way}", data={"version": "0"})):
        if answer.status_code != 405:  # the page of the year is only read
            assert answer.status_code == 409
            assert "2027-11-01" in answer.text
    with clock.frozen(datetime(2026, 10, 31, 23, 59, 59, 999999, tzinfo=clock.SHANGHAI)):
        assert page.get(f"/summaries/2026{way}").status_code == 409


@pytest.mark.parametrize("year", [2023, 2028, 0, 99999])
def test_years_without_a_summary_do_not_exist(page: FlaskClient, year: int) -> None:
    assert page.get(f"/summaries/{year}").status_code == 404


def test_files_of_another_agency_do_not_exist(make: Make, page: FlaskClient, sign_in: SignIn, agency: Agency) -> None:
    make.summary(agency=agency)
    row = make.attached(agency)
    stranger = make.filing().agency
    other = sign_in(make.user_of(stranger))
    for way in ("", "/pages/1", "/download"):
        assert page.get(f"/summaries/2026/files/{row.file_id}{way}").status_code == 200
        assert other.get(f"/summaries/2026/files/{row.file_id}{way}").status_code == 404
    refused = other.post(f"/summaries/2026/attachments/{row.id}/remove", data={"version": "0"}, follow_redirects=True)
    assert "这个附件已经移除" in refused.text
    assert len(now(make, agency).attachments) == 1
    assert other.get("/summaries/2026/receipt").status_code == 404


def test_files_are_added_and_removed(make: Make, page: FlaskClient, agency: Agency) -> None:
    shown = version(page.get("/summaries/2026/attachments").text)
    data: dict[str, Any] = {"version": shown, "file": (BytesIO(b"MZ"), "总结.pdf")}
    refused = page.post("/summaries/2026/attachments", data=data)
    assert refused.status_code == 422
    assert "程序" in refused.text
    data = {"version": shown, "file": (BytesIO(TINY_PDF), "总结.pdf")}
    assert page.post("/summaries/2026/attachments", data=data).status_code == 302
    row = now(make, agency)
    gone = page.post(
        f"/summaries/2026/attachments/{row.attachments[0].id}/remove",
        data={"version": row.version},
        follow_redirects=True,
    )
    assert "附件已移除" in gone.text
    assert now(make, agency).attachments == []


def test_a_supplement_goes_beside_what_was_handed_in(make: Make, page: FlaskClient, agency: Agency) -> None:
    assert page.get("/summaries/2026/supplement").location == "/summaries/2026"
    make.summary("accepted", agency=agency)
    shown = version(page.get("/summaries/2026/supplement").text)
    assert page.post("/summaries/2026/supplement", data={"version": shown, "text": " "}).status_code == 422
    data: dict[str, Any] = {"version": shown, "text": "又出具一份报告", "file": (BytesIO(TINY_PDF), "补充.pdf")}
    done = page.post("/summaries/2026/supplement", data=data, follow_redirects=True)
    assert "又出具一份报告" in done.text
    row = now(make, agency)
    assert page.get(f"/summaries/2026/files/{row.supplements[0].file_id}").status_code == 200


def test_last_years_answers_are_offered_again(make: Make, page: FlaskClient, agency: Agency) -> None:
    make.summary("accepted", agency=agency, year=2025)
    text = page.get("/summaries/2026/edit").text
    assert "上年度报送的工作计划" in text
    assert text.count(TEXTS.plan) == 1
    assert "上年 0" in text


def test_a_late_receipt_says_by_how_many_days(make: Make, page: FlaskClient, agency: Agency) -> None:
    make.evaluation(agency=agency, begun_on=date(2026, 6, 1))
    make.summary("handed_in", agency=agency, at=datetime(2026, 12, 16, tzinfo=clock.SHANGHAI))
    text = page.get("/summaries/2026/receipt").text
    assert "2026-12-16 00:00:00" in text
    assert "逾期 1 天" in text


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2026-12-10T00:00:00", "还有 5 天"),
        ("2026-12-15T23:59:59", "今天是最后一天"),
        ("2026-12-16T00:00:00", "已逾期 1 天"),
    ],
)
def test_the_start_page_counts_the_days(make: Make, agency: Agency, sign_in: SignIn, at: str, said: str) -> None:
    make.evaluation("adopted", agency=agency, begun_on=date(2026, 6, 1))
    with clock.frozen(datetime.fromisoformat(at).replace(tzinfo=clock.SHANGHAI)):
        text = sign_in(make.user_of(agency)).get("/home").text
    assert f"2026 年度工作总结：{said}" in text


def test_before_it_opens_and_after_the_hand_in_the_start_page_is_silent(
    make: Make, page: FlaskClient, agency: Agency, sign_in: SignIn
) -> None:
    with clock.frozen(datetime(2026, 10, 31, 23, 59, 59, tzinfo=clock.SHANGHAI)):
        assert "年度工作总结" not in sign_in(make.user_of(agency)).get("/home").text
    assert "年度工作总结：请于 2026-12-15 前上报" in page.get("/home").text
    make.summary("handed_in", agency=agency)
    assert "年度工作总结：" not in page.get("/home").text


def test_the_pages_take_a_fixed_number_of_queries(
    make: Make, page: FlaskClient, agency: Agency, count_queries: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    make.summary("returned", agency=agency)
    make.attached(agency)

    def taken(way: str) -> int:
        with count_queries() as queries:
            assert page.get(f"/summaries{way}").status_code == 200
        return len(queries)

    ways = ("", "/2026", "/2026/edit", "/2026/hand-in")
    few = [taken(way) for way in ways]
    for month in range(1, 7):
        make.evaluation("adopted", agency=agency, begun_on=date(2026, month, 1))
        make.attached(agency)
    assert [taken(way) for way in ways] == few


def test_others_have_no_summaries(make: Make, sign_in: SignIn) -> None:
    for role in ("reviewer", "municipal", "admin"):
        client = sign_in(make.officer(role))
        assert client.get("/summaries").status_code == 403
        assert client.get("/summaries/2026").status_code == 404


def test_who_is_not_filed_is_asked_for_nothing_on_every_page(make: Make, sign_in: SignIn) -> None:
    client = sign_in(make.user_of(make.agency()))
    for address in ("/summaries", "/summaries/2026", "/summaries/2026/nil"):
        shown = client.get(address).text
        assert "不需要上报" in shown, address
        assert "可作零报告" not in shown, address
        assert "上报零报告</button>" not in shown, address
