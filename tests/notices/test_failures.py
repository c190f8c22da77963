"""Work by the clock that failed for good: the admins are told once of each failure."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from core import clock
from core.db import db, transaction
from notices import failures
from notices.models import Notice
from scheduling.models import JobRun, RunState


def run_of(state: RunState, *, days_ago: int = 0) -> int:
    """A run of a job that ended some days ago."""
    with transaction() as session:
        ended = clock.now() - timedelta(days=days_ago)
        run = JobRun(job="agency.recheck", on=clock.day_of(ended), state=state, finished_at=ended, error="程序出错")
        session.add(run)
        session.flush()
        return run.id


def told() -> list[tuple[str, str]]:
    db.session.rollback()
    rows = db.session.scalars(select(Notice).where(Notice.event == "job_failed").order_by(Notice.id))
    return [(row.audience_id, row.text) for row in rows]


def test_admins_are_told_of_each_failure_once(app: Flask, context: None) -> None:
    run_id = run_of(RunState.FAILED)
    run_of(RunState.DONE, days_ago=1)
    run_of(RunState.FAILED, days_ago=8)  # no news
    assert (failures.tell(), failures.tell()) == (1, 0)
    known = f"定时任务未能完成：核对全部已备案机构的备案条件（{clock.today()}），请查看原因后重试"
    assert told() == [("admin", known)]
    with transaction() as session:  # tried again by hand, and failed again
        session.get_one(JobRun, run_id).finished_at = clock.now() + timedelta(seconds=1)
    assert failures.tell() == 1


def test_a_run_that_was_made_good_meanwhile_is_not_told(app: Flask, context: None) -> None:
    run_id = run_of(RunState.FAILED)
    with transaction() as session:
        session.get_one(JobRun, run_id).state = RunState.DONE
    assert failures.tell() == 0
    assert told() == []
