"""An evaluation from all its sides, and the sixteenth of a year: in a browser, as those who work on it see it."""

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from agency import places
from agency.models import Agency
from applicants.models import Applicant
from core import clock
from core.db import transaction
from tests.browser.live import DAY, Live
from tests.browser.looking import look
from tests.browser.walking import answer_to, arrived, fill, follow, go, press, row, scan, told
from tests.factories.agencies import made_up_number
from tests.factories.evaluations import AGREEMENT
from tests.factories.places import bare_evaluation

TODAY = "2026-06-30"
DISPUTED = "报告所写的生产线数量与本单位不符。"


@pytest.mark.clause("JL-12-1")
def test_an_evaluation_is_registered_confirmed_and_adopted(live_server: Live, new_page: Callable[[], Page]) -> None:
    with clock.frozen(DAY):
        agency, applicant = live_server.make.filed_agency(), live_server.make.applicant()
        maker, commissioner = live_server.make.user_of(agency), live_server.make.user_of_applicant(applicant)
        officer = live_server.make.officer("municipal", bureau=applicant.bureau)
    page, theirs, bureau, anyone = (new_page() for _ in range(4))

    live_server.sign_in(page, maker.username)
    number = registers(page, applicant, "市级")
    works_on_it(page, applicant)
    live_server.sign_in(theirs, commissioner.username)
    disputes(theirs, number)
    live_server.sign_in(bureau, officer.username)
    decides_the_dispute(bureau, applicant)
    confirms(theirs)
    adopts(bureau, applicant)
    is_told_of_it(page, applicant)
    sees_it_counted(anyone, live_server, agency)


def registers(page: Page, applicant: Applicant, level: str) -> str:
    """From the list of evaluations to the page of the new one; returns its number."""
    go(page, "评价")
    arrived(page, "评价项目")
    page.get_by_role("main").get_by_role("link", name="登记评价").first.click()
    page.get_by_role("searchbox").fill(applicant.name[2:6])
    press(page, "查找")
    arrived(page, "登记评价：先找到培育对象")
    row(page, applicant.name).get_by_role("link", name="选择").click()
    arrived(page, f"登记评价：{applicant.name}")
    fill_in_registration(page, level)
    page.get_by_label("组长").select_option("")
    assert answer_to(page, lambda: press(page, "登记评价")).status == 422
    expect(page.get_by_role("alert")).to_contain_text("组长")
    look(page)
    expect(page.get_by_label("协议金额")).to_have_value("80000")
    fill_in_registration(page, level)  # no browser keeps the file
    press(page, "登记评价")
    told(page, "评价已登记")
    return page.get_by_role("navigation", name="所在位置").locator("li").last.inner_text()


def fill_in_registration(page: Page, level: str) -> None:
    page.get_by_label(level, exact=True).check()
    fill(page, begun_on=TODAY, amount_fen="80000")
    page.get_by_label("评价协议", exact=True).set_input_files([scan("评价协议.pdf", AGREEMENT.content)])
    for member in page.get_by_role("group", name="小组成员").get_by_role("checkbox").all()[:3]:
        member.check()
    page.get_by_label("组长").select_option(index=1)


def works_on_it(page: Page, applicant: Applicant) -> None:
    """Visit, review, report and hand-over, each by the link that the next step offers."""
    next_step(page, "登记现场评价")
    arrived(page, "登记现场评价")
    fill(page, on=TODAY, place="厂区", attendees="评价小组三人；韩联络", record="查看了能源计量和三条生产线。")
    press(page, "保存")
    expect(page.get_by_role("main")).to_contain_text("开始评价")
    next_step(page, "登记复核")
    arrived(page, "登记内部技术复核")
    page.get_by_label("复核人").select_option(index=1)
    fill(page, on=TODAY, opinions="证据充分，得分计算无误。")
    press(page, "保存")
    next_step(page, "出具报告")
    fill(page, number="HZ-2026-001", issued_on="2026-06-29", score="86.5")
    issue(page)
    expect(page.get_by_role("alert")).to_contain_text("报告")  # dated before the review
    look(page)
    fill(page, issued_on=TODAY)
    issue(page)
    told(page, "报告已出具")
    next_step(page, "提交报告")
    arrived(page, "提交报告")
    press(page, "提交报告")
    told(page, "报告已提交，等待市（州）工信局采信")
    arrived(page, applicant.name)


def issue(page: Page) -> None:
    page.get_by_label("符合", exact=True).check()
    page.get_by_label("评价报告", exact=True).set_input_files([scan("评价报告.pdf")])
    press(page, "出具报告")


def next_step(page: Page, link: str) -> None:
    page.get_by_role("region", name="下一步").get_by_role("link", name=link).click()


def disputes(page: Page, number: str) -> None:
    arrived_at_start(page)
    row(page, number).first.get_by_role("link", name=number, exact=True).click()
    arrived(page, "绿色工厂评价")
    follow(page, "提出异议", "提出异议")
    fill(page, reason=DISPUTED)
    press(page, "提出异议")
    told(page, "异议已提出")


def arrived_at_start(page: Page) -> None:
    expect(page.get_by_role("region", name="下一步")).to_contain_text("项评价等您确认")
    look(page)


def decides_the_dispute(page: Page, applicant: Applicant) -> None:
    """Nothing is adopted before, not by an old link either."""
    page.get_by_role("link", name=applicant.name).first.click()
    arrived(page, applicant.name)
    expect(page.get_by_role("region", name="下一步")).to_contain_text(DISPUTED)
    expect(page.get_by_role("link", name="采信", exact=True)).to_have_count(0)
    shown = page.url
    page.goto(f"{shown}/adopt")
    expect(page).to_have_url(shown)
    told(page, "这项评价现在是")
    follow(page, "对异议作出决定", "对异议作出决定")
    page.get_by_label("异议不成立").check()
    fill(page, reason="经核对，报告所写与现场记录一致。")
    press(page, "作出决定")
    told(page, "对异议的决定已保存")
    expect(page.get_by_role("region", name="下一步")).to_contain_text("现在不能采信")
    expect(page.locator("#objections")).to_contain_text("确认")


def confirms(page: Page) -> None:
    page.reload()
    go(page, "确认委托")
    press(page, "确认委托")
    told(page, "已确认委托")
    arrived(page, "绿色工厂评价")


def adopts(page: Page, applicant: Applicant) -> None:
    page.reload()
    expect(page.locator("#objections")).to_contain_text("没有障碍")
    follow(page, "采信", "采信")
    fill(page, reason="报告完整，数据与申报材料一致。")
    press(page, "采信")
    told(page, "已采信")
    arrived(page, applicant.name)
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="评价", exact=True).click()
    arrived(page, "评价清单")
    expect(row(page, applicant.name)).to_contain_text("已采信")


def is_told_of_it(page: Page, applicant: Applicant) -> None:
    page.get_by_role("banner").get_by_role("link", name="消息").click()
    expect(page.get_by_role("main")).to_contain_text("已采信")
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="评价", exact=True).click()
    expect(row(page, applicant.name)).to_contain_text("已采信")


def sees_it_counted(page: Page, live: Live, agency: Agency) -> None:
    page.goto(f"{live.url}/register")
    go(page, agency.name)
    arrived(page, agency.name)
    counted = page.get_by_role("row").filter(has_text="2026 年")
    assert [cell.inner_text() for cell in counted.get_by_role("cell").all()] == ["0", "0", "1", "1"]


@pytest.mark.clause("JL-22-2")
def test_of_two_who_want_the_last_place_one_gets_it_and_the_other_is_told_why_not(
    live_server: Live, new_page: Callable[[], Page]
) -> None:
    make, number = live_server.make, made_up_number()
    with clock.frozen(DAY):
        agencies = [make.filing(agency=make.qualified_agency(representative_number=number)).agency for _ in range(2)]
        applicants = [make.applicant(name=f"长春最后名额{which}有限公司") for which in ("甲", "乙")]
        users = [make.user_of(agency) for agency in agencies]
        hold_places(live_server, agencies[0], 11, date(2026, 3, 2))
        hold_places(live_server, agencies[1], 3, date(2026, 4, 1))
    first, second = new_page(), new_page()
    for page, user, applicant in zip((first, second), users, applicants, strict=True):
        live_server.sign_in(page, user.username)
        page.goto(f"{live_server.url}/evaluations/new/{applicant.id}")
        expect(page.get_by_role("list", name="剩余 1 个")).to_be_visible()
        fill_in_registration(page, "国家级")
    press(first, "登记评价")
    told(first, "评价已登记")
    expect(first.get_by_role("region", name="国家级名额")).to_contain_text("第 15 项")
    go(first, "评价项目")
    arrived(first, "评价项目")
    expect(first.get_by_role("main")).to_contain_text("今年已不能再登记国家级评价")

    assert answer_to(second, lambda: press(second, "登记评价")).status == 422
    refusal = second.get_by_role("alert")
    expect(refusal).to_contain_text("第二十二条第二款")
    expect(refusal).to_contain_text("已有 15 项")
    expect(refusal).to_contain_text("3 项")
    expect(refusal).to_contain_text("12 项")
    assert agencies[0].name not in second.content()  # what others have is told, not who they are
    look(second)
    fill_in_registration(second, "省级")  # what was typed is there; another level is open
    press(second, "登记评价")
    told(second, "评价已登记")


def hold_places(live: Live, agency: Agency, how_many: int, day: date) -> None:
    with live.app.app_context(), transaction() as session:
        for _ in range(how_many):
            evaluation = bare_evaluation(session, agency.id, begun_on=day)
            places.take(session, evaluation.id, [agency.id], counted_on=day)
