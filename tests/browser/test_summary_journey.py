"""The year's summary from both sides: opened, handed in, returned, handed in again, accepted, brought together."""

from collections.abc import Callable
from datetime import date
from io import BytesIO

import pytest
from docx import Document
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from agency.models import Agency
from core import clock
from tests.browser.live import DAY, Live
from tests.browser.looking import look
from tests.browser.walking import answer_to, arrived, fill, follow, go, press, row, told

YEAR = "2026 年度工作总结"
REASON = "两条写在报告正文中，没有另行登记"
POINT = "请写明自查发现的问题"


@pytest.mark.clause("JL-22-1c")
def test_a_year_is_opened_handed_in_returned_accepted_and_brought_together(
    live_server: Live, new_page: Callable[[], Page]
) -> None:
    with clock.frozen(DAY):
        agency = live_server.make.filed_agency()
        live_server.make.evaluation("registered", agency=agency, begun_on=date(2026, 6, 22))
        maker, officer = live_server.make.user_of(agency), live_server.make.officer("reviewer")
    desk, page = new_page(), new_page()

    live_server.sign_in(desk, officer.username)
    opens(desk, agency)
    live_server.sign_in(page, maker.username)
    writes(page)
    hands_in(page)
    returns(desk, agency)
    mends(page)
    accepts(desk, agency)
    brings_together(desk, agency)


def opens(page: Page, agency: Agency) -> None:
    """Before the day that the rules give, by hand; nobody can press it twice."""
    go(page, "年度总结")
    arrived(page, "年度工作总结")
    follow(page, "2026 年度", YEAR)
    expect(page.get_by_role("region", name="下一步")).to_contain_text("尚未开放")
    follow(page, "现在开放", "现在开放填报")
    press(page, "现在开放")
    told(page, "1 家已通知")
    arrived(page, YEAR)
    expect(row(page, agency.name)).to_contain_text("未上报")
    press(page, "提醒全部未上报的")
    told(page, "已提醒 1 家机构")
    press(page, "提醒全部未上报的")
    told(page, "今天已经提醒过")


def writes(page: Page) -> None:
    """What the register knows is there; what differs needs its reason."""
    go(page, "年度总结")
    arrived(page, "年度工作总结")
    page.get_by_role("region", name="下一步").get_by_role("link").click()
    arrived(page, "填写 2026 年度工作总结")
    fill(page, account="全年按要求开展评价。", problems="基础数据不全。", plan="继续开展评价。")
    page.get_by_label("提出的提升建议（第二十三条）（条）", exact=True).fill("2")
    page.locator("#advice_reason").fill(REASON)
    press(page, "保存")
    arrived(page, YEAR)


def hands_in(page: Page) -> None:
    page.get_by_role("region", name="下一步").get_by_role("link").click()
    look(page)
    page.get_by_role("main").locator("form button[type=submit]").first.click()
    expect(page.get_by_role("main")).to_contain_text("总〔2026〕0001")


def returns(page: Page, agency: Agency) -> None:
    page.get_by_role("link", name="待办").click()
    arrived(page, "待办")
    expect(page.get_by_role("region", name="待审阅的年度总结")).to_contain_text(agency.name)
    page.get_by_role("region", name="待审阅的年度总结").get_by_role("link", name=agency.name).click()
    arrived(page, agency.name)
    expect(row(page, "提出的提升建议")).to_contain_text(REASON)
    follow(page, "退回修改", "退回修改")
    assert answer_to(page, lambda: press(page, "退回修改")).status == 422
    expect(page.get_by_role("alert")).to_contain_text("逐条写明")
    fill(page, points=POINT)
    press(page, "退回修改")
    told(page, "总结已退回")
    expect(page.get_by_role("region", name="下一步")).to_contain_text("等机构修改")


def mends(page: Page) -> None:
    go(page, "年度总结")
    page.get_by_role("region", name="下一步").get_by_role("link", name="去修改").click()
    arrived(page, "填写 2026 年度工作总结")
    expect(page.get_by_role("main")).to_contain_text(POINT)
    fill(page, problems="自查发现两处记录不全，已补正。")
    press(page, "保存")
    arrived(page, YEAR)
    page.get_by_role("region", name="下一步").get_by_role("link").click()
    arrived(page, "再次上报")
    page.get_by_role("main").locator("form button[type=submit]").first.click()
    expect(page.get_by_role("main")).to_contain_text("总〔2026〕0001")


def accepts(page: Page, agency: Agency) -> None:
    page.reload()
    expect(page.get_by_role("main")).to_contain_text("自查发现两处")
    follow(page, "与上一次比较", "第 1 次与第 2 次上报")
    expect(page.get_by_role("row", name="存在的问题")).to_contain_text("基础数据不全")
    page.get_by_role("navigation", name="所在位置").get_by_role("link", name=agency.name).click()
    follow(page, "接收", "接收总结")
    fill(page, remark="来年请按时登记建议。")
    press(page, "接收")
    told(page, "总结已接收")
    arrived(page, agency.name)


def brings_together(page: Page, agency: Agency) -> None:
    page.get_by_role("navigation", name="所在位置").get_by_role("link", name="2026 年度").click()
    arrived(page, YEAR)
    follow(page, "全省汇总", "2026 年度全省汇总")
    book = load_workbook(BytesIO(downloaded(page, "下载表格（.xlsx）")))
    assert [line[0] for line in book["机构明细"].iter_rows(min_row=2, values_only=True)] == [agency.name]
    paper = Document(BytesIO(downloaded(page, "下载汇总报告（.docx）")))
    text = "".join(each.text for each in paper.paragraphs)
    assert "应当上报的机构 1 家，已上报 1 家" in text
    assert "已接收 1 份" in text


def downloaded(page: Page, link: str) -> bytes:
    with page.expect_download() as download:
        go(page, link)
    return download.value.path().read_bytes()
