"""A roster as agencies make them, previewed on a telephone: every row with its number and reason, nothing saved yet."""

from pathlib import Path

from playwright.sync_api import Page, expect

from core import clock
from tests.browser.live import DAY, Live
from tests.browser.looking import look

ROSTER = next((Path(__file__).parent.parent / "data" / "rosters").glob("05_*"))
REJECTED = {
    8: "被存成了数字",
    16: "同一身份证号码",
    17: "同一身份证号码",
    21: "出生日期",
    22: "姓名",
}


def test_a_roster_is_previewed_on_a_telephone_and_saved_only_when_confirmed(live_server: Live, page: Page) -> None:
    with clock.frozen(DAY):
        agency = live_server.make.agency()
        username = live_server.make.user_of(agency).username
    page.set_viewport_size({"width": 375, "height": 800})
    live_server.sign_in(page, username)
    page.goto(f"{live_server.url}/agency/staff/import")
    page.get_by_label("人员名单", exact=True).set_input_files(ROSTER)
    page.get_by_role("button", name="上传并预览").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("导入预览")
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    listing = page.get_by_role("region", name="第 1 页，共 1 页")
    assert listing.evaluate("region => region.scrollWidth <= region.clientWidth")
    for number, reason in REJECTED.items():
        row = listing.locator("tr.rejected", has_text=f"第 {number} 行")
        expect(row).to_contain_text(reason)
        expect(row).to_contain_text("不导入")
    expect(listing.locator("tbody tr")).to_have_count(16)
    look(page)

    page.goto(f"{live_server.url}/agency/staff")
    expect(page.get_by_text("还没有录入人员")).to_be_visible()
    page.get_by_role("link", name="查看并确认").click()
    page.get_by_role("button", name="确认导入").click()
    expect(page.get_by_role("status")).to_contain_text("新增 11 人")
    expect(page.get_by_role("table").locator("tbody tr")).to_have_count(11)
    look(page)
