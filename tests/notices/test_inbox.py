"""Who is told what, what is unread, and where opening a notice leads."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select

from accounts.models import User
from core import clock
from core.db import db, transaction
from core.refs import Ref
from notices import outbox, queries
from notices.models import Notice, NoticeRead
from notices.outbox import Audience
from tests.factories import Make

SignIn = Callable[..., FlaskClient]
TOLD = {"account": "filing_taken_over", "role": "filing_submitted", "agency": "filing_taken"}  # an event for each kind


def post(app: Flask, to: Audience, label: str, kind: str = "account", about: int | None = None) -> int:
    with app.app_context(), transaction() as session:
        outbox.post(session, TOLD[to.kind], to=to, about=Ref(kind, about, label))
        session.flush()
        return session.scalars(select(func.max(Notice.id))).one()


def unread(app: Flask, user: User) -> int:
    with app.app_context():
        return queries.unread_count(db.session(), db.session.get_one(User, user.id))


def test_a_notice_reaches_its_account_its_role_and_its_agency_and_nobody_else(
    app: Flask, make: Make, sign_in: SignIn
) -> None:
    agency = make.agency()
    own, officer, stranger = make.user_of(agency), make.officer("reviewer"), make.user_of(make.agency())
    post(app, Audience.account(officer.id), "甲事")
    post(app, Audience.role("reviewer"), "乙事")
    post(app, Audience.agency(agency.id), "丙事")
    seen = {user.username: sign_in(user).get("/notices").text for user in (own, officer, stranger)}
    assert [word in seen[officer.username] for word in ("甲事", "乙事", "丙事")] == [True, True, False]
    assert [word in seen[own.username] for word in ("甲事", "乙事", "丙事")] == [False, False, True]
    assert [word in seen[stranger.username] for word in ("甲事", "乙事", "丙事")] == [False, False, False]
    assert [unread(app, user) for user in (own, officer, stranger)] == [1, 2, 0]


def test_opening_marks_it_read_for_the_one_who_opened_it_and_leads_to_the_object(
    app: Flask, make: Make, sign_in: SignIn
) -> None:
    reader, other, agency = make.officer("reviewer"), make.officer("reviewer"), make.agency()
    notice = post(app, Audience.role("reviewer"), "某机构", "agency", agency.id)
    client = sign_in(reader)
    for _ in range(2):  # the double click too
        assert client.post(f"/notices/{notice}/open").location == f"/desk/agencies/{agency.id}"
    assert (unread(app, reader), unread(app, other)) == (0, 1)
    assert 'class="unread"' not in client.get("/notices").text


def test_a_notice_about_what_has_no_page_leads_back_to_the_list(app: Flask, make: Make, sign_in: SignIn) -> None:
    user = make.officer("reviewer")
    notice = post(app, Audience.account(user.id), "旧事", "something_gone", 1)
    client = sign_in(user)
    assert client.post(f"/notices/{notice}/open").location == "/notices"
    assert "没有对应的页面" in client.get("/notices").text


def test_somebody_elses_notice_does_not_exist(app: Flask, make: Make, sign_in: SignIn) -> None:
    notice = post(app, Audience.account(make.officer("reviewer").id), "私事")
    assert sign_in(make.officer("reviewer")).post(f"/notices/{notice}/open").status_code == 404


def test_what_a_role_was_told_needs_no_reading_once_the_matter_has_gone_on(
    app: Flask, make: Make, sign_in: SignIn
) -> None:
    reviewer, colleague, own = make.officer("reviewer"), make.officer("reviewer"), make.user_of(make.agency())
    with app.app_context(), transaction() as session:
        about = Ref("filing", 7, "某件备案")
        outbox.post(session, "filing_withdrawn", to=Audience.account(own.id), about=about)
        outbox.post(session, "filing_submitted", to=Audience.role("reviewer"), about=about)
    assert [unread(app, user) for user in (reviewer, colleague, own)] == [1, 1, 1]
    post(app, Audience.account(own.id), "某件备案", "filing", 8)  # of another filing
    assert unread(app, reviewer) == 1
    post(app, Audience.account(own.id), "某件备案", "filing", 7)  # taken
    assert [unread(app, user) for user in (reviewer, colleague, own)] == [0, 0, 3]
    page = sign_in(reviewer).get("/notices").text
    assert "某件备案 已提交备案" in page
    assert 'class="unread"' not in page


def test_two_roles_told_at_once_both_have_it_to_read(app: Flask, make: Make) -> None:
    officers = make.officer("reviewer"), make.officer("approver")
    with app.app_context(), transaction() as session:
        for role in ("reviewer", "approver"):
            outbox.post(session, "filing_cancelled", to=Audience.role(role), about=Ref("filing", 7, "某件备案"))
    assert [unread(app, user) for user in officers] == [1, 1]


def test_what_is_told_in_passing_takes_nothing_from_the_unread(app: Flask, make: Make) -> None:
    reviewer, about = make.officer("reviewer"), Ref("agency", 7, "某机构")
    with app.app_context(), transaction() as session:
        outbox.post(session, "conditions_lost", to=Audience.role("reviewer"), about=about)
        outbox.post(session, "staff_claimed_elsewhere", to=Audience.agency(7), about=about)
    assert unread(app, reviewer) == 1
    with app.app_context(), transaction() as session:
        outbox.post(session, "term_set", to=Audience.agency(7), about=about)
    assert unread(app, reviewer) == 0


def test_reading_the_list_marks_nothing(app: Flask, make: Make, sign_in: SignIn) -> None:
    user = make.officer("reviewer")
    post(app, Audience.account(user.id), "甲事")
    sign_in(user).get("/notices")
    assert unread(app, user) == 1


def test_all_read_means_all_that_was_shown(app: Flask, make: Make, sign_in: SignIn) -> None:
    user = make.officer("reviewer")
    first, shown = (post(app, Audience.account(user.id), label) for label in ("甲事", "乙事"))
    client = sign_in(user)
    client.post(f"/notices/{first}/open")
    later = post(app, Audience.account(user.id), "丙事")
    client.post("/notices/read", data={"up_to": shown})
    assert unread(app, user) == 1
    client.post("/notices/read", data={"up_to": first})  # an older page sent again takes nothing back
    client.post("/notices/read", data={"up_to": "x"})
    assert unread(app, user) == 1
    client.post("/notices/read", data={"up_to": later})
    assert unread(app, user) == 0
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(NoticeRead)) == 0


@pytest.mark.parametrize("up_to", ["9" * 30, "9" * 400, "9" * 5000, "-1", ""])
def test_a_number_that_no_page_showed_is_no_failure(make: Make, sign_in: SignIn, up_to: str) -> None:
    assert sign_in(make.officer("reviewer")).post("/notices/read", data={"up_to": up_to}).status_code == 302


def test_who_comes_later_does_not_begin_with_the_old_ones(app: Flask, make: Make) -> None:
    with clock.frozen(clock.now() - timedelta(days=30)):
        post(app, Audience.role("reviewer"), "旧事")
    assert unread(app, make.officer("reviewer")) == 0


def test_the_newest_stands_first_and_the_rest_follows_page_by_page(app: Flask, make: Make, sign_in: SignIn) -> None:
    user = make.officer("reviewer")
    with app.app_context(), transaction() as session:
        for number in range(25):
            outbox.post(
                session, "filing_taken_over", to=Audience.account(user.id), about=Ref("account", 1, f"第{number:02d}事")
            )
    page = sign_in(user).get("/notices").text
    assert page.index("第24事") < page.index("第05事")
    assert "第04事" not in page
    assert "25 条未读" in page


def test_counting_takes_one_query_and_stops_where_nobody_counts(app: Flask, make: Make) -> None:
    user = make.officer("reviewer")
    with app.app_context(), transaction() as session:
        for _ in range(queries.MOST_COUNTED + 5):
            outbox.post(session, "filing_taken_over", to=Audience.account(user.id), about=Ref("account", 1, "事"))
    statements: list[str] = []
    with app.app_context():
        row = db.session.get_one(User, user.id)
        assert row.roles
        event.listen(db.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
        assert queries.unread_count(db.session(), row) == queries.MOST_COUNTED
    assert len([text for text in statements if text.startswith("SELECT")]) == 1


def test_the_list_shows_only_unread_ones_and_one_kind_of_matter(app: Flask, make: Make, sign_in: SignIn) -> None:
    user = make.officer("reviewer")
    read, _ = (post(app, Audience.account(user.id), label) for label in ("甲事", "乙事"))
    with app.app_context(), transaction() as session:
        outbox.post(session, "conditions_lost", to=Audience.role("reviewer"), about=Ref("agency", 7, "丙机构"))
    client = sign_in(user)
    client.post(f"/notices/{read}/open")
    shown = {
        query: client.get(f"/notices?{query}").text for query in ("", "unread=yes", "about=机构", "unread=x&about=y")
    }
    words = ("甲事", "乙事", "丙机构")
    assert {query: [word in page for word in words] for query, page in shown.items()} == {
        "": [True, True, True],
        "unread=yes": [False, True, True],
        "about=机构": [False, False, True],
        "unread=x&about=y": [True, True, True],  # what no filter has is as good as none
    }
    assert "没有符合条件的消息" in client.get("/notices?about=监督").text


def test_the_bell_says_how_many_are_unread(app: Flask, make: Make, sign_in: SignIn) -> None:
    user = make.officer("reviewer")
    client = sign_in(user)
    assert "条未读</span>" not in client.get("/desk").text
    for label in ("甲事", "乙事"):
        post(app, Audience.account(user.id), label)
    bell = client.get("/desk").text.partition('class="bell"')[2].partition("</a>")[0]
    assert 'href="/notices"' in bell
    assert 'aria-hidden="true"' in bell
    assert re.sub(r"<[^>]*>|\s", "", bell.partition(">")[2]) == "消息，2条未读"


def test_the_link_of_a_mail_leads_to_the_notice_and_marks_nothing(app: Flask, make: Make, sign_in: SignIn) -> None:
    user = make.officer("reviewer")
    notice = post(app, Audience.account(user.id), "甲事")
    page = sign_in(user).get(f"/notices/{notice}")
    assert "甲事" in page.text
    assert f"/notices/{notice}/open" in page.text
    assert unread(app, user) == 1
    assert sign_in(make.officer("reviewer")).get(f"/notices/{notice}").status_code == 404


def test_everyone_may_read_who_is_told_what(make: Make, sign_in: SignIn) -> None:
    page = sign_in(make.user_of(make.agency())).get("/notices/events").text
    assert "已提交备案，等待受理" in page
    assert "{label}" not in page
    assert "机构和培育对象即时发送，工作人员每日汇总" in page
