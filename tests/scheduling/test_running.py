"""The work of a day is done once, in order, whatever fails, dies, sleeps or sets the clock."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from core.db import db, transaction
from core.errors import DomainError
from scheduling import due, running
from scheduling.jobs import Alarm, CatchUp
from scheduling.models import JobRun, KnownJob, RunState
from scheduling.running import NotYet, Ran, RunsElsewhere, run_due, run_job
from tests.scheduling.conftest import Diary, at, shanghai

D = date
pytestmark = pytest.mark.every_zone
Given = Callable[..., None]


def state_of(job: str, on: date) -> RunState:
    run = due.run_of(db.session(), job, on)
    assert run is not None
    return run.state


def test_a_job_is_due_from_its_second_on_and_done_once(app: Flask, given: Given, diary: Diary) -> None:
    given(diary.job("a", at=time(6, 30)))
    with at(app, shanghai(2026, 12, 14, 12)):
        run_due()
    assert diary.done == [("a", D(2026, 12, 14))]
    with at(app, shanghai(2026, 12, 15, 6, 29, 59)):
        assert run_due() == []
    with at(app, shanghai(2026, 12, 15, 6, 30)):
        assert run_due() == [Ran("a", D(2026, 12, 15), RunState.DONE, "办了 2026-12-15 的事")]
        assert run_due() == []
    assert len(diary.done) == 2


def test_a_day_begins_at_midnight_in_shanghai_wherever_the_server_stands(
    app: Flask, given: Given, diary: Diary
) -> None:
    given(diary.job("a", at=time(0, 0)))
    with at(app, shanghai(2026, 12, 31, 23, 59, 59)):
        run_due()
    with at(app, shanghai(2027, 1, 1)):
        run_due()
    assert [on for _, on in diary.done] == [D(2026, 12, 31), D(2027, 1, 1)]


def test_a_server_that_was_off_for_a_week_does_each_day_in_order_of_days_and_of_the_list(
    app: Flask, given: Given, diary: Diary
) -> None:
    given(diary.job("late", at=time(9)), diary.job("b"), diary.job("newest", catch_up=CatchUp.LATEST))
    with at(app, shanghai(2028, 2, 24, 10)):
        run_due()
    diary.done.clear()
    with at(app, shanghai(2028, 3, 2, 8)):
        run_due()
    leap = [D(2028, 2, 25) + timedelta(days=n) for n in range(6)]
    assert D(2028, 2, 29) in leap
    expected = [(name, on) for on in leap for name in ("late", "b")]
    assert diary.done == [*expected, ("b", D(2028, 3, 2)), ("newest", D(2028, 3, 2))]
    with at(app, shanghai(2028, 3, 2, 9)):
        run_due()
    assert diary.done[-1] == ("late", D(2028, 3, 2))


def test_nothing_is_done_for_days_before_a_job_was_first_known(app: Flask, given: Given, diary: Diary) -> None:
    given(diary.job("old"))
    with at(app, shanghai(2026, 12, 1, 10)):
        run_due()
    given(diary.job("old"), diary.job("new"))
    with at(app, shanghai(2026, 12, 3, 10)):
        run_due()
    assert diary.done == [
        ("old", D(2026, 12, 1)),
        ("old", D(2026, 12, 2)),
        ("old", D(2026, 12, 3)),
        ("new", D(2026, 12, 3)),
    ]


def test_a_clock_that_jumps_back_does_nothing_twice_and_loses_nothing(app: Flask, given: Given, diary: Diary) -> None:
    given(diary.job("a"), diary.job("newest", catch_up=CatchUp.LATEST))
    for day in (10, 11, 12, 10, 11, 12, 13):
        with at(app, shanghai(2026, 12, day, 10)):
            run_due()
    every = [D(2026, 12, day) for day in (10, 11, 12, 13)]
    assert [on for name, on in diary.done if name == "a"] == every
    assert [on for name, on in diary.done if name == "newest"] == every


def test_a_clock_that_was_a_year_ahead_at_the_first_start_loses_nothing_of_the_year(
    app: Flask, given: Given, diary: Diary
) -> None:
    given(diary.job("a"), diary.job("newest", catch_up=CatchUp.LATEST))
    with at(app, shanghai(2027, 12, 10, 10)):
        run_due()
    diary.done.clear()
    for day in (10, 12):
        with at(app, shanghai(2026, 12, day, 10)):
            run_due()
    assert [on.day for name, on in diary.done if name == "a"] == [10, 11, 12]
    assert [on.day for name, on in diary.done if name == "newest"] == [10, 12]


def test_a_clock_that_fell_back_to_1970_leaves_no_years_to_catch_up(app: Flask, given: Given, diary: Diary) -> None:
    given(diary.job("a"))
    for instant in (shanghai(2026, 12, 10, 10), shanghai(1970, 1, 2, 8), shanghai(2026, 12, 12, 10)):
        with at(app, instant):
            run_due()
    assert diary.done == [("a", day) for day in (D(2026, 12, 10), D(1970, 1, 2), D(2026, 12, 11), D(2026, 12, 12))]


def test_a_try_put_off_by_a_clock_that_was_ahead_is_not_waited_for(app: Flask, given: Given, diary: Diary) -> None:
    given(diary.job("a"))
    with at(app, shanghai(2026, 12, 10, 10)):
        with transaction() as session:
            far = running.clock.now() + timedelta(days=300)
            session.add(JobRun(job="a", on=D(2026, 12, 10), state=RunState.WAITING, next_try_at=far))
        assert [ran.job for ran in run_due()] == ["a"]


def test_a_failing_job_is_tried_again_with_backoff_then_shown_and_holds_up_no_other(
    app: Flask, given: Given, diary: Diary
) -> None:
    given(diary.job("bad"), diary.job("good"))
    diary.fails["bad"] = KeyError("张三 220102199001011234")
    tries = []
    for minute in range(120):
        with at(app, shanghai(2026, 12, 10, 1) + timedelta(minutes=minute)):
            tries += [minute for ran in run_due() if ran.job == "bad"]
    assert tries == [0, 1, 6, 21, 81]
    assert diary.done == [("good", D(2026, 12, 10))]
    with at(app, shanghai(2026, 12, 10, 12)):
        run = due.run_of(db.session(), "bad", D(2026, 12, 10))
        assert run is not None
        assert (run.state, run.attempts) == (RunState.FAILED, 5)
        assert run.error == "程序出错（KeyError），详情见服务器日志。"
    diary.fails.clear()
    with at(app, shanghai(2026, 12, 11, 12)):
        run_due()  # the next day is done all the same
    assert ("bad", D(2026, 12, 11)) in diary.done
    assert ("bad", D(2026, 12, 10)) not in diary.done


def test_the_next_day_of_a_job_waits_while_the_day_before_is_tried_again(
    app: Flask, given: Given, diary: Diary
) -> None:
    given(diary.job("a"))
    diary.fails["a"] = DomainError("邮件服务器没有应答")
    with at(app, shanghai(2026, 12, 10, 23, 59)):
        run_due()
    with at(app, shanghai(2026, 12, 11, 0, 5)):
        assert [ran.on.day for ran in run_due()] == [10]  # tried again, fails again
        run = due.run_of(db.session(), "a", D(2026, 12, 10))
        assert run is not None
        assert run.error == "邮件服务器没有应答"
    diary.fails.clear()
    with at(app, shanghai(2026, 12, 11, 0, 6)):
        assert run_due() == []
    with at(app, shanghai(2026, 12, 11, 0, 10)):
        run_due()
    assert diary.done == [("a", D(2026, 12, 10)), ("a", D(2026, 12, 11))]


def test_what_a_job_must_say_aloud_is_shown_at_once(app: Flask, given: Given, diary: Diary) -> None:
    given(diary.job("audit"))
    diary.fails["audit"] = Alarm("日志有 1 处不符")
    with at(app, shanghai(2026, 12, 10, 10)):
        assert run_due() == [Ran("audit", D(2026, 12, 10), RunState.FAILED, "日志有 1 处不符")]


def test_of_a_job_that_needs_the_newest_day_only_the_older_ones_are_passed_over(
    app: Flask, given: Given, diary: Diary
) -> None:
    given(diary.job("newest", catch_up=CatchUp.LATEST))
    diary.fails["newest"] = RuntimeError("down")
    with at(app, shanghai(2026, 12, 10, 23)):
        run_due()
    diary.fails.clear()
    with at(app, shanghai(2026, 12, 12, 1)):
        run_due()
        assert state_of("newest", D(2026, 12, 10)) is RunState.PASSED_OVER
        assert run_due() == []
    assert diary.done == [("newest", D(2026, 12, 12))]


def left_running(job: str, on: date, *, until: timedelta) -> None:
    """As a process leaves it that dies in the middle."""
    with transaction() as session:
        run = JobRun(job=job, on=on, state=RunState.RUNNING, claim="dead:1", lease_until=running.clock.now() + until)
        session.add(run)


def test_what_a_dead_process_left_running_is_taken_up_after_its_lease(app: Flask, given: Given, diary: Diary) -> None:
    given(diary.job("a"), diary.job("b"))
    start = shanghai(2026, 12, 10, 10)
    with at(app, start):
        left_running("a", D(2026, 12, 10), until=due.LEASE)
        assert [ran.job for ran in run_due()] == ["b"]
        with pytest.raises(RunsElsewhere):
            run_job("a", D(2026, 12, 10))
    with at(app, start + due.LEASE):
        assert run_due() == []
    with at(app, start + due.LEASE + timedelta(seconds=1)):
        assert [ran.job for ran in run_due()] == ["a"]
        run = due.run_of(db.session(), "a", D(2026, 12, 10))
        assert run is not None
        assert (run.breaks, run.claim) == (1, None)


def test_a_lease_from_a_clock_that_was_ahead_is_not_waited_for(app: Flask, given: Given, diary: Diary) -> None:
    given(diary.job("a"))
    with at(app, shanghai(2026, 12, 10, 10)):
        left_running("a", D(2026, 12, 10), until=timedelta(days=300))
        assert [ran.job for ran in run_due()] == ["a"]


def test_a_job_that_kills_its_process_again_and_again_is_given_up(app: Flask, given: Given, diary: Diary) -> None:
    given(diary.job("a"))
    with at(app, shanghai(2026, 12, 10, 10)):
        left_running("a", D(2026, 12, 10), until=-due.LEASE)
        with transaction() as session:
            session.scalars(select(JobRun)).one().breaks = running.MOST_BREAKS
        assert run_due() == []
        assert state_of("a", D(2026, 12, 10)) is RunState.FAILED
    assert diary.done == []


def test_who_was_thought_dead_does_not_write_over_whoever_took_it_up(app: Flask, given: Given, diary: Diary) -> None:
    with at(app, shanghai(2026, 12, 10, 10)):
        job = diary.job("slow")

        def taken_up_meanwhile(on: date) -> str:
            with transaction() as session:
                session.scalars(select(JobRun)).one().claim = "another:2"
            return "办完了"

        given(type(job)(job.name, job.title, taken_up_meanwhile))
        run_due()
        assert state_of("slow", D(2026, 12, 10)) is RunState.RUNNING


def test_by_hand_a_job_runs_for_any_day_and_says_when_that_was_done(app: Flask, given: Given, diary: Diary) -> None:
    given(diary.job("a"))
    with at(app, shanghai(2026, 12, 10, 10)):
        assert run_job("a", D(2024, 2, 29)).state is RunState.DONE
        assert run_job("a", D(2024, 2, 29)).told == "此前已完成：办了 2024-02-29 的事"
        assert len(diary.done) == 1
        run_job("a", D(2024, 2, 29), again=True)
        assert len(diary.done) == 2
        with pytest.raises(DomainError, match="没有名为"):
            run_job("nobody", D(2024, 2, 29))


def test_a_day_to_come_is_only_rehearsed(app: Flask, given: Given, diary: Diary, monkeypatch) -> None:
    given(diary.job("a", at=time(6, 30)))
    kept = app.extensions["settings"]
    with at(app, shanghai(2026, 12, 10, 10)):
        monkeypatch.setitem(app.extensions, "settings", replace(kept, mode="production"))
        with pytest.raises(NotYet, match="还没有到"):
            run_job("a", D(2026, 12, 16))
        monkeypatch.setitem(app.extensions, "settings", replace(kept, mode="demonstration"))
        assert run_job("a", D(2026, 12, 16)).told == "办了 2026-12-16 的事（预演，不记入）"
    with at(app, shanghai(2026, 12, 16, 7)):
        assert run_due() == [Ran("a", D(2026, 12, 16), RunState.DONE, "办了 2026-12-16 的事")]


def test_a_failed_day_can_be_run_by_hand_later(app: Flask, given: Given, diary: Diary) -> None:
    given(diary.job("a"))
    diary.fails["a"] = Alarm("坏了")
    with at(app, shanghai(2026, 12, 10, 10)):
        run_due()
        assert db.session.get_one(KnownJob, "a").settled_through == D(2026, 12, 10)
        diary.fails.clear()
        assert run_job("a", D(2026, 12, 10)).state is RunState.DONE


def test_a_job_leaves_no_unfinished_rows_to_the_next(app: Flask, given: Given, diary: Diary) -> None:
    job = diary.job("a")

    def untidy(on: date) -> str:
        db.session.add(KnownJob(name="left over", since=on, settled_through=on))
        return "没有提交"

    given(type(job)("untidy", "", untidy), diary.job("b"))
    with at(app, shanghai(2026, 12, 10, 10)):
        assert [ran.state for ran in run_due()] == [RunState.DONE, RunState.DONE]
        assert db.session.get(KnownJob, "left over") is None
