"""Following with number and secret: who gets in, what is seen, what can be done, how it ends."""

from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from complaints import steps
from complaints.models import CallResult, Complaint, Pause, Question, ReporterVisit, State
from complaints.rules.course import Action
from complaints.services import calling, deciding
from complaints.telling import Told, tell_reporter
from core import clock
from core.audit import AuditEntry
from core.db import db, transaction
from notices.models import Mail, Notice
from supervision.models import CaseFile
from tests.complaints.filling import enter
from tests.factories import Make
from tests.uploads import blank_pdf

PAGE = "/complaints/follow/complaint"
DOOR = "/complaints/follow"


@pytest.fixture
def complaint(make: Make) -> Complaint:
    return make.complaint(agency=make.filing("filed").agency)


@pytest.fixture
def reporter(client: FlaskClient, complaint: Complaint, make: Make) -> FlaskClient:
    """Whoever has the receipt, inside."""
    assert enter(client, complaint.number, make.secret_of(complaint)).status_code == 303
    return client


def asked(app: Flask, make: Make, complaint: Complaint, *, for_evidence: bool = False) -> int:
    """A question of the officer's, as the desk asks it."""
    officer = make.officer("reviewer")
    with app.app_context(), transaction() as session:
        row = session.get_one(Complaint, complaint.id)
        row.state, row.handler_id = State.ASSIGNED, officer.id
        now = clock.now()
        question = Question(
            complaint_id=row.id,
            text="请提供电费单",
            for_evidence=for_evidence,
            asked_at=now,
            asked_by=officer.id,
            due=clock.today() + timedelta(days=15),
        )
        session.add(question)
        session.flush()
        session.add(Pause(complaint_id=row.id, question_id=question.id, since=now))
        return question.id


def set_back(app: Flask, complaint: Complaint, **values: object) -> None:
    with app.app_context(), transaction() as session:
        row = session.get_one(Complaint, complaint.id)
        for name, value in values.items():
            setattr(row, name, value)


# ── getting in ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_number_and_secret_open_it_however_they_are_typed(
    client: FlaskClient, complaint: Complaint, make: Make
) -> None:
    secret = make.secret_of(complaint).lower().replace("-", " ")
    answer = enter(client, f" {complaint.number.lower()} ", secret)
    assert answer.headers["Location"] == PAGE
    page = client.get(PAGE).text
    assert complaint.number in page
    assert "收到举报" in page
    assert "受理期限" in page
    assert "辛实名" not in page


def test_wrong_number_wrong_secret_and_unknown_get_one_answer(
    client: FlaskClient, complaint: Complaint, make: Make
) -> None:
    secret = make.secret_of(complaint)
    answers = [
        enter(client, "JB20269999", secret, "198.51.100.1"),
        enter(client, complaint.number, "2222-2222-2222-2222-2222", "198.51.100.2"),
        enter(client, "JB", "x", "198.51.100.3"),
    ]
    assert {answer.status_code for answer in answers} == {422}
    said = [answer.text.partition("error-summary")[2].partition("</div>")[0] for answer in answers]
    assert len(set(said)) == 1
    assert "编号或查询码不正确" in said[0]


def test_the_same_work_is_done_for_a_number_that_is_none(  # type: ignore[no-untyped-def]
    client: FlaskClient, complaint: Complaint, make: Make, count_queries
) -> None:
    enter(client, "JB20269998", "2" * 20, "198.51.100.1")
    with count_queries() as unknown:
        enter(client, "JB20269999", "2" * 20, "198.51.100.2")
    with count_queries() as wrong:
        enter(client, complaint.number, "2" * 20, "198.51.100.3")
    assert wrong == unknown


def test_wrong_tries_from_one_place_have_to_wait(client: FlaskClient, complaint: Complaint, make: Make) -> None:
    for number in range(19):
        assert enter(client, f"JB2020{number:04d}", "2" * 20).status_code == 422
    assert enter(client, "JB20209999", "2" * 20).status_code == 429
    assert enter(client, complaint.number, make.secret_of(complaint)).status_code == 429
    with clock.frozen(clock.now() + timedelta(minutes=1)):
        assert enter(client, complaint.number, make.secret_of(complaint)).status_code == 303


def test_guessing_at_a_number_is_slowed_and_keeps_its_reporter_not_out(
    client: FlaskClient, complaint: Complaint, make: Make
) -> None:
    codes = [enter(client, complaint.number, "2" * 20, f"198.51.100.{place}").status_code for place in range(6)]
    assert codes == [422, 422, 422, 422, 429, 429]
    assert enter(client, complaint.number, make.secret_of(complaint), "203.0.113.1").status_code == 303


@pytest.mark.parametrize(
    "path",
    [
        PAGE,
        "/complaints/follow/add",
        "/complaints/follow/withdraw",
        "/complaints/follow/review",
        "/complaints/follow/questions/1",
    ],
)
def test_without_number_and_secret_there_is_the_door_alone(
    client: FlaskClient, complaint: Complaint, path: str
) -> None:
    assert client.get(path).headers["Location"] == DOOR


def test_anothers_question_leads_to_the_door(app: Flask, make: Make, reporter: FlaskClient) -> None:
    question_id = asked(app, make, make.complaint(address="198.51.100.9"))
    answer = reporter.post(f"/complaints/follow/questions/{question_id}", data={"text": "抢答"})
    assert answer.headers["Location"] == DOOR
    with app.app_context():
        assert db.session.get_one(Question, question_id).answered_at is None


def test_leaving_ends_it_also_for_a_copied_cookie(reporter: FlaskClient, app: Flask) -> None:
    with reporter.session_transaction() as session:
        copied = dict(session)
    reporter.post("/complaints/follow/leave")
    assert reporter.get(PAGE).headers["Location"] == DOOR
    with reporter.session_transaction() as session:
        session.update(copied)
    assert reporter.get(PAGE).headers["Location"] == DOOR


@pytest.mark.parametrize(("minutes", "status"), [(30, 200), (31, 302)])
def test_half_an_hour_of_nothing_ends_it(reporter: FlaskClient, minutes: int, status: int) -> None:
    with clock.frozen(clock.now() + timedelta(minutes=minutes, seconds=-1)):
        assert reporter.get(PAGE).status_code == status


def test_the_browser_holds_no_number_and_no_secret(
    reporter: FlaskClient, complaint: Complaint, make: Make, app: Flask
) -> None:
    with reporter.session_transaction() as session:
        held = str(dict(session))
    assert complaint.number not in held
    assert make.secret_of(complaint) not in held
    with app.app_context():
        assert db.session.scalars(select(ReporterVisit.key)).one() not in held


# ── what can be done ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_answer_lets_the_clock_run_on(app: Flask, make: Make, reporter: FlaskClient, complaint: Complaint) -> None:
    question_id = asked(app, make, complaint)
    assert "请提供电费单" in reporter.get(PAGE).text
    assert "暂停计时" in reporter.get(PAGE).text
    path = f"/complaints/follow/questions/{question_id}"
    assert reporter.post(path, data={"text": "  "}).status_code == 422
    answer = reporter.post(
        path,
        data={"text": "见附件", "files": (BytesIO(blank_pdf(1)), "电费单.pdf")},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 303
    page = reporter.get(PAGE).text
    assert "见附件" in page
    assert "电费单.pdf" in page
    assert "暂停计时" not in page
    with app.app_context():
        assert db.session.scalars(select(Pause.until)).one() is not None
        assert "complaint_answered" in db.session.scalars(select(Notice.event)).all()
    assert reporter.post(path, data={"text": "再答一次"}).status_code == 409


@pytest.mark.parametrize(("seconds", "status"), [(-1, 303), (0, 409)])
def test_an_answer_is_taken_until_midnight_of_the_last_day(
    app: Flask, make: Make, client: FlaskClient, complaint: Complaint, seconds: int, status: int
) -> None:
    question_id = asked(app, make, complaint)
    end = clock.end_of(clock.today() + timedelta(days=15)) + timedelta(seconds=seconds)
    with clock.frozen(end):
        enter(client, complaint.number, make.secret_of(complaint))
        answer = client.post(f"/complaints/follow/questions/{question_id}", data={"text": "赶上"})
    assert answer.status_code == status


def test_evidence_is_added_once_however_often_it_is_sent(
    reporter: FlaskClient, app: Flask, complaint: Complaint
) -> None:
    def send(text: str = "") -> int:
        files = (BytesIO(blank_pdf(1)), "合同.pdf")
        return reporter.post(
            "/complaints/follow/add", data={"text": text, "files": files}, content_type="multipart/form-data"
        ).status_code

    assert [send(), send(), send("合同第三页")] == [303, 409, 303]
    with app.app_context():
        row = db.session.get_one(Complaint, complaint.id)
        assert len(row.files) == 1
        assert [step.action for step in row.steps] == ["receive", "add", "add"]
        entries = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "complaint.add")).all()
        assert {(entry.reason, entry.origin, entry.actor_id) for entry in entries} == {(None, "public", None)}


def test_taking_it_back_stops_nothing_by_itself(reporter: FlaskClient, app: Flask, complaint: Complaint) -> None:
    assert "涉及弄虚作假、隐瞒等严重问题的，会继续核实" in reporter.get("/complaints/follow/withdraw").text
    for _ in range(2):
        assert reporter.post("/complaints/follow/withdraw", data={"text": "私下说好了"}).status_code == 303
    with app.app_context():
        row = db.session.get_one(Complaint, complaint.id)
        assert row.state is State.RECEIVED
        assert [step.action for step in row.steps].count("withdraw") == 1
        assert "私下说好了" not in str(db.session.scalars(select(Notice.text)).all())


def test_a_review_is_asked_for_once_after_the_reply(reporter: FlaskClient, app: Flask, complaint: Complaint) -> None:
    path = "/complaints/follow/review"
    assert reporter.post(path, data={"text": "不同意"}).status_code == 409
    set_back(app, complaint, state=State.REPLIED, replied_at=clock.now(), reply="经核实，不属实。")
    page = reporter.get(PAGE).text
    assert "经核实，不属实。" in page
    assert "申请复核" in page
    assert reporter.post(path, data={"text": "不同意"}).status_code == 303
    assert reporter.post(path, data={"text": "再来"}).status_code == 409
    with app.app_context():
        row = db.session.get_one(Complaint, complaint.id)
        assert (row.state, row.review_reason) == (State.REVIEWING, "不同意")


def test_only_what_is_meant_for_the_reporter_is_shown(
    reporter: FlaskClient, app: Flask, make: Make, complaint: Complaint
) -> None:
    officer = make.officer("reviewer")
    with app.app_context(), transaction() as session:
        row = session.get_one(Complaint, complaint.id)
        row.state = State.ASSIGNED
        steps.write(session, row, Action.CALL, by=officer, text="电话里说了些什么", before=row.state)
        steps.write(session, row, Action.ASSIGN, by=officer, before=row.state)
    page = reporter.get(PAGE).text
    assert "指派办理人" in page
    assert "电话里说了些什么" not in page
    assert officer.display_name not in page


def test_the_page_takes_a_fixed_number_of_queries(  # type: ignore[no-untyped-def]
    reporter: FlaskClient, app: Flask, make: Make, complaint: Complaint, count_queries
) -> None:
    asked(app, make, complaint)
    with count_queries() as few:
        reporter.get(PAGE)
    for number in range(3):
        reporter.post("/complaints/follow/add", data={"text": f"补充 {number}"})
    with count_queries() as many:
        reporter.get(PAGE)
    assert len(many) == len(few)


def test_a_mail_tells_that_there_is_something_and_nothing_of_it(app: Flask, complaint: Complaint) -> None:
    with app.app_context():
        with transaction() as session:
            assert tell_reporter(session, session.get_one(Complaint, complaint.id), Told.REPLIED)
        mail = db.session.scalars(select(Mail)).one()
        said = f"{mail.subject}{mail.text}"
        for word in (complaint.number, "举报", "辛实名", complaint.target_name):
            assert word not in said


def test_nobody_is_mailed_at_an_address_that_was_not_confirmed(app: Flask, make: Make) -> None:
    row = make.complaint(email_confirmed=False)
    with app.app_context():
        with transaction() as session:
            assert not tell_reporter(session, session.get_one(Complaint, row.id))
        assert db.session.scalars(select(Mail)).all() == []


def test_what_comes_after_acceptance_reaches_the_open_case(app: Flask, make: Make, client: FlaskClient) -> None:
    handler = make.officer("reviewer")
    complaint = make.complaint_in_hand(handler, files=1)
    with app.app_context():
        calling.record(complaint.id, CallResult.CONFIRMED, note="", version=complaint.version, by=handler)
        version = make.complaint_now(complaint).version
        deciding.accept(complaint.id, "核实两份报告所列用电量与账单是否一致。", version=version, by=handler)
    enter(client, complaint.number, make.secret_of(complaint))
    sent = {"text": "", "files": (BytesIO(blank_pdf(2)), "辛实名给的账单.pdf")}
    assert client.post("/complaints/follow/add", data=sent, content_type="multipart/form-data").status_code == 303
    with app.app_context():
        rows = db.session.scalars(select(CaseFile).order_by(CaseFile.id)).all()
        assert [(each.title, each.from_complaint, each.added_by) for each in rows] == [
            ("材料 1", True, handler.id),
            ("材料 2", True, None),
        ]
