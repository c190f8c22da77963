"""Without a mouse: the skip link, signing in, finding an agency in the register."""

from playwright.sync_api import Page, expect

from core import clock
from tests.browser.live import DAY, Live
from tests.browser.walking import tab_to
from tests.conftest import PASSWORD


def test_the_skip_link_is_first_and_leads_to_the_text(live_server: Live, page: Page) -> None:
    page.goto(live_server.url)
    tab_to(page, "跳到正文", most=1)
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_signing_in_and_searching_need_no_mouse(live_server: Live, page: Page) -> None:
    with clock.frozen(DAY):
        agency = live_server.make.filing("filed").agency
        username = live_server.make.user_of(agency).username
    page.goto(f"{live_server.url}/accounts/login")
    tab_to(page, "username")
    page.keyboard.type(username)
    tab_to(page, "password", most=1)
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="退出")).to_be_visible()
    tab_to(page, "机构名录")  # in the foot of the page
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("机构名录")
    tab_to(page, "q")
    page.keyboard.type("衡准")
    page.keyboard.press("Enter")
    expect(page.get_by_role("table")).to_contain_text(agency.name)
    tab_to(page, agency.name)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(agency.name)
