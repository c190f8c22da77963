"""An agreement with a forbidden clause, from its upload to the hand-over, as the agency and the officer see it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from applicants.models import Applicant
from core import clock
from core.db import transaction
from evaluations.models import AgreementScreening, Evaluation
from evaluations.rules.states import ScreeningState, State
from home.demonstration.paper import printed_agreement, typed_agreement
from tests.browser.live import DAY, Live
from tests.browser.looking import look
from tests.browser.walking import answer_to, arrived, fill, follow, press, scan, told

LAWFUL = "第一条　评价费用于签订之日一次付清，与评价结论和名单结果无关。"
BET = "第二条　甲方未列入公示名单的，乙方在三十日内退还已收取的全部评价费。"
TIED = "第三条　甲方同时委托乙方办理能源管理体系认证的，评价费按八折收取。"
FORBIDDEN = printed_agreement("评价协议", [LAWFUL, BET, TIED])
CLEAN = typed_agreement("评价协议", [LAWFUL])
SAID = "认证由另一家公司办理，八折是其促销，与本单位无关。"

pytestmark = pytest.mark.clause("JL-22-1b")


def test_a_forbidden_clause_is_answered_replaced_decided_on_and_only_then_is_the_report_handed_over(
    live_server: Live, new_page: Callable[[], Page]
) -> None:
    make = live_server.make
    with clock.frozen(DAY):
        applicant = make.applicant()
        evaluation = make.evaluation(State.REPORT_ISSUED, applicant=applicant)
        maker = make.user_of(make.filed_agency())
        officer = make.officer("municipal", bureau=applicant.bureau)
    page, bureau = new_page(), new_page()
    live_server.sign_in(page, maker.username)
    page.goto(f"{live_server.url}/evaluations/{evaluation.id}")

    replaces(page, applicant, "协议.pdf", FORBIDDEN)
    sees_the_marks(page)
    answers_one(page)
    cannot_hand_over(page, evaluation)
    replaces(page, applicant, "协议.docx", CLEAN)
    expect(page.get_by_role("main")).to_contain_text("未标出条款")
    cannot_hand_over(page, evaluation)  # the marks of the replaced one are still there
    live_server.sign_in(bureau, officer.username)
    decides(bureau, live_server, evaluation)
    hands_over(page, evaluation, live_server)


def replaces(page: Page, applicant: Applicant, name: str, content: bytes) -> None:
    follow(page, "更换协议", "更换协议")
    page.get_by_label("评价协议", exact=True).set_input_files([scan(name, content)])
    fill(page, reason="双方重新签订。")
    press(page, "更换协议")
    told(page, "协议已更换")
    arrived(page, applicant.name)


def sees_the_marks(page: Page) -> None:
    expect(page.get_by_role("main")).to_contain_text("第 2 份协议有 2 处条款被标出")
    page.get_by_role("link", name="查看协议和标记").click()
    arrived(page, "评价协议的核查")
    first = page.get_by_role("region", name="标记 1：对赌协议")
    expect(first).to_contain_text("第 1 页")
    expect(first).to_contain_text("待核")
    expect(page.get_by_role("article", name="协议正文")).to_contain_text("评价费用于签订之日一次付清")
    page.get_by_role("link", name="认证服务搭售评价").press("Enter")  # by keyboard from the list to its place
    expect(page).to_have_url(page.url.partition("#")[0] + "#mark-2")
    page.set_viewport_size({"width": 375, "height": 800})
    beside, clause = first.bounding_box(), page.get_by_text("甲方未列入公示名单的").first.bounding_box()
    assert beside is not None
    assert clause is not None
    assert beside["y"] > clause["y"]  # on a narrow screen a mark stands below its clause
    look(page)
    page.set_viewport_size({"width": 1280, "height": 800})


def answers_one(page: Page) -> None:
    follow(page, "说明标记为什么不成立", "说明标记为什么不成立")
    assert answer_to(page, lambda: press(page, "提交说明")).status == 422
    expect(page.get_by_role("alert")).to_contain_text("至少对一处标记")
    fill(page, mark_2=SAID)
    press(page, "提交说明")
    told(page, "说明已提交")
    expect(page.get_by_role("region", name="标记 2：认证服务搭售评价")).to_contain_text(SAID)
    look(page)


def cannot_hand_over(page: Page, evaluation: Evaluation) -> None:
    page.goto(f"{page.url.partition('/evaluations')[0]}/evaluations/{evaluation.id}")
    next_step = page.get_by_role("region", name="下一步").first
    expect(next_step).to_contain_text("暂时不能提交")
    expect(next_step).to_contain_text("主管部门逐处核定后方可办理")
    shown = page.url
    page.goto(f"{shown}/hand-over")
    assert answer_to(page, lambda: press(page, "提交报告")).status == 422
    expect(page.get_by_role("alert")).to_contain_text("2 处标记待主管部门核定")
    page.goto(shown)


def decides(page: Page, live: Live, evaluation: Evaluation) -> None:
    """The bureau says of both that they don't stand: nothing is opened, and nothing blocked."""
    screening = live.make.screening_of(evaluation, number=2)
    page.goto(f"{live.url}/desk/supervision/agreements/{screening.id}")
    arrived(page, "评价协议的核查")
    for position in (1, 2):
        note = page.locator(f"#mark-{position}")
        note.get_by_role("textbox").fill("经核对原件，该条已由双方书面废止。")
        note.get_by_role("button", name="不成立").click()
        expect(page.locator(f"#mark-{position}")).to_contain_text("已由双方书面废止")


def hands_over(page: Page, evaluation: Evaluation, live: Live) -> None:
    page.goto(f"{live.url}/evaluations/{evaluation.id}")
    page.get_by_role("region", name="下一步").get_by_role("link", name="提交报告").click()
    arrived(page, "提交报告")
    press(page, "提交报告")
    told(page, "报告已提交")


def test_who_waits_sees_the_pages_being_read_and_then_the_result_without_doing_anything(
    live_server: Live, new_page: Callable[[], Page]
) -> None:
    make = live_server.make
    with clock.frozen(DAY):
        evaluation = make.evaluation()
        user: User = make.user_of(make.filed_agency())
    reads(live_server, evaluation, done=3)
    page = new_page()
    live_server.sign_in(page, user.username)
    page.goto(f"{live_server.url}/evaluations/{evaluation.id}")
    box = page.get_by_role("region", name="核查进度")
    expect(box).to_contain_text("已读 3 页，共 20 页")
    look(page)
    reads(live_server, evaluation, done=11)
    expect(box).to_contain_text("已读 11 页，共 20 页")
    reads(live_server, evaluation, done=20)
    expect(page.get_by_role("main")).to_contain_text("未标出条款")
    expect(box).to_have_count(0)
    page.get_by_role("table").get_by_role("link", name="正文").click()
    arrived(page, "评价协议的核查")


def reads(live: Live, evaluation: Evaluation, *, done: int) -> None:
    """So many of its twenty pages are read; all of them: it is finished."""
    with clock.frozen(DAY + timedelta(minutes=1)), live.app.app_context(), transaction() as session:
        row = session.get_one(AgreementScreening, live.make.screening(evaluation).id)
        row.pages, row.pages_done = 20, done
        if done < row.pages:
            row.state, row.token, row.finished_at = ScreeningState.RUNNING, "of the test", None
        else:
            row.state, row.token, row.finished_at = ScreeningState.DONE, None, clock.now()
