"""A report from the public form to the reply: the reporter on a phone and by keyboard alone, officers at their desks.

In between the case is verified, the agency is heard, and the sanction goes from its notice to the public page.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect
from sqlalchemy import select

from accounts.models import User
from agency.models import Agency
from core import clock
from core.db import db
from notices.models import Mail
from tests.browser.live import DAY, Live
from tests.browser.looking import NARROW, WIDE, look
from tests.browser.walking import fill, tab_to
from tests.complaints.course import Planted
from tests.complaints.filling import NUMBER, SECRET

SAID = Planted()
REPLY = "经核实，属实，已作出决定。"
TODAY = clock.day_of(DAY)


@dataclass(frozen=True)
class Desk:
    """A wide window; every page that is come to is looked at, again where its state is another one."""

    page: Page
    live: Live
    looked: set[str] = field(default_factory=set)

    def open(self, path: str) -> "Desk":
        self.page.goto(f"{self.live.url}{path}")
        return self.seen()

    def seen(self) -> "Desk":
        head = self.page.get_by_role("main").inner_text()[:200]
        if (shown := f"{self.path} {head}") not in self.looked:
            look(self.page, WIDE)
            self.looked.add(shown)
        return self

    def follow(self, link: str, nth: int = 0) -> "Desk":
        with self.page.expect_navigation():
            self.page.get_by_role("main").get_by_role("link", name=link).nth(nth).click()
        return self.seen()

    def first_of_the_list(self) -> "Desk":
        with self.page.expect_navigation():
            self.page.get_by_role("main").get_by_role("table").first.get_by_role("link").first.click()
        return self.seen()

    def press(self, button: str) -> "Desk":
        before = self.page.url
        with self.page.expect_navigation():
            self.page.get_by_role("main").get_by_role("button", name=button, exact=True).last.click()
        alert = self.page.get_by_role("alert")
        assert alert.count() == 0, f"{before}: {alert.first.inner_text()}"
        return self.seen()

    def choose(self, *labels: str) -> "Desk":
        for label in labels:
            self.page.get_by_label(label).first.check()
        return self

    def fill(self, **typed: str) -> "Desk":
        fill(self.page, **typed)
        return self

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.live.url).partition("#")[0].partition("?")[0]

    @property
    def text(self) -> Locator:
        return self.page.get_by_role("main")


@pytest.mark.clause("JL-24-2")
@pytest.mark.clause("JL-22-3")
def test_a_report_is_sent_by_keyboard_verified_decided_on_and_replied_to(
    live_server: Live, new_page: Callable[[], Page]
) -> None:
    make = live_server.make
    with clock.frozen(DAY):
        agency = make.filing("filed").agency
        people = {"agency": make.user_of(agency)}
        for name, role in (("assigner", "approver"), ("handler", "reviewer"), ("decider", "approver")):
            people[name] = make.officer(role)

    def desk(name: str) -> Desk:
        page = new_page()
        live_server.sign_in(page, people[name].username)
        return Desk(page, live_server)

    phone = new_page()
    number, secret = reports(phone, live_server, agency)
    assigner, handler, side = desk("assigner"), desk("handler"), desk("agency")
    assigns(assigner, number, people["handler"])
    takes(handler, number)
    complaint = verifies(handler, side, agency)
    circular = sanctions(handler, side, desk("decider"), assigner)
    handler.open(complaint).follow("核实完毕").press("核实完毕")
    handler.follow("答复举报人").fill(text=REPLY).press("答复")
    reads_the_reply(phone, live_server, number, secret)
    is_public(Desk(new_page(), live_server), agency, circular)


# ── the reporter ──────────────────────────────────────────────────────────────────────────────────────────────────────


def reports(page: Page, live: Live, agency: Agency) -> tuple[str, str]:
    """By keyboard alone, from the home page to the receipt."""
    page.set_viewport_size(NARROW[0])
    page.goto(f"{live.url}/complaints")
    look(page, NARROW)
    tab_to(page, "我要举报")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("填写举报")
    look(page, NARROW)
    types(page, "target_name", agency.name)
    expect(page.locator("#found")).to_contain_text(agency.name)
    tab_to(page, "matters-0")
    page.keyboard.press("Space")
    types(page, "facts", SAID.facts)
    tab_to(page, "files")
    files: list[FilePayload] = [
        {"name": f"{SAID.file}.jpg", "mimeType": "image/jpeg", "buffer": SAID.picture()},
        {"name": f"{SAID.file}.pdf", "mimeType": "application/pdf", "buffer": SAID.paper()},
    ]
    page.locator("#files:focus").set_input_files(files)  # what its dialogue gives
    types(page, "name", SAID.name)
    types(page, "phone", SAID.phone)
    types(page, "email", SAID.email)
    tab_to(page, "发送验证码")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    look(page, NARROW)
    expect(page.get_by_role("main")).to_contain_text("已收到 2 个文件")
    types(page, "code", mailed_code(live))
    for box in ("consents", "is_true"):
        tab_to(page, box)
        page.keyboard.press("Space")
    tab_to(page, "提交举报")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("举报回执")
    look(page, NARROW)
    text = page.get_by_role("main").inner_text()
    found = NUMBER.search(text), SECRET.search(text)
    tab_to(page, "已记下，清除本页")
    page.keyboard.press("Enter")
    return tuple(each[0] for each in found if each)  # type: ignore[return-value]


def types(page: Page, field: str, text: str) -> None:
    tab_to(page, field)
    page.keyboard.insert_text(text)


def mailed_code(live: Live) -> str:
    with live.app.app_context():
        text = db.session.scalars(select(Mail.text).order_by(Mail.id.desc())).first() or ""
    return text.partition("验证码是 ")[2][:6]


def reads_the_reply(page: Page, live: Live, number: str, secret: str) -> None:
    page.goto(f"{live.url}/complaints/follow")
    look(page, NARROW)
    types(page, "number", number)
    types(page, "secret", secret)
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="答复").or_(page.locator("#reply"))).to_contain_text(REPLY)
    look(page, NARROW)
    tab_to(page, "申请复核")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("申请复核")
    look(page, NARROW)


# ── the desk ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def assigns(desk: Desk, number: str, handler: User) -> None:
    desk.open("/desk/complaints").follow(number)
    expect(desk.text).not_to_contain_text(SAID.facts)
    desk.follow("指派办理人").choose(handler.display_name).press("指派")


def takes(desk: Desk, number: str) -> None:
    desk.open("/desk/complaints").follow(number).follow("声明并接办").choose("没有利害关系").press("声明并接办")
    expect(desk.text).to_contain_text(SAID.facts)
    expect(desk.text).not_to_contain_text(SAID.name)
    desk.follow("查看举报人信息").choose("电话核实").press("查看举报人信息")
    expect(desk.text).to_contain_text(SAID.name)
    desk.follow("返回举报").follow("登记核实结果", 0).choose("核实一致").press("登记结果")


def verifies(desk: Desk, side: Desk, agency: Agency) -> str:
    """Accepted in words of the officer's own, evidence cleared, the agency heard, on site, concluded."""
    complaint = desk.path
    desk.follow("受理").fill(facts="核对报告所列用电量是否属实。").press("受理并立案")
    desk.follow("打开案件")
    case = desk.path
    desk.follow("材料 1").open(case)
    desk.follow("制作副本").fill(pages="1").press("制作副本").press("可以给对方看")
    desk.follow("询问对方").choose(agency.name).fill(text="请说明用电量的出处。").choose("材料 1").press("发出询问")
    side.open("/matters").first_of_the_list().press("查看")
    expect(side.text).to_contain_text("请说明用电量的出处")
    side.fill(text="出自企业台账。").press("提交答复").follow("材料 1")
    for word in (SAID.file, SAID.facts, "JB2026", "案〔"):
        expect(side.text).not_to_contain_text(word)
    desk.open(case).follow("记录现场核查")
    desk.fill(first="甲某", second="乙某", day=str(TODAY), place="变电所", seen="与账单不符。").press("记入案件")
    desk.follow("写明结论")
    desk.page.locator("input[name=misconduct][value=falsified]").check()
    desk.page.locator("input[name=result][value=substantiated]").check()
    desk.page.locator("#clause").select_option("JL-22-3")
    desk.fill(facts="用电量与账单不符。", evidence="供电公司账单").press("保存这项结论")
    desk.follow("核实完毕").press("核实完毕")
    return complaint


def sanctions(desk: Desk, side: Desk, decider: Desk, lawyer: Desk) -> str:
    """Proposed, told, stated against, answered, decided by another, served, published; where it is published."""
    desk.follow("提出不予采信").press("提出")
    measure = desk.path
    desk.follow("送达告知书").choose("直接送达").fill(served_on=str(TODAY)).press("发出")
    side.open("/matters").follow("不予采信")
    own = side.path
    side.page.get_by_role("main").get_by_role("button", name="打开").click()
    side.page.wait_for_url("**/notice")
    side.seen().open(own).follow("陈述、申辩").fill(text="数据出自企业。")
    side.page.get_by_role("main").locator("form button[type=submit]").first.click()
    side.page.wait_for_url(f"**{own}")
    desk.open(measure).follow("要点 1").choose("不予采纳").fill(answer="经核不成立。").press("保存答复")
    desk.follow("发出答复").press("发出全部答复")
    lawyer.open(measure).follow("记录法制审核意见").fill(text="同意。").press("保存")
    decider.open(measure).follow("作出决定").fill(
        reasons="事实清楚。", document="测决〔2026〕1号", first_day=str(TODAY)
    )
    decider.fill(document="测决〔2026〕1号").press("作出决定")
    desk.open(measure).follow("送达决定").choose("直接送达").fill(served_on=str(TODAY)).press("发出")
    decider.open(measure).follow("公布").press("公布")
    side.open(own).page.get_by_role("main").get_by_role("button", name="打开").click()
    side.page.wait_for_url("**/decision")
    expect(side.seen().text).to_contain_text("测决〔2026〕1号")
    return "测决〔2026〕1号"


def is_public(visitor: Desk, agency: Agency, document: str) -> None:
    visitor.open("/circulars").follow(document)
    expect(visitor.text).to_contain_text(agency.name)
    visitor.open(f"/register/{agency.credit_code}")
    expect(visitor.text).to_contain_text("不予采信")
