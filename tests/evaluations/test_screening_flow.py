"""An agreement from its upload to its marks, through the services; and when processes die over it."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, true

from accounts.models import User
from core import clock
from core.audit import AuditEntry
from core.db import db, transaction
from core.errors import Conflict
from evaluations.entries import Upload
from evaluations.models import AgreementMark, AgreementScreening, Evaluation
from evaluations.queries import screening as queries
from evaluations.reading.agreements import read_agreement
from evaluations.rules.adopting import NotAdoptable, Obstacle
from evaluations.rules.course import NotPossibleNow
from evaluations.rules.screening import MarkDecided, NothingSaid
from evaluations.rules.states import MarkStanding, ScreeningState, State
from evaluations.screener import Screener
from evaluations.screening.agreements import screen_agreement
from evaluations.screenings import LEASE, judged_with
from evaluations.services import handing_over, registering, working
from evaluations.services import screening as services
from home.demonstration.paper import printed_agreement, typed_agreement, unlettered_sheet
from notices.models import Notice
from supervision.queries import agreements as desk
from tests.evaluations import racing
from tests.factories import Make

pytestmark = [pytest.mark.usefixtures("context"), pytest.mark.clause("JL-22-1b")]

LAWFUL = "第一条　评价费用于签订之日一次付清，与评价结论和名单结果无关。"
BET = "第二条　甲方未列入公示名单的，乙方在三十日内退还已收取的全部评价费。"
TIED = "第三条　甲方同时委托乙方办理能源管理体系认证的，评价费按八折收取。"
FORBIDDEN = Upload(printed_agreement("评价协议", [LAWFUL, BET, TIED]), "协议.pdf")
CLEAN = Upload(typed_agreement("评价协议", [LAWFUL]), "协议.docx")
BLANK = Upload(unlettered_sheet(), "扫描.pdf")


def user(make: Make) -> User:
    return make.user_of(make.filed_agency())


def registered(make: Make, agreement: Upload = FORBIDDEN) -> Evaluation:
    evaluation_id = registering.register(make.entry(), agreement, by=user(make))
    return db.session.get_one(Evaluation, evaluation_id, populate_existing=True)


def newest(evaluation: Evaluation) -> AgreementScreening:
    db.session.rollback()
    return queries.screenings_of(db.session(), evaluation)[0]


def replaced(make: Make, evaluation: Evaluation, agreement: Upload) -> None:
    row = db.session.get_one(Evaluation, evaluation.id, populate_existing=True)
    working.replace_agreement(row.id, 1, agreement, version=row.version, by=user(make), reason="更换")


def events(evaluation: Evaluation) -> list[tuple[str, str]]:
    rows = db.session.execute(
        select(Notice.event, Notice.audience_kind).where(Notice.about_id == evaluation.id).order_by(Notice.id)
    )
    return [(event, kind) for event, kind in rows]


def background(app: Flask, patience: float = 60) -> Screener:
    """Screening as it is served: by threads of the process."""
    return Screener(app, patience=patience, between=0)


def test_a_forbidden_clause_is_marked_as_soon_as_the_agreement_is_there_and_all_are_told(make: Make) -> None:
    evaluation = registered(make)
    screening = newest(evaluation)
    assert (screening.state, screening.pages, screening.by_eye) == (ScreeningState.DONE, 1, False)
    assert screening.judged_with == judged_with()
    bet, tied = screening.marks
    assert (bet.number, bet.page, bet.standing) == ("第二条", 1, MarkStanding.OPEN)
    content = queries.content_of(db.session(), screening)
    assert content["pages"][0][bet.start : bet.end].replace("\n", "") == bet.clause
    assert bet.clause[bet.trigger_start or 0 : bet.trigger_end] == bet.trigger
    assert "对赌协议" in bet.reason
    assert (tied.number, tied.article) == ("第三条", "JL-22-1b")
    assert events(evaluation)[-2:] == [("evaluation_marked", "agency"), ("evaluation_marked", "bureau")]
    log = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "evaluation.agreement_screened")).one()
    assert log.after == "第 1 份协议：标出 2 处"


def test_the_text_of_an_agreement_is_sealed_at_rest(make: Make) -> None:
    registered(make)
    with db.engine.connect() as connection:
        for column, table in (
            ("content", "agreement_screening"),
            ("clause", "agreement_mark"),
            ("words", "agreement_mark"),
        ):
            for (kept,) in connection.exec_driver_sql(f"SELECT {column} FROM {table}"):  # noqa: S608 - our own names
                assert "退还".encode() not in bytes(kept)


def test_what_nobody_may_know_stands_in_no_notice_and_no_log(make: Make) -> None:
    evaluation = registered(make)
    assert not [text for text in db.session.scalars(select(Notice.text)) if "退还" in text]
    said = db.session.execute(
        select(AuditEntry.after, AuditEntry.object_label).where(AuditEntry.object_id == evaluation.id)
    )
    assert not [words for row in said for words in row if words and "退还" in words]


def test_a_clean_agreement_stops_nothing_and_troubles_nobody(make: Make) -> None:
    evaluation = registered(make, CLEAN)
    assert not newest(evaluation).marks
    assert queries.facts_of(db.session(), evaluation).is_clean
    assert not [event for event, _ in events(evaluation) if "agreement" in event or "marked" in event]


def test_undecided_marks_of_any_version_stop_the_hand_over_until_an_officer_decides(make: Make) -> None:
    evaluation = make.marked(BET, state=State.REPORT_ISSUED)
    replaced(make, evaluation, CLEAN)
    row = db.session.get_one(Evaluation, evaluation.id, populate_existing=True)
    with pytest.raises(NotAdoptable) as refused:
        handing_over.hand_over(row.id, version=row.version, by=user(make))
    assert refused.value.what is Obstacle.MARKS_UNDECIDED
    with transaction() as session:
        for mark in session.scalars(select(AgreementMark)):
            mark.decided_at, mark.decision = clock.now(), "经核不成立"
            mark.standing = MarkStanding.DISMISSED
    row = db.session.get_one(Evaluation, evaluation.id, populate_existing=True)
    handing_over.hand_over(row.id, version=row.version, by=user(make))
    assert db.session.get_one(Evaluation, evaluation.id).state is State.HANDED_OVER


def test_a_confirmed_mark_stops_it_until_the_agreement_is_replaced(make: Make) -> None:
    evaluation = make.marked(BET, state=State.REPORT_ISSUED)
    with transaction() as session:
        for mark in session.scalars(select(AgreementMark)):
            mark.decided_at, mark.decision = clock.now(), "以名单结果为付款条件"
            mark.standing = MarkStanding.CONFIRMED
    assert queries.facts_of(db.session(), evaluation).confirmed == 1
    replaced(make, evaluation, CLEAN)
    assert queries.facts_of(db.session(), evaluation).is_clean


def test_what_nobody_can_read_stops_it_until_it_is_replaced_or_an_officer_has_read_it(make: Make) -> None:
    evaluation = registered(make, BLANK)
    screening = newest(evaluation)
    assert (screening.state, screening.by_eye) == (ScreeningState.UNREADABLE, True)
    assert "没有文字" in screening.refusal
    assert queries.facts_of(db.session(), evaluation).is_unread
    assert ("evaluation_agreement_unread", "agency") in events(evaluation)
    assert [each.id for each in to_decide()] == [screening.id]
    replaced(make, evaluation, CLEAN)
    assert queries.facts_of(db.session(), evaluation).is_clean
    assert not to_decide()
    with transaction() as session:  # or by eye, as the desk does it
        row = session.get_one(AgreementScreening, screening.id)
        row.by_eye, row.settled_at, row.settled_reason = False, clock.now(), "原件已阅，没有禁止的条款"
    assert queries.facts_of(db.session(), evaluation).is_clean


def test_an_evaluation_whose_officer_had_no_copy_is_not_stopped(make: Make) -> None:
    evaluation = make.evaluation(State.REPORT_ISSUED)
    with transaction() as session:
        row = session.get_one(Evaluation, evaluation.id)
        for screening in queries.screenings_of(session, row):
            session.delete(screening)
        session.flush()
        row.agreements[0].file_id = None
    assert queries.facts_of(db.session(), evaluation).is_clean
    row = db.session.get_one(Evaluation, evaluation.id, populate_existing=True)
    handing_over.hand_over(row.id, version=row.version, by=user(make))


def test_the_begin_date_stays_when_the_agreement_is_replaced_and_so_do_file_and_marks(make: Make) -> None:
    evaluation = registered(make)
    begun_on = evaluation.begun_on
    replaced(make, evaluation, CLEAN)
    new, old = queries.screenings_of(db.session(), evaluation)
    assert (new.agreement.number, old.agreement.number) == (2, 1)
    assert old.agreement.file_id is not None
    assert [mark.standing for mark in old.marks] == [MarkStanding.OPEN] * 2
    assert db.session.get_one(Evaluation, evaluation.id, populate_existing=True).begun_on == begun_on


def test_the_agency_speaks_to_one_mark_or_to_all_and_the_desk_is_told(make: Make) -> None:
    evaluation = registered(make)
    screening = newest(evaluation)
    services.dispute(screening.id, {1: "系逾期退款"}, version=screening.version, by=user(make))
    first, second = newest(evaluation).marks
    assert (first.standing, first.dispute, second.standing) == (MarkStanding.DISPUTED, "系逾期退款", MarkStanding.OPEN)
    assert events(evaluation)[-1] == ("evaluation_marks_disputed", "bureau")
    with pytest.raises(Conflict):
        services.dispute(screening.id, {2: "晚了一步"}, version=screening.version - 1, by=user(make))
    shown = newest(evaluation).version
    services.dispute(screening.id, {1: "逾期交付才退款", 2: "另行签约"}, version=shown, by=user(make))
    assert [mark.dispute for mark in newest(evaluation).marks] == ["逾期交付才退款", "另行签约"]
    reasons = db.session.scalars(select(AuditEntry.reason).where(AuditEntry.action == "agreement_mark.disputed"))
    assert list(reasons) == ["系逾期退款", "逾期交付才退款", "另行签约"]
    assert queries.facts_of(db.session(), evaluation).undecided == 2


def test_nothing_is_said_to_what_is_decided_or_over(make: Make) -> None:
    evaluation = make.marked(BET)
    screening = newest(evaluation)
    with pytest.raises(NothingSaid):
        services.dispute(screening.id, {}, version=screening.version, by=user(make))
    with transaction() as session:
        (mark,) = session.scalars(select(AgreementMark))
        mark.decided_at, mark.decision = clock.now(), "成立"
        mark.standing = MarkStanding.CONFIRMED
    with pytest.raises(MarkDecided):
        services.dispute(screening.id, {1: "不服"}, version=screening.version, by=user(make))
    withdrawn = make.marked(BET, state=State.WITHDRAWN)
    with pytest.raises(NotPossibleNow):
        services.dispute(newest(withdrawn).id, {1: "不服"}, version=1, by=user(make))


def to_decide() -> Sequence[AgreementScreening]:
    return desk.waiting_of(db.session(), true(), most=20)


def waiting(make: Make, agreement: Upload = FORBIDDEN) -> AgreementScreening:
    """A screening that nobody has taken up."""
    screener = make.app.extensions["screener"]
    make.app.extensions["screener"] = _Nobody()
    try:
        return newest(registered(make, agreement))
    finally:
        make.app.extensions["screener"] = screener


class _Nobody:
    """A process that dies with the commit."""

    def take_up(self, screening_id: int) -> None:
        pass


def test_what_waits_the_pulse_of_any_process_takes_up(app: Flask, make: Make) -> None:
    screening = waiting(make)
    assert screening.state is ScreeningState.WAITING
    assert queries.facts_of(db.session(), db.session.get_one(Evaluation, screening.evaluation_id)).is_running
    jobs = {job.name: job for job in app.extensions["jobs"]}
    assert jobs["evaluations.screen"].run() == 1
    db.session.rollback()
    assert db.session.get_one(AgreementScreening, screening.id).state is ScreeningState.DONE
    assert jobs["evaluations.screen"].run() == 0


def test_of_two_processes_one_screens_it(app: Flask, make: Make) -> None:
    screening_id = waiting(make).id
    db.session.remove()
    racing.race(app, racing.screen, [[(screening_id,)]] * 2)
    row = db.session.get_one(AgreementScreening, screening_id)
    assert (row.state, row.attempts, len(row.marks)) == (ScreeningState.DONE, 1, 2)
    evaluation = db.session.get_one(Evaluation, row.evaluation_id)
    assert [event for event, _ in events(evaluation)].count("evaluation_marked") == 2  # the agency, and the desk


def test_what_a_dead_process_left_is_taken_up_when_its_lease_is_over_and_not_before(make: Make) -> None:
    screening_id = waiting(make).id
    dead = services.claim(screening_id)
    assert dead is not None
    services.note_progress(dead, 3, 20)
    begun = clock.now()
    with clock.frozen(begun + LEASE - timedelta(seconds=1)):
        assert services.claim(screening_id) is None
    with clock.frozen(begun + LEASE + timedelta(seconds=1)):
        held = services.claim(screening_id)
        assert held is not None
        read = read_agreement(FORBIDDEN.content, name="协议.pdf")
        with pytest.raises(services.ClaimLost):  # it was not dead after all: what it brings comes too late
            services.finish(dead, read, screen_agreement(read))
        with pytest.raises(services.ClaimLost):
            services.note_progress(dead, 4, 20)
        services.finish(held, read, screen_agreement(read))
    with pytest.raises(services.ClaimLost):
        services.give_up(held, "再来一次")
    db.session.rollback()
    row = db.session.get_one(AgreementScreening, screening_id)
    assert (row.state, row.attempts, len(row.marks)) == (ScreeningState.DONE, 2, 2)


def test_nothing_waits_for_a_lease_of_a_clock_that_was_set_back(app: Flask, make: Make) -> None:
    screening_id = waiting(make).id
    with clock.frozen(clock.now() + timedelta(days=366)):
        assert services.claim(screening_id) is not None
    assert app.extensions["screener"].pulse() == 1
    db.session.rollback()
    assert db.session.get_one(AgreementScreening, screening_id).state is ScreeningState.DONE


def test_what_kills_one_process_after_the_other_is_given_up(make: Make) -> None:
    screening_id, now = waiting(make).id, clock.now()
    for attempt in range(services.MOST_ATTEMPTS):
        with clock.frozen(now + attempt * (LEASE + timedelta(seconds=1))):
            assert services.claim(screening_id) is not None
    with clock.frozen(now + timedelta(days=1)):
        assert services.claim(screening_id) is None
    db.session.rollback()
    row = db.session.get_one(AgreementScreening, screening_id)
    assert (row.state, row.refusal, row.by_eye) == (ScreeningState.UNREADABLE, services.TIRED, True)


def test_a_file_that_is_gone_is_said_to_be_gone(app: Flask, make: Make) -> None:
    screening = waiting(make)
    app.extensions["files"].delete(screening.agreement.file.digest if screening.agreement.file else "")
    app.extensions["screener"].pulse()
    db.session.rollback()
    row = db.session.get_one(AgreementScreening, screening.id)
    assert (row.state, row.refusal) == (ScreeningState.UNREADABLE, "保存的原件打不开，请重新上传协议。")


def test_how_far_the_reading_is_can_be_seen_while_it_goes_on(app: Flask, make: Make) -> None:
    screening_id = waiting(make).id
    seen: list[tuple[str, int]] = []
    held = services.claim(screening_id)
    assert held is not None

    def tell(done: int, of: int) -> None:
        services.note_progress(held, done, of)
        db.session.rollback()
        row = db.session.get_one(AgreementScreening, screening_id)
        seen.append((row.how_far, row.pages_done))

    read_agreement(FORBIDDEN.content, name="协议.pdf", tell=tell)
    assert seen == [("已读 1 页，共 1 页", 1)]


def test_who_waits_too_long_goes_on_and_the_work_with_it(app: Flask, make: Make) -> None:
    screening_id = waiting(make).id
    db.session.remove()
    screener = background(app, patience=0)
    screener.take_up(screening_id)  # comes back at once
    again = background(app)
    again.take_up(screening_id)  # in vain: one has it already, or it is done
    for thread in screener.threads():
        thread.join()
    row = db.session.get_one(AgreementScreening, screening_id)
    assert (row.state, len(row.marks)) == (ScreeningState.DONE, 2)


def test_many_at_once_are_screened_by_few_threads(app: Flask, make: Make) -> None:
    ids = [waiting(make).id for _ in range(4)]
    db.session.remove()
    screener = background(app, patience=0)
    for screening_id in ids:
        screener.take_up(screening_id)
    threads = screener.threads()
    assert len(threads) <= 2
    for thread in threads:
        thread.join()
    states = db.session.scalars(select(AgreementScreening.state).where(AgreementScreening.id.in_(ids)))
    assert set(states) == {ScreeningState.DONE}


def test_lists_and_facts_ask_as_many_queries_for_many_as_for_one(make: Make, count_queries: Callable[[], Any]) -> None:
    one = make.marked(BET)
    with count_queries() as few:
        to_decide()
    for _ in range(3):
        make.marked(BET, TIED)
    db.session.rollback()
    with count_queries() as many:
        found = to_decide()
        assert [len(each.marks) for each in found] == [1, 2, 2, 2]
        assert all(each.evaluation.applicant.name for each in found)
    assert len(many) == len(few)
    assert db.session.scalar(desk.count_waiting(true())) == 4
    assert queries.facts_of(db.session(), one).undecided == 1
