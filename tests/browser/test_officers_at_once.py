"""Two officers on one filing: one decision holds, the other officer is told, and nothing is half done."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from accounts.models import Role
from core import clock
from filing.rules import State
from tests.browser.live import DAY, Live
from tests.browser.looking import look

SEND = "setTimeout(() => document.querySelector('main form').requestSubmit(), 100)"


def test_of_two_who_decide_at_once_one_wins_and_the_other_is_told(
    live_server: Live, new_page: Callable[[], Page]
) -> None:
    with clock.frozen(DAY):
        filing = live_server.make.filing("reviewed")
    approving, refusing = new_page(), new_page()
    for page, username, act in ((approving, "shenpi1", "approve"), (refusing, "shenpi2", "refuse")):
        live_server.sign_in(page, live_server.officer(username, f"审批{username}", Role.APPROVER))
        page.goto(f"{live_server.url}/desk/filings/{filing.id}/{act}")
        page.locator("#reason").fill("已逐项核对。")
    for page in (approving, refusing):  # neither waits for the other's answer
        page.evaluate(SEND)
    for page in (approving, refusing):
        expect(page.get_by_role("status").or_(page.get_by_role("alert"))).to_be_visible()
    decided = live_server.make.filing_now(filing.id)
    winner, loser = (approving, refusing) if decided.state is State.FILED else (refusing, approving)
    assert decided.state in (State.FILED, State.REFUSED)
    expect(winner.get_by_role("status")).to_contain_text("备案")
    expect(loser.get_by_role("alert")).to_contain_text("该备案的状态已经变化")
    expect(loser.locator("#reason")).to_have_value("已逐项核对。")
    look(loser)
    loser.get_by_role("navigation", name="所在位置").get_by_role("link", name=filing.agency.name).click()
    expect(loser.get_by_role("main")).to_contain_text(decided.state.label)
    assert [step.before for step in decided.steps].count(State.REVIEWED) == 1
