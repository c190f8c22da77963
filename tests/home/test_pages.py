"""Each role's frame and start page."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from agency.models import Agency, CodeCheck, Flag, FlagKind, Office
from core import clock
from core.db import db, transaction
from filing import services
from filing.models import Filing


def navigation(page):
    """Label → address of the items of the main navigation, with the count where there is one."""
    part = page.split('aria-label="主导航"')[1].split("</nav>")[0]
    items = {}
    for item in part.split('<a href="')[1:]:
        address, rest = item.split('"', 1)
        label = rest.split(">", 1)[1].split("<")[0]
        count = item.split("，</span>")[1].split("<")[0] if 'class="count"' in item else ""
        items[label] = (address, count)
    return items


def current(page):
    return page.split('aria-current="page">')[1].split("<")[0]


def mark(app, agency_id, **columns):
    with app.app_context(), transaction() as session:
        values = {"kind": FlagKind.CONDITIONS_NOT_MET, "since": clock.today(), "facts": "9/10 人"} | columns
        session.add(Flag(agency_id=agency_id, **values))


DESK = ["待办", "评价", "培育对象", "备案", "机构", "年度总结", "举报", "监督"]
ADMIN = ["系统管理", "账号", "日志", "定时任务", "发件箱", "职称与专业"]


def test_a_visitor_sees_what_anyone_may_do(client):
    page = client.get("/rules").text
    labels = ["机构名录", "通报公告", "实名举报", "规则与执行", "核验回执", "机构登记", "登录"]
    assert list(navigation(page)) == labels
    assert current(page) == "规则与执行"
    assert "退出" not in page


@pytest.mark.parametrize(
    ("roles", "start", "labels"),
    [
        (("reviewer",), "/desk", DESK),
        (("approver",), "/desk", DESK),
        (("municipal",), "/desk", DESK),
        (("admin",), "/admin", ["系统管理", "账号", "日志", "定时任务", "发件箱", "职称与专业"]),
        (
            ("reviewer", "admin"),
            "/desk",
            [*DESK, "系统管理", "账号", "日志", "定时任务", "发件箱", "职称与专业"],
        ),
    ],
)
def test_an_officer_starts_where_the_work_is(make, sign_in, roles, start, labels):
    client = sign_in(make.officer(*roles, bureau="tonghua" if "municipal" in roles else None))
    assert client.get("/start").location == start
    page = client.get(start).text
    assert list(navigation(page)) == labels
    assert current(page) == labels[0]


def test_every_place_of_the_navigation_is_there(make, sign_in):
    users = (
        make.officer("approver", "reviewer", "admin"),
        make.officer("municipal", bureau="changchun"),
        make.user_of(make.agency()),
        make.user_of_applicant(make.applicant()),
    )
    clients = [sign_in(user) for user in users]
    for client in clients:
        for label, (address, _) in navigation(client.get("/").text).items():
            assert client.get(address).status_code == 200, label


def test_an_agency_starts_at_its_home(make, sign_in):
    agency = make.agency(name="吉林江澜环境技术有限公司")
    client = sign_in(make.user_of(agency))
    assert client.get("/start").location == "/home"
    page = client.get("/home").text
    assert list(navigation(page)) == ["机构首页", "评价", "本单位资料", "人员", "备案", "年度总结", "监督事项"]
    assert page.count("吉林江澜环境技术有限公司") >= 2  # in the masthead and as the title
    assert "填报机构情况" in page


def test_the_agencys_home_shows_state_check_and_next_step(make, sign_in):
    agency = make.qualified_agency()
    filing = make.filing("filed", agency=agency)
    page = sign_in(make.user_of(agency)).get("/home").text
    for words in (filing.number, "已备案", "没有待办", "第二十条（三）", "11/10", "已准予备案"):
        assert words in page


def test_what_lapses_soon_is_named_with_its_day(app, make, sign_in):
    agency = make.qualified_agency()
    soon = clock.today() + timedelta(days=12)
    with app.app_context(), transaction() as session:
        session.scalars(select(Office).where(Office.agency_id == agency.id)).one().leased_until = soon
    page = sign_in(make.user_of(agency)).get("/home").text
    assert f"{soon}，还有 12 天" in page


def test_the_desk_is_told_whose_turn_it_is(app, make, sign_in):
    reviewer, approver = make.officer("reviewer"), make.officer("approver")
    waiting = make.filing("submitted")
    taken = make.filing("under_review", reviewer=reviewer)
    decided = make.filing("reviewed", reviewer=reviewer)
    make.filing("draft")
    with app.app_context():
        names = {row.id: row.name for row in db.session.scalars(select(Agency))}
    reviewing = sign_in(reviewer).get("/desk").text
    assert navigation(reviewing)["待办"][1] == "2"
    assert names[waiting.agency_id] in reviewing
    assert names[taken.agency_id] in reviewing
    assert names[decided.agency_id] not in reviewing
    deciding = sign_in(approver).get("/desk").text
    assert navigation(deciding)["待办"][1] == "1"
    assert names[decided.agency_id] in deciding
    assert names[waiting.agency_id] not in deciding


def test_who_reviewed_is_told_that_another_decides(make, sign_in):
    both = make.officer("reviewer", "approver")
    make.filing("reviewed", reviewer=both)
    page = sign_in(both).get("/desk").text
    assert "您审核过这件备案" in page
    assert navigation(page)["待办"][1] == ""


def test_who_handed_the_review_over_does_not_decide_either(app, make, sign_in):
    first, second = make.officer("reviewer", "approver"), make.officer("reviewer")
    filing = make.filing("under_review", reviewer=first)
    with app.app_context():
        services.take_over(filing.id, version=filing.version, by=second, reason="轮岗")
        version = db.session.get_one(Filing, filing.id).version
        services.pass_(filing.id, version=version, by=second, reason="材料齐全")
    page = sign_in(first).get("/desk").text
    assert "您审核过这件备案" in page
    assert navigation(page)["待办"][1] == ""


def test_what_was_returned_stands_apart_from_what_waits(make, sign_in):
    make.filing("returned", agency=make.qualified_agency(division="220502"))
    page = sign_in(make.officer("reviewer")).get("/desk").text
    assert navigation(page)["待办"][1] == ""
    assert 'href="/desk/filings?state=returned"' in page
    near, far = (sign_in(make.officer("municipal", bureau=each)).get("/desk").text for each in ("tonghua", "baishan"))
    assert 'href="/desk/filings?state=returned&amp;bureau=tonghua"' in near
    assert "没有等机构补正的备案" in far


def test_marks_and_doubtful_codes_are_followed_up(app, make, sign_in):
    for days in (None, -1, 20):
        filing = make.filing("filed")
        mark(app, filing.agency_id, mend_by=clock.today() + timedelta(days=days) if days else None)
    mended = make.filing("filed")
    mark(app, mended.agency_id, mended_on=clock.today())
    with app.app_context(), transaction() as session:
        values = {"contact_name": "赵", "contact_phone": "13800000000", "explanation": "证书如此"}
        session.add(CodeCheck(credit_code="91220101MA0000000X", name="长春某公司", asked_at=clock.now(), **values))
    page = sign_in(make.officer("reviewer")).get("/desk").text
    for words in ("确定补正期限", "已逾期", "等机构补正", "确认补正", "91220101MA0000000X"):
        assert words in page
    assert navigation(page)["待办"][1] == "4"  # the one whose term runs needs nobody


def test_a_bureau_reads_what_its_own_agencies_do(make, sign_in):
    near = make.qualified_agency(name="通化近处公司", division="220502")
    far = make.qualified_agency(name="白山远处公司", division="220602")
    apart = make.qualified_agency(name="梅河口公司", division="220581")
    for agency in (near, far, apart):
        make.filing("submitted", agency=agency)
    page = sign_in(make.officer("municipal", bureau="tonghua")).get("/desk").text
    assert "通化近处公司" in page
    assert "白山远处公司" not in page
    assert "梅河口公司" not in page
    assert "通化市工业和信息化局" in page
    assert "受理或退回" not in page


def test_an_empty_desk_says_so(make, sign_in):
    page = sign_in(make.officer("reviewer", "approver")).get("/desk").text
    for words in (
        "没有等待审批的备案",
        "没有等待受理的备案",
        "没有正在审核的备案",
        "没有条件不符的机构",
        "没有等待核验的代码",
    ):
        assert words in page


def test_the_worklist_takes_a_fixed_number_of_queries(make, sign_in, count_queries):
    client = sign_in(make.officer("reviewer", "approver"))

    def asked():
        with count_queries() as queries:
            client.get("/desk")
        return len(queries)

    empty = asked()
    for state in ("submitted", "submitted", "under_review", "reviewed", "reviewed"):
        make.filing(state)
    assert asked() == empty


@pytest.mark.parametrize(("address", "role"), [("/home", "reviewer"), ("/home", "admin"), ("/desk", "admin")])
def test_start_pages_are_for_their_own(make, sign_in, address, role):
    assert sign_in(make.officer(role)).get(address).status_code == 403


def test_an_agency_has_no_desk(make, sign_in):
    assert sign_in(make.user_of(make.agency())).get("/desk").status_code == 403


@pytest.mark.parametrize("address", ["/start", "/home", "/desk"])
def test_a_visitor_is_sent_to_sign_in(client, address):
    answer = client.get(address)
    assert answer.status_code == 302
    assert answer.location.startswith("/accounts/login")


def test_a_number_that_no_row_can_have_is_no_page(make, sign_in):
    assert sign_in(make.officer("reviewer")).get(f"/desk/filings/{2**31}").status_code == 404
