"""The admin's pages: how the jobs stand, retrying a failed one, entering the working calendar of a year."""

import re
from collections.abc import Callable
from datetime import date, time, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from accounts.models import User
from core import audit, clock, workdays
from core.db import db, transaction
from core.errors import DomainError
from scheduling import due
from scheduling.jobs import Alarm, Pulse
from scheduling.models import JobRun, PulseRun, RunState
from scheduling.running import run_due
from scheduling.scheduler import BEAT, note_pulse, run_pulse
from tests.factories import Make
from tests.scheduling.conftest import Diary, shanghai
from tests.scheduling.test_year_notice import NOTICE

D = date
SignIn = Callable[[User], FlaskClient]
Given = Callable[..., None]
NOW = shanghai(2026, 12, 10, 10)


@pytest.fixture
def admin(make: Make, sign_in: SignIn) -> FlaskClient:
    return sign_in(make.officer("admin"))


def a_failure(app: Flask, diary: Diary, given: Given) -> int:
    given(diary.job("a", at=time(0)), Pulse("beat", "反复", lambda: 0))
    diary.fails["a"] = Alarm("邮件服务器没有应答")
    with app.app_context():
        run_due()
        return db.session.scalars(select(JobRun.id)).one()


def test_the_page_shows_what_failed_and_that_nobody_schedules(
    app: Flask, given: Given, diary: Diary, admin: FlaskClient
) -> None:
    a_failure(app, diary, given)
    page = admin.get("/admin/jobs").text
    assert "没有进程在调度" in page
    assert "邮件服务器没有应答" in page
    with app.app_context():
        note_pulse(BEAT, 0)
    page = admin.get("/admin/jobs").text
    assert "没有进程在调度" not in page
    assert "有任务没有办成" in page
    assert "有定时任务没有办成" in admin.get("/admin").text


def test_a_failed_run_is_retried_by_a_button_and_logged(
    app: Flask, given: Given, diary: Diary, admin: FlaskClient
) -> None:
    run_id = a_failure(app, diary, given)
    history = admin.get("/admin/jobs/a").text
    assert f"/admin/jobs/runs/{run_id}/retry" in history
    diary.fails.clear()
    answer = admin.post(f"/admin/jobs/runs/{run_id}/retry", follow_redirects=True)
    assert "已重新排上" in answer.text
    with app.app_context():
        assert [ran.state for ran in run_due()] == [RunState.DONE]
        entry = db.session.scalars(select(audit.AuditEntry).where(audit.AuditEntry.action == "job.retried")).one()
        assert (entry.before, entry.after) == ("failed", "waiting")
    again = admin.post(f"/admin/jobs/runs/{run_id}/retry", follow_redirects=True)
    assert "不必重试" in again.text
    assert "有任务没有办成" not in admin.get("/admin/jobs").text


def test_an_unknown_job_or_run_is_no_page(admin: FlaskClient) -> None:
    assert admin.get("/admin/jobs/nothing").status_code == 404
    assert admin.post("/admin/jobs/runs/999/retry").status_code == 404


def test_the_history_goes_on_page_by_page(app: Flask, given: Given, diary: Diary, admin: FlaskClient) -> None:
    given(diary.job("a"))
    with app.app_context(), transaction() as session:
        for n in range(45):
            session.add(JobRun(job="a", on=D(2026, 12, 31) - timedelta(days=n), state=RunState.DONE, outcome="办了"))
    first = admin.get("/admin/jobs/a").text
    assert "2026-12-31" in first
    following = re.search(r'rel="next" href="([^"]+)"', first)
    assert following is not None
    assert "2026-12-11" in admin.get(following[1].replace("&amp;", "&")).text


def test_the_lists_ask_a_fixed_number_of_questions(
    app: Flask, given: Given, diary: Diary, admin: FlaskClient, count_queries: Callable[[], object]
) -> None:
    def asked() -> int:
        with count_queries() as queries:  # type: ignore[attr-defined]
            admin.get("/admin/jobs")
        return len(queries)

    given(diary.job("a"))
    few = asked()
    given(*(diary.job(f"job {n}") for n in range(12)))
    with app.app_context():
        run_due()
    assert asked() == few


def test_a_pulse_that_fails_is_shown_and_comes_again(app: Flask, given: Given, admin: FlaskClient) -> None:
    def broken() -> int:
        raise DomainError("网关没有应答")

    pulse = Pulse("sms", "移交短信", broken)
    given(pulse)
    with app.app_context():
        for _ in range(3):
            assert run_pulse(pulse) == 0
        note_pulse(BEAT, 0)
    assert "连续 3 次出错" in admin.get("/admin/jobs").text
    assert "有定时任务没有办成" in admin.get("/admin").text
    with app.app_context():
        run_pulse(Pulse("sms", "移交短信", lambda: 2))
        row = db.session.get_one(PulseRun, "sms")
        assert (row.failures, row.did, row.error) == (0, 2, None)


def enter(client: FlaskClient, year: int, text: str, **more: str) -> str:
    data = {"notice": "国办发明电〔2026〕9号", "text": text, "version": "0"} | more
    return client.post(f"/admin/workdays/{year}", data=data, follow_redirects=True).text


def shown(page: str) -> str:
    found = re.search(r'name="shown"[^>]*value="([^"]*)"', page)
    assert found is not None
    return found[1]


def test_a_year_is_previewed_then_saved_and_terms_follow_it(app: Flask, make: Make, sign_in: SignIn) -> None:
    with clock.frozen(NOW):
        admin = sign_in(make.officer("admin"))
        assert "请录入 2027 年的工作日历" in admin.get("/admin").text
        page = enter(admin, 2027, NOTICE)
        assert "读出放假 28 天、调休上班 5 天" in page
        with app.app_context():
            assert 2027 not in workdays.calendar(db.session()).years  # only shown so far
        saved = enter(admin, 2027, NOTICE, shown=shown(page))
        assert "2027 年的工作日历已保存" in saved
        assert "请录入 2027 年的工作日历" not in admin.get("/admin").text
    with app.app_context():
        known = workdays.calendar(db.session())
        assert workdays.add_working_days(D(2027, 2, 4), 1, known) == workdays.Term(D(2027, 2, 15), provisional=False)
        entry = db.session.scalars(select(audit.AuditEntry).where(audit.AuditEntry.action == "work_year.entered")).one()
        assert entry.after == "国办发明电〔2026〕9号"


def test_what_was_changed_after_the_preview_is_previewed_again(app: Flask, make: Make, sign_in: SignIn) -> None:
    with clock.frozen(NOW):
        admin = sign_in(make.officer("admin"))
        seen = shown(enter(admin, 2027, NOTICE))
        page = enter(admin, 2027, NOTICE.replace("5月8日（星期六）上班。", ""), shown=seen)
    assert "调休上班 4 天" in page
    with app.app_context():
        assert db.session.get(workdays.WorkYear, 2027) is None


def test_a_year_is_corrected_and_the_second_of_two_admins_is_told(app: Flask, make: Make, sign_in: SignIn) -> None:
    with clock.frozen(NOW):
        admin = sign_in(make.officer("admin"))
        seen = shown(enter(admin, 2027, NOTICE))
        enter(admin, 2027, NOTICE, shown=seen)
        late = admin.post("/admin/workdays/2027", data={"notice": "甲", "text": NOTICE, "version": "0", "shown": seen})
        assert late.status_code == 409
        assert "由他人录入或更正" in late.text
        corrected = NOTICE.replace("9月15日（周三）", "9月16日（周四）")
        page = enter(admin, 2027, corrected, version="1")
        assert "已保存" in enter(admin, 2027, corrected, version="1", shown=shown(page))
    with app.app_context():
        row = db.session.get_one(workdays.WorkYear, 2027)
        assert (row.version, "2027-09-16" in row.days_off) == (2, True)


@pytest.mark.parametrize("year", [1999, 2022, 2029, 20270])
def test_a_year_out_of_reach_is_no_page(make: Make, sign_in: SignIn, year: int) -> None:
    with clock.frozen(NOW):
        assert sign_in(make.officer("admin")).get(f"/admin/workdays/{year}").status_code == 404


def test_a_wrong_notice_is_refused_at_its_field_and_what_was_typed_stays(make: Make, sign_in: SignIn) -> None:
    with clock.frozen(NOW):
        admin = sign_in(make.officer("admin"))
        answer = admin.post("/admin/workdays/2028", data={"notice": "甲", "text": NOTICE, "version": "0"})
    assert answer.status_code == 422
    assert "请核对年份" in answer.text
    assert "农历除夕" in answer.text


@pytest.mark.parametrize(
    ("instant", "asked"),
    [
        (shanghai(2026, 11, 30, 23, 59, 59), False),
        (shanghai(2026, 12, 1), True),
        (shanghai(2027, 1, 1), True),
        (shanghai(2026, 6, 1), False),
    ],
)
def test_the_admin_is_asked_for_the_next_year_from_december_on(
    make: Make, sign_in: SignIn, instant: object, asked: bool
) -> None:
    with clock.frozen(instant):  # type: ignore[arg-type]
        page = sign_in(make.officer("admin")).get("/admin/workdays").text
    assert ("请录入 2027 年的放假安排" in page) is asked


def test_a_returned_filing_shows_the_day_and_that_it_is_provisional(app: Flask, make: Make, sign_in: SignIn) -> None:
    with clock.frozen(shanghai(2026, 9, 30, 10)):
        filing = make.filing("returned")
        agency = sign_in(make.user_of(filing.agency))
        assert "建议在 2026-10-20 前办理" in agency.get("/filing").text
    with clock.frozen(shanghai(2026, 12, 21, 10)):
        later = make.filing("returned")
        page = sign_in(make.user_of(later.agency)).get("/filing").text
        assert "建议在 2027-01-04（暂按周一至周五推算） 前办理" in page
        admin = sign_in(make.officer("admin"))
        enter(admin, 2027, NOTICE, shown=shown(enter(admin, 2027, NOTICE)))
        assert "建议在 2027-01-05 前办理" in sign_in(make.user_of(later.agency)).get("/filing").text


def test_the_days_of_jobs_are_shanghais(app: Flask, given: Given, diary: Diary) -> None:
    job = diary.job("a")
    assert due.newest_due(job, shanghai(2027, 1, 1, 0, 4, 59)) == D(2026, 12, 31)
    assert due.newest_due(job, shanghai(2027, 1, 1, 0, 5)) == D(2027, 1, 1)
