"""The officers' pages of complaints: who sees what, what is refused and logged, what no list and no export holds."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from io import BytesIO

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from accounts.models import User
from complaints.models import CallResult, Complaint, State
from complaints.services import asking, calling, deciding, extending, replying
from core import clock
from core.audit import AuditEntry
from core.db import db, transaction
from supervision.models import Case, CaseState, Result
from tests.factories import Make

SignIn = Callable[[User], FlaskClient]
Counted = Callable[[], AbstractContextManager[list[str]]]
DESK = "/desk/complaints"
WORDS = "电费单"  # of the factory's facts
SECRETS = ("辛实名", "13804310001", "reporter@example.org", WORDS)


@pytest.fixture
def handler(make: Make) -> User:
    return make.officer("reviewer")


@pytest.fixture
def approver(make: Make) -> User:
    return make.officer("approver")


@pytest.fixture
def complaint(make: Make, handler: User, approver: User) -> Complaint:
    return make.complaint_in_hand(handler, by=approver, agency=make.agency(), files=1)


def refused_looks(app: Flask) -> list[int | None]:
    with app.app_context():
        wanted = select(AuditEntry.actor_id).where(AuditEntry.action == "complaint.refused_look")
        return list(db.session.scalars(wanted.order_by(AuditEntry.number)))


def accept(app: Flask, make: Make, complaint: Complaint, handler: User) -> Complaint:
    with app.app_context():
        calling.record(complaint.id, CallResult.CONFIRMED, note="", version=complaint.version, by=handler)
    with app.app_context():
        version = db.session.get_one(Complaint, complaint.id).version
        deciding.accept(complaint.id, "核实年度数据是否属实。", version=version, by=handler)
    return make.complaint_now(complaint)


def test_the_handler_reads_it_and_the_assigner_only_the_frame(
    complaint: Complaint, handler: User, approver: User, sign_in: SignIn
) -> None:
    url = f"{DESK}/{complaint.id}"
    own = sign_in(handler).get(url).text
    assert WORDS in own
    assert "材料 1" in own
    frame = sign_in(approver).get(url).text
    assert complaint.number in frame
    assert "受理期限" in frame
    assert WORDS not in frame
    assert "材料 1" not in frame
    assert "佐证1.pdf" not in own  # a file's name may give its giver away


def test_before_the_declaration_nothing_is_shown(make: Make, handler: User, approver: User, sign_in: SignIn) -> None:
    complaint = make.complaint_in_hand(handler, by=approver, declared=False)
    desk, url = sign_in(handler), f"{DESK}/{complaint.id}"
    page = desk.get(url).text
    assert WORDS not in page
    assert "请先声明有无利害关系" in page
    assert desk.get(f"{url}/accept").status_code == 403
    assert desk.post(f"{url}/declare", data={"version": complaint.version}).status_code == 422
    assert desk.post(f"{url}/declare", data={"version": complaint.version, "declared": "y"}).location == url
    assert WORDS in desk.get(url).text


@pytest.mark.parametrize("path", ["", "/reporter", "/accept", "/files/1", "/files/1/1", "/reply"])
def test_who_is_not_assigned_is_refused_and_written_down(
    app: Flask, make: Make, complaint: Complaint, sign_in: SignIn, path: str
) -> None:
    others = [make.officer("reviewer"), make.officer("municipal", bureau="siping"), make.officer("admin")]
    for other in others:
        answer = sign_in(other).get(f"{DESK}/{complaint.id}{path}")
        assert answer.status_code == 403
        assert not any(word in answer.text for word in (*SECRETS, complaint.number))
    assert refused_looks(app) == [each.id for each in others]


def test_outside_the_desk_no_complaint_is_there(app: Flask, make: Make, complaint: Complaint, sign_in: SignIn) -> None:
    client = sign_in(make.user_of(make.agency()))
    for number in (complaint.id, complaint.id + 1000):
        assert client.get(f"{DESK}/{number}").status_code == 404
    assert refused_looks(app) == []


def test_a_bureau_sees_its_own_and_no_other(make: Make, sign_in: SignIn) -> None:
    siping, changchun = (make.officer("municipal", bureau=key) for key in ("siping", "changchun"))
    complaint = make.complaint_in_hand(siping, bureau="siping")
    assert complaint.number in sign_in(siping).get(DESK).text
    assert WORDS in sign_in(siping).get(f"{DESK}/{complaint.id}").text
    assert complaint.number not in sign_in(changchun).get(DESK).text
    assert sign_in(changchun).get(f"{DESK}/{complaint.id}").status_code == 403
    colleague = sign_in(make.officer("municipal", bureau="siping"))  # who assigns, and reads nothing
    assert WORDS not in colleague.get(f"{DESK}/{complaint.id}").text


def test_who_reported_is_shown_for_a_purpose_and_kept_nowhere(
    app: Flask, complaint: Complaint, handler: User, sign_in: SignIn
) -> None:
    desk, url = sign_in(handler), f"{DESK}/{complaint.id}/reporter"
    assert "辛实名" not in desk.get(url).text
    assert desk.post(url, data={}).status_code == 422
    shown = desk.post(url, data={"purpose": "call"})
    assert all(word in shown.text for word in SECRETS[:3])
    assert shown.headers["Cache-Control"] == "no-store"
    assert not any(word in desk.get(f"{DESK}/{complaint.id}").text for word in SECRETS[:3])
    with app.app_context():
        entries = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "complaint.reporter_shown")).all()
        assert [entry.reason for entry in entries] == ["电话核实身份和联系方式"]


def test_evidence_is_looked_at_as_pictures_and_saved_under_a_neutral_name(
    complaint: Complaint, handler: User, sign_in: SignIn
) -> None:
    desk, url = sign_in(handler), f"{DESK}/{complaint.id}/files/{complaint.files[0].id}"
    assert desk.get(f"{url}/1").mimetype == "image/jpeg"
    saved = desk.get(url)
    assert "%E4%BD%90" not in saved.headers["Content-Disposition"]
    assert complaint.number in saved.headers["Content-Disposition"]
    assert desk.get(f"{DESK}/{complaint.id}/files/{complaint.files[0].id + 99}").status_code == 404


def test_list_and_export_hold_no_word_of_it(
    make: Make, complaint: Complaint, handler: User, approver: User, sign_in: SignIn
) -> None:
    other = make.complaint(facts="另一件事，另一段文字。")
    for user, sees_party in ((handler, True), (approver, True), (make.officer("reviewer"), False)):
        desk = sign_in(user)
        page = desk.get(DESK).text
        assert complaint.number in page
        assert other.number in page
        assert (complaint.target_name in page) is sees_party
        book = openpyxl.load_workbook(BytesIO(desk.get(f"{DESK}/export.xlsx").data))
        cells = "".join(str(cell.value) for row in book.active.iter_rows() for cell in row)
        assert complaint.number in cells
        assert not any(word in page + cells for word in SECRETS)
        assert complaint.target_name not in cells


def test_the_list_is_filtered_and_exported_as_filtered(
    app: Flask, make: Make, complaint: Complaint, handler: User, sign_in: SignIn
) -> None:
    received = make.complaint()
    desk = sign_in(handler)
    for asked, there, gone in (
        ({"whose": "mine"}, complaint, received),
        ({"state": "received"}, received, complaint),
        ({"target": "agency"}, complaint, received),
        ({"q": received.number.lower()}, received, complaint),
    ):
        page = desk.get(DESK, query_string=asked).text
        assert there.number in page
        assert gone.number not in page
        book = openpyxl.load_workbook(BytesIO(desk.get(f"{DESK}/export.xlsx", query_string=asked).data))
        assert [row[0].value for row in book.active.iter_rows(min_row=2)] == [there.number]
    for asked in ({"matter": "over_cap"}, {"whose": "overdue"}, {"bureau": "siping"}):
        assert "没有符合条件的举报" in desk.get(DESK, query_string=asked).text
    both = desk.get(DESK, query_string={"matter": "false_report", "bureau": "province"}).text
    assert complaint.number in both


def test_the_list_takes_as_many_queries_for_many_as_for_few(
    make: Make, complaint: Complaint, handler: User, sign_in: SignIn, count_queries: Counted
) -> None:
    desk = sign_in(handler)
    with count_queries() as few:
        desk.get(DESK)
    for number in range(1, 22):
        make.complaint(address=f"192.0.2.{100 + number}")
    with count_queries() as many:
        page = desk.get(DESK).text
    assert len(many) == len(few)
    assert "后一页" in page


def test_a_page_takes_as_many_queries_with_much_in_it(
    app: Flask, make: Make, complaint: Complaint, handler: User, sign_in: SignIn, count_queries: Counted
) -> None:
    desk = sign_in(handler)
    url = f"{DESK}/{complaint.id}"
    with count_queries() as few:
        desk.get(url)
    for number in range(3):
        with app.app_context():
            version = db.session.get_one(Complaint, complaint.id).version
            asking.ask(complaint.id, f"第 {number} 问", for_evidence=False, version=version, by=handler)
    with count_queries() as many:
        assert "暂停计时" in desk.get(url).text
    assert len(many) <= len(few) + 1


def test_every_form_of_the_handler_opens_and_is_refused_empty(
    complaint: Complaint, handler: User, sign_in: SignIn
) -> None:
    desk, url = sign_in(handler), f"{DESK}/{complaint.id}"
    for name in ("refer", "call", "ask", "accept", "keep", "refuse", "join", "recuse", "extension", "withdrawn"):
        assert desk.get(f"{url}/{name}").status_code == 200
        assert desk.post(f"{url}/{name}", data={"version": complaint.version}).status_code == 422
    for name in ("conclude", "accept-clue"):
        assert desk.get(f"{url}/{name}").status_code == 200
        assert desk.post(f"{url}/{name}", data={"version": complaint.version}).status_code == 409


def test_a_second_click_is_told_so(complaint: Complaint, handler: User, sign_in: SignIn) -> None:
    desk, url = sign_in(handler), f"{DESK}/{complaint.id}/call"
    data = {"version": complaint.version, "result": "confirmed"}
    assert desk.post(url, data=data).status_code == 302
    again = desk.post(url, data=data)
    assert again.status_code == 409
    assert "刚刚有变化" in again.text


def test_accepting_by_its_page_warns_and_opens_the_case(
    app: Flask, make: Make, complaint: Complaint, handler: User, sign_in: SignIn
) -> None:
    desk, url = sign_in(handler), f"{DESK}/{complaint.id}"
    desk.post(f"{url}/call", data={"version": complaint.version, "result": "confirmed"})
    assert "不要暴露举报人" in desk.get(f"{url}/accept").text
    version = make.complaint_now(complaint).version
    bad = desk.post(f"{url}/accept", data={"version": version, "facts": "辛实名说数据不实。"})
    assert bad.status_code == 422
    assert "举报人的姓名" in bad.text
    good = desk.post(f"{url}/accept", data={"version": version, "facts": "核实年度数据。"})
    assert good.location == url
    row = make.complaint_now(complaint)
    assert row.state is State.ACCEPTED
    assert f"/cases/{row.case_id}" in desk.get(url).text


def test_the_approver_decides_on_an_extension(
    app: Flask, make: Make, complaint: Complaint, handler: User, approver: User, sign_in: SignIn
) -> None:
    row = accept(app, make, complaint, handler)
    with app.app_context():
        extending.ask(row.id, reason="需要到外地核实", version=row.version, by=handler)
    desk, url = sign_in(approver), f"{DESK}/{row.id}"
    assert "申请延长核实期限" in desk.get(url).text
    assert "需要到外地核实" in desk.get(f"{url}/extension/decision").text
    data = {"version": make.complaint_now(row).version, "grant": "yes", "reason": "情况复杂"}
    assert desk.post(f"{url}/extension/decision", data=data).location == url
    assert make.complaint_now(row).extended_days == 30


def test_the_register_of_who_stands_aside(make: Make, handler: User, approver: User, sign_in: SignIn) -> None:
    agency, url = make.agency(), f"{DESK}/recusals"
    desk = sign_in(handler)
    data = {"account_id": handler.id, "party": agency.name, "reason": "配偶在该单位任职"}
    assert desk.post(url, data=data | {"account_id": approver.id}).status_code == 422  # only for oneself
    assert desk.post(url, data=data | {"party": "没有这家"}).status_code == 422
    assert desk.post(url, data=data).location == url
    assert "已经登记回避" in desk.post(url, data=data).text
    assert "配偶在该单位任职" in desk.get(url).text
    assert "配偶在该单位任职" not in sign_in(make.officer("reviewer")).get(url).text
    assert "配偶在该单位任职" in sign_in(approver).get(url).text
    complaint = make.complaint(agency=agency)
    offered = sign_in(approver).get(f"{DESK}/{complaint.id}/assign").text
    assert f">{handler.display_name}<" not in offered


def test_the_worklist_and_the_navigation_count_what_waits(
    make: Make, complaint: Complaint, handler: User, approver: User, sign_in: SignIn
) -> None:
    make.complaint()
    assert "有 1 件举报等您" in sign_in(handler).get("/desk").text
    assert "有 1 件举报等您" in sign_in(approver).get("/desk").text


def test_a_reply_begins_with_what_is_known_and_is_not_sent_without_reasons(
    app: Flask, make: Make, sign_in: SignIn
) -> None:
    handler = make.officer("reviewer")
    complaint = make.accepted_complaint(handler, agency=make.agency())
    with app.app_context(), transaction() as session:
        case = session.get_one(Case, complaint.case_id)
        case.state, case.result = CaseState.CONCLUDED, Result.PARTLY
        case.concluded_at, case.concluded_by = clock.now(), handler.id
    with app.app_context():
        replying.conclude(complaint.id, version=make.complaint_now(complaint).version, by=handler)
    desk, url = sign_in(handler), f"{DESK}/{complaint.id}/reply"
    assert "核实结果：部分属实" in desk.get(url).text
    sent = {"version": make.complaint_now(complaint).version, "text": "核实结果：部分属实\n处理情况：\n理由："}
    answer = desk.post(url, data=sent)
    assert answer.status_code == 422
    assert "请在“理由：”后面写明理由。" in answer.text
