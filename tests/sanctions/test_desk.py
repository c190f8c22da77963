"""Measures at the desk: proposed, served, answered, decided, published on their pages; who may and who may not."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from accounts.models import User
from core import clock
from core.db import db
from notices.models import Notice
from sanctions.models import Measure, Proceeding, State
from sanctions.services import reminding
from supervision.models import CaseKind
from tests.factories import Make

SignIn = Callable[[User], FlaskClient]
AT = "/desk/sanctions"
PROPOSAL = {"measure": "non_adoption", "facts": "用电量与账单不符", "evidence": "书证：账单"}


def now_of(app: Flask, row_id: int) -> Proceeding:
    with app.app_context():
        row = db.session.get_one(Proceeding, row_id)
        db.session.expunge_all()
        return row


@pytest.fixture
def officer(make: Make) -> User:
    return make.officer("reviewer")


@pytest.fixture
def approver(make: Make) -> User:
    return make.officer("approver")


def test_a_measure_is_proposed_changed_and_told_on_its_pages(
    app: Flask, make: Make, officer: User, sign_in: SignIn
) -> None:
    agency = make.agency(service_address="")
    case = make.concluded_case(agency=agency, by=officer)
    desk = sign_in(officer)
    page = desk.get(f"{AT}/cases/{case.id}/propose").text
    assert "报告所列用电量与供电公司账单相差 40%" in page  # the conclusion's words, to be made fit
    assert desk.post(f"{AT}/cases/{case.id}/propose", data=PROPOSAL | {"facts": " "}).status_code == 422
    answer = desk.post(f"{AT}/cases/{case.id}/propose", data=PROPOSAL)
    assert answer.status_code == 302
    url = answer.location
    assert desk.post(f"{AT}/cases/{case.id}/propose", data=PROPOSAL).status_code == 409  # a second click
    edited = PROPOSAL | {"version": "1", "facts": "用电量少报四成"}
    assert desk.post(f"{url}/edit", data=edited).status_code == 302
    assert desk.post(f"{url}/edit", data=edited).status_code == 409  # Back, and once more
    assert "用电量少报四成" in desk.get(f"{url}/notice").text
    page = desk.get(f"{url}/notice/send").text
    assert "对方没有同意电子送达" in page
    assert 'value="electronic"' not in page
    sent = {"version": "2", "channel": "post", "note": "EMS 1"}
    assert desk.post(f"{url}/notice/send", data=sent).status_code == 302
    row = now_of(app, int(url.rpartition("/")[2]))
    assert row.state is State.PROPOSED
    page = desk.get(url).text
    assert "登记送达" in page
    service_url = page.partition("/services/")[2].partition("/")[0]
    received = {"version": "3", "served_on": str(clock.today())}
    assert desk.post(f"{url}/services/{service_url}/received", data=received).status_code == 302
    assert now_of(app, row.id).state is State.TOLD
    assert "送达回证" in desk.get(f"{url}/services/{service_url}/receipt").text
    assert "等待陈述、申辩" in desk.get(url).text


def test_points_are_answered_and_the_decision_made_by_another(
    app: Flask, make: Make, officer: User, approver: User, sign_in: SignIn
) -> None:
    row = make.proceeding(State.STATED, measure=Measure.CIRCULAR, by=officer)
    url, desk = f"{AT}/{row.id}", sign_in(officer)
    split = {"version": "1", "points": "数据出自企业。\n\n我们没有编造。"}
    assert desk.post(f"{url}/points", data=split).status_code == 302
    page = desk.get(url).text
    assert "还有 2 处要点没有答复" in page
    assert desk.post(f"{url}/answers/send", data={"version": "2"}).status_code == 422
    ids = [each.partition("/")[0] for each in page.split("/points/")[1:] if "/answer" in each[:20]]
    for version, point_id in enumerate(ids, start=2):
        data = {"version": str(version), "accepted": "no", "answer": "经核不成立"}
        assert desk.post(f"{url}/points/{point_id}/answer", data=data).status_code == 302
    assert desk.post(f"{url}/answers/send", data={"version": "4"}).status_code == 302
    assert desk.get(f"{url}/decide").status_code == 403
    boss = sign_in(approver)
    decision = {
        "version": "5", "measure": "circular", "reasons": "事实清楚", "document": "吉工信节能〔2026〕15 号",
        "dated": str(clock.today()),
    }  # fmt: skip
    assert boss.post(f"{url}/decide", data=decision | {"measure": "non_adoption"}).status_code == 422
    assert boss.post(f"{url}/decide", data=decision).status_code == 302
    assert boss.post(f"{url}/decide", data=decision).status_code == 409
    assert now_of(app, row.id).document == "吉工信节能〔2026〕15号"
    page = boss.get(f"{url}/decision").text
    assert "行政复议" in page
    assert "我们没有编造" in page
    assert "处罚" not in page
    sent = {"version": "6", "channel": "in_person", "served_on": str(clock.today())}
    assert desk.post(f"{url}/decision/send", data=sent).status_code == 302
    assert boss.post(f"{url}/publish", data={"version": "7", "text": "经查，予以通报。"}).status_code == 302
    assert now_of(app, row.id).state is State.PUBLISHED


def test_an_approver_who_took_part_sees_why_it_is_not_theirs(make: Make, approver: User, sign_in: SignIn) -> None:
    row = make.proceeding(State.ANSWERED, measure=Measure.CIRCULAR, by=approver)
    desk = sign_in(approver)
    assert "不能由您决定" in desk.get(f"{AT}/{row.id}").text
    data = {
        "version": "1",
        "measure": "circular",
        "reasons": "事实清楚",
        "document": "测1",
        "dated": str(clock.today()),
    }
    refused = desk.post(f"{AT}/{row.id}/decide", data=data)
    assert refused.status_code == 422
    assert "未参与的审批人" in refused.text


def test_a_bureau_proposes_in_its_own_case_and_sees_no_other(
    app: Flask, make: Make, officer: User, sign_in: SignIn
) -> None:
    bureau = make.officer("municipal", bureau="changchun")
    agency = make.agency()
    own = make.concluded_case(agency=agency, bureau="changchun", by=bureau)
    desk = sign_in(bureau)
    answer = desk.post(f"{AT}/cases/{own.id}/propose", data=PROPOSAL)
    assert answer.status_code == 302
    assert desk.get(f"{answer.location}/decide").status_code == 403
    other = make.proceeding(State.TOLD, by=officer)
    assert desk.get(f"{AT}/{other.id}").status_code == 403
    page = desk.get(AT).text
    assert agency.name in page
    assert other.number not in page


def test_what_is_in_a_complaints_case_only_its_officers_make_a_measure_of(
    make: Make, officer: User, sign_in: SignIn
) -> None:
    case = make.concluded_case(CaseKind.COMPLAINT, agency=make.agency(), by=officer)
    assert sign_in(make.officer("reviewer")).get(f"{AT}/cases/{case.id}/propose").status_code == 403
    assert sign_in(officer).get(f"{AT}/cases/{case.id}/propose").status_code == 200


def test_the_list_is_filtered_and_takes_as_many_queries_for_many_as_for_one(
    make: Make, officer: User, sign_in: SignIn, count_queries: Callable[[], object]
) -> None:
    first = make.proceeding(State.TOLD, by=officer)
    desk = sign_in(officer)
    with count_queries() as few:  # type: ignore[attr-defined]
        desk.get(AT)
    for _ in range(3):
        last = make.proceeding(State.ANSWERED, measure=Measure.CIRCULAR, by=officer)
    with count_queries() as many:  # type: ignore[attr-defined]
        desk.get(AT)
    assert len(many) == len(few)
    page = desk.get(AT, query_string={"measure": "circular", "state": "answered"}).text
    assert last.number in page
    assert first.number not in page
    assert desk.get(AT, query_string={"q": first.number}).text.count(first.number) >= 1
    assert "没有符合条件的事项" in desk.get(AT, query_string={"state": "annulled"}).text
    assert desk.get(f"{AT}/export.xlsx").status_code == 200


def test_the_worklist_holds_whose_turn_it_is(make: Make, officer: User, approver: User, sign_in: SignIn) -> None:
    agencies = [make.agency() for _ in range(3)]
    make.proceeding(State.STATED, measure=Measure.CIRCULAR, agency=agencies[0], by=officer)
    make.proceeding(State.ANSWERED, measure=Measure.CIRCULAR, agency=agencies[1], by=officer)
    make.proceeding(State.ANSWERED, measure=Measure.CIRCULAR, agency=agencies[2], by=approver)
    for user, theirs in ((officer, [agencies[0]]), (approver, [agencies[1]])):
        page = sign_in(user).get("/desk").text.partition('id="measures"')[2].partition("</section>")[0]
        assert [each for each in agencies if each.name in page] == theirs


def test_the_clock_tells_once_of_a_term_that_is_over(app: Flask, make: Make, officer: User) -> None:
    row = make.proceeding(State.TOLD, by=officer)
    with app.app_context():
        due = now_of(app, row.id).statement_due
        assert due is not None
        assert reminding.remind(due) == (0, 0)
        assert reminding.remind(due + timedelta(days=1)) == (1, 0)
        assert reminding.remind(due + timedelta(days=1)) == (0, 0)
        assert reminding.remind(clock.today() + timedelta(days=91)) == (0, 1)
        events = list(db.session.scalars(select(Notice.event).where(Notice.audience_kind == "account")))
    assert events.count("proceeding_term_over") == 1
    assert events.count("proceeding_overlong") == 1
