"""What of evaluations the start pages show: to whose turn it is, and to nobody else."""

from datetime import timedelta

import pytest
from flask import Flask

from core import clock
from core.db import db, transaction
from evaluations import flagging
from evaluations.models import Evaluation
from evaluations.queries.exporting import COLUMNS, exported
from evaluations.queries.listing import Wanted
from evaluations.rules.states import Level, Release, State
from evaluations.services import deciding, withdrawing
from supervision.services import marks
from tests.factories import Make
from tests.home.test_pages import navigation


@pytest.fixture
def dispute(app: Flask):
    def by_applicant(evaluation, *, block=False):
        with app.app_context(), transaction() as session:
            row = session.get_one(Evaluation, evaluation.id)
            if block:
                flagging.block(session, row, reason="正在核实协议", by=None)
            else:
                flagging.dispute(session, row, reason="没有委托这家机构", by=None)

    return by_applicant


def test_a_bureau_has_its_municipal_ones_and_the_approver_the_rest(make: Make, sign_in):
    own, other = make.applicant(bureau="tonghua"), make.applicant(bureau="changchun")
    municipal = make.evaluation(State.HANDED_OVER, applicant=own)
    provincial = make.evaluation(State.HANDED_OVER, applicant=other, level=Level.PROVINCIAL)
    bureau = sign_in(make.officer("municipal", bureau="tonghua")).get("/desk").text
    assert municipal.number in bureau
    assert provincial.number not in bureau
    assert navigation(bureau)["待办"][1] == "1"
    approver = sign_in(make.officer("approver")).get("/desk").text
    assert provincial.number in approver
    assert municipal.number not in approver
    reviewer = sign_in(make.officer("reviewer")).get("/desk").text
    assert provincial.number not in reviewer


def test_a_dispute_waits_for_a_decision_before_the_adoption(make: Make, sign_in, dispute):
    evaluation = make.evaluation(State.HANDED_OVER, level=Level.PROVINCIAL)
    dispute(evaluation)
    page = sign_in(make.officer("approver")).get("/desk").text
    assert "没有委托这家机构" in page
    assert "没有等您采信的评价" in page
    assert navigation(page)["待办"][1] == "1"


def test_what_is_blocked_stays_in_sight(make: Make, sign_in, dispute):
    evaluation = make.evaluation(State.IN_PROGRESS, level=Level.PROVINCIAL)
    dispute(evaluation, block=True)
    assert "正在核实协议" in sign_in(make.officer("approver")).get("/desk").text


def test_a_withdrawal_and_a_case_wait_for_the_desk(app: Flask, make: Make, sign_in):
    evaluation, case = make.evaluation(State.WITHDRAWN, level=Level.NATIONAL), make.case()
    with app.app_context(), transaction() as session:
        session.get_one(Evaluation, evaluation.id).release = Release.ASKED
    page = sign_in(make.officer("reviewer")).get("/desk").text
    assert evaluation.number in page
    assert case.number in page
    bureau = sign_in(make.officer("municipal", bureau="changchun")).get("/desk").text
    assert evaluation.number not in bureau
    assert case.number not in bureau


def test_the_worklist_takes_as_many_queries_for_many_as_for_few(make: Make, sign_in, count_queries):
    desk = sign_in(make.officer("approver", "reviewer"))
    make.evaluation(State.HANDED_OVER, level=Level.PROVINCIAL)
    make.case()
    with count_queries() as few:
        desk.get("/desk")
    for _ in range(4):
        make.evaluation(State.HANDED_OVER, level=Level.PROVINCIAL)
        make.case()
    with count_queries() as many:
        desk.get("/desk")
    assert len(many) == len(few)


def test_an_agency_reads_what_it_has_to_do_next(make: Make, sign_in, count_queries):
    agency = make.filed_agency()
    make.evaluation()
    client = sign_in(make.user_of(agency))
    with count_queries() as few:
        page = client.get("/home").text
    assert "登记现场评价" in page
    assert "有 1 项评价等您办理" in page
    for state in (State.IN_PROGRESS, State.REPORT_ISSUED, State.HANDED_OVER):
        make.evaluation(state)
    with count_queries() as many:
        page = client.get("/home").text
    for words in ("完成内部技术复核，出具报告", "提交报告", "等主管部门采信", "共 4 项"):
        assert words in page
    assert len(many) == len(few)


def test_an_agency_reads_that_its_agreement_stops_the_evaluation_and_whose_turn_it_is(app: Flask, make: Make, sign_in):
    evaluation = make.marked("未入选绿色工厂名单的，乙方退还全部评价费。", state=State.REPORT_ISSUED)
    client = sign_in(make.user_of(make.filed_agency()))
    page = client.get("/home").text
    assert "协议的标记等主管部门核定" in page
    assert ">提交报告" not in page
    screening, officer = make.screening(evaluation), make.officer("municipal", bureau="changchun")
    with app.app_context():
        marks.confirm(screening.id, screening.marks[0].id, version=1, reason="退费取决于结果", by=officer)
    page = client.get("/home").text
    assert (
        "请更换协议" in page
    )  # the desk lifts the block only of a clean one: it must not be said to wait for the desk
    assert "等其解除" not in page
    assert "有 1 项评价等您办理" in page
    unread = make.unreadable(State.REPORT_ISSUED)
    assert "请更换协议，或等主管部门阅看" in client.get("/home").text
    assert unread.number in client.get("/home").text


def test_an_applicant_reads_what_waits_for_its_word(app: Flask, make: Make, sign_in, dispute):
    applicant = make.applicant()
    client = sign_in(make.user_of_applicant(applicant))
    assert client.get("/start").location == "/applicant/home"
    assert "没有等您办理的事项" in client.get("/applicant/home").text
    first = make.evaluation(applicant=applicant)
    second = make.evaluation(applicant=applicant, begun_on=clock.today() - timedelta(days=1))
    other = make.evaluation()
    page = client.get("/applicant/home").text
    assert "有 2 项评价等您确认" in page
    assert other.number not in page
    assert navigation(page)["评价"][1] == "2"
    dispute(second)
    page = client.get("/applicant/home").text
    assert "有 1 项评价等您确认" in page
    assert "等主管部门决定" in page
    assert first.number in page


def test_a_word_that_an_upheld_dispute_took_back_is_asked_for_again(app: Flask, make: Make, sign_in, dispute):
    applicant = make.applicant()
    evaluation = make.evaluation(State.HANDED_OVER, applicant=applicant)
    officer, user = make.officer("municipal", bureau="changchun"), make.user_of_applicant(applicant)
    dispute(evaluation)
    with app.app_context():
        deciding.decide_dispute(evaluation.id, version=evaluation.version, upheld=True, reason="印章不符", by=officer)
    agency = sign_in(make.user_of(make.filed_agency()))
    assert "主管部门已中止" in agency.get("/home").text
    with app.app_context():
        deciding.lift(evaluation.id, version=evaluation.version + 1, reason="已补签", by=officer)
    assert "有 1 项评价等您确认" in sign_in(user).get("/applicant/home").text
    assert "等培育对象确认委托" in agency.get("/home").text
    with app.app_context():
        rows = list(exported(db.session(), Wanted(applicant_id=applicant.id)))
        assert rows[0][[column.title for column in COLUMNS].index("培育对象确认")] is None


def test_what_is_disputed_and_withdrawn_waits_for_nobody(make: Make, app: Flask, sign_in):
    evaluation = make.evaluation(State.IN_PROGRESS, level=Level.PROVINCIAL)
    user = make.user_of(make.filed_agency())
    with app.app_context():
        withdrawing.withdraw(evaluation.id, version=evaluation.version, reason="不做了", by=user)
        with transaction() as session:  # as a clause that is confirmed afterwards does
            row = session.get_one(Evaluation, evaluation.id)
            assert flagging.block_once(session, row, reason="正在核实协议", by=None) is not None
    assert "正在核实协议" not in sign_in(make.officer("approver")).get("/desk").text


def test_an_excluded_applicant_is_told_so(make: Make, sign_in):
    applicant = make.applicant()
    make.exclusion(applicant)
    assert "第十一条" in sign_in(make.user_of_applicant(applicant)).get("/applicant/home").text
