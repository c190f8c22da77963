"""监督事项: what the other side sees of a proceeding, opens, states, waives; and what it never sees."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient

from accounts.models import User
from agency.models import Agency
from core import clock
from core.db import db, transaction
from sanctions.entries import Party, ProposalEntry, ServiceEntry
from sanctions.models import Channel, Measure, Proceeding, Served, Service, State, StatementFile
from sanctions.services import proposing, serving
from supervision.models import CaseKind
from tests.factories import Make
from tests.factories.agencies import TINY_PDF

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def agency(make: Make) -> Agency:
    return make.agency()


def now_of(app: Flask, row_id: int) -> Proceeding:
    with app.app_context():
        row = db.session.get_one(Proceeding, row_id)
        assert row.points is not None
        assert row.services is not None
        db.session.expunge_all()
        return row


def test_a_notice_is_opened_once_and_then_read(app: Flask, make: Make, agency: Agency, sign_in: SignIn) -> None:
    officer = make.officer("reviewer")
    row = make.proceeding(State.TOLD, agency=agency, by=officer)
    url, own = f"/matters/proceedings/{row.id}", sign_in(make.user_of(agency))
    assert row.number in own.get("/matters").text
    assert "编造" not in own.get(url).text  # nothing of it before it is opened
    assert own.get(f"{url}/notice").status_code == 302
    service = now_of(app, row.id).services[0]
    opening = f"{url}/services/{service.id}/open"
    assert own.get(opening).status_code == 405  # GET changes nothing
    assert own.post(opening).location == f"{url}/notice"
    opened_at = now_of(app, row.id).services[0].opened_at
    assert opened_at is not None
    own.post(opening)
    assert now_of(app, row.id).services[0].opened_at == opened_at
    page = own.get(f"{url}/notice").text
    for told in ("系编造", "第二十二条第三款", "陈述和申辩", "3 年内不予采信"):
        assert told in page
    case_number = row_case(app, row.id)
    for read in (page, own.get(url).text, own.get("/matters").text):
        assert officer.display_name not in read
        assert case_number not in read


def row_case(app: Flask, row_id: int) -> str:
    with app.app_context():
        return db.session.get_one(Proceeding, row_id).case.number


def test_a_statement_is_handed_in_once_with_its_files(app: Flask, make: Make, agency: Agency, sign_in: SignIn) -> None:
    row = make.proceeding(State.TOLD, agency=agency)
    url, own = f"/matters/proceedings/{row.id}/statement", sign_in(make.user_of(agency))
    assert own.get(url).status_code == 200
    assert own.post(url, data={"version": "1", "text": " "}).status_code == 422
    bad = {"version": "1", "text": "没有编造", "files": (BytesIO(b"no document"), "台账.pdf")}
    refused = own.post(url, data=bad)
    assert refused.status_code == 422
    assert "台账.pdf" in refused.text
    good = {"version": "1", "text": "没有编造。\n\n请延期。", "files": (BytesIO(TINY_PDF), "台账.pdf")}
    assert own.post(url, data=good).status_code == 302
    kept = now_of(app, row.id)
    assert (kept.state, [point.text for point in kept.points]) == (State.STATED, ["没有编造。", "请延期。"])
    again = {"version": "1", "text": "再来一次"}
    assert own.post(url, data=again).status_code == 409
    page = own.get(f"/matters/proceedings/{row.id}").text
    file_url = page.partition("/files/")[2].partition('"')[0]
    assert own.get(f"/matters/proceedings/{row.id}/files/{file_url}/download").data == TINY_PDF


def test_who_has_nothing_to_state_waives(app: Flask, make: Make, agency: Agency, sign_in: SignIn) -> None:
    row = make.proceeding(State.TOLD, agency=agency)
    url, own = f"/matters/proceedings/{row.id}/waive", sign_in(make.user_of(agency))
    assert "放弃后不能再提交" in own.get(url).text
    assert own.post(url, data={"version": "1"}).status_code == 302
    assert own.post(url, data={"version": "1"}).status_code == 409
    assert (now_of(app, row.id).waived, now_of(app, row.id).state) == (True, State.ANSWERED)


def test_another_agency_finds_nothing_there(app: Flask, make: Make, agency: Agency, sign_in: SignIn) -> None:
    row = make.proceeding(State.PUBLISHED, measure=Measure.CIRCULAR, agency=agency)
    file_id = make.material(make.agency()).file_id
    with app.app_context(), transaction() as session:
        session.add(StatementFile(proceeding_id=row.id, file_id=file_id, added_at=clock.now()))
    stranger = sign_in(make.user_of(make.agency()))
    service: Service = now_of(app, row.id).services[0]
    for path in ("", "/notice", "/decision", "/statement", "/waive", f"/files/{file_id}", f"/files/{file_id}/download"):
        assert stranger.get(f"/matters/proceedings/{row.id}{path}").status_code == 404
    assert stranger.post(f"/matters/proceedings/{row.id}/services/{service.id}/open").status_code == 404
    assert row.number not in stranger.get("/matters").text


def test_nothing_is_seen_before_it_is_told(make: Make, agency: Agency, sign_in: SignIn) -> None:
    row = make.proceeding(State.PROPOSED, agency=agency)
    own = sign_in(make.user_of(agency))
    assert own.get(f"/matters/proceedings/{row.id}").status_code == 404
    assert row.number not in own.get("/matters").text


def test_a_decision_that_was_not_served_is_not_shown(app: Flask, make: Make, agency: Agency, sign_in: SignIn) -> None:
    row = make.proceeding(State.DECIDED, agency=agency)
    own = sign_in(make.user_of(agency))
    assert own.get(f"/matters/proceedings/{row.id}/decision").status_code == 404
    page = own.get(f"/matters/proceedings/{row.id}").text
    assert (row.document or "") not in page
    assert "等待决定" in page


def test_answers_and_remedies_reach_the_other_side(make: Make, app: Flask, agency: Agency, sign_in: SignIn) -> None:
    row = make.proceeding(State.SERVED, agency=agency, measure=Measure.CIRCULAR)
    url, own = f"/matters/proceedings/{row.id}", sign_in(make.user_of(agency))
    assert "经查不成立" in own.get(url).text
    for service in now_of(app, row.id).services:
        own.post(f"{url}/services/{service.id}/open")
    page = own.get(f"{url}/decision").text
    for told in ("行政复议", "行政诉讼", "吉林省人民政府", "经查不成立"):
        assert told in page


def test_the_navigation_counts_what_waits(make: Make, agency: Agency, sign_in: SignIn) -> None:
    own = sign_in(make.user_of(agency))
    assert waiting_in(own.get("/matters").text) == ""
    make.proceeding(State.TOLD, agency=agency)
    assert waiting_in(own.get("/matters").text) == "1"


def waiting_in(page: str) -> str:
    """The count beside the place in the navigation."""
    return "".join(
        re.findall(r"监督事项\D{0,80}?<span[^>]*>\D*(\d+)", page.partition("</nav>")[0].partition("<nav")[2])
    )


def test_of_a_complaint_no_word_reaches_the_other_side(make: Make, agency: Agency, sign_in: SignIn, app: Flask) -> None:
    officer = make.officer("reviewer")
    case = make.concluded_case(CaseKind.COMPLAINT, agency=agency, by=officer)
    with app.app_context():
        entry = ProposalEntry(Measure.CIRCULAR, "用电量少报", "账单")
        row_id = proposing.propose(case.id, Party(agency_id=agency.id), entry, by=officer)
        serving.send(row_id, Served.NOTICE, ServiceEntry(Channel.IN_PERSON, clock.today()), version=1, by=officer)
    own = sign_in(make.user_of(agency))
    service = now_of(app, row_id).services[0]
    own.post(f"/matters/proceedings/{row_id}/services/{service.id}/open")
    for path in ("/matters", f"/matters/proceedings/{row_id}", f"/matters/proceedings/{row_id}/notice"):
        page = own.get(path).text.partition("<main")[2].partition("</main>")[0]
        for told in (case.number, "举报", officer.display_name):
            assert told not in page


def test_the_list_takes_as_many_queries_for_one_as_for_many(
    make: Make, agency: Agency, sign_in: SignIn, count_queries: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    own = sign_in(make.user_of(agency))
    make.proceeding(State.TOLD, agency=agency)
    with count_queries() as few:
        own.get("/matters")
    for _ in range(3):
        make.proceeding(State.TOLD, agency=agency, evaluation_ids=(1,))
    with count_queries() as many:
        assert own.get("/matters").text.count("请陈述、申辩") == 4
    assert len(many) == len(few)
