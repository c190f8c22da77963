"""The system's own jobs: a changed log is shown as failed at once, what nobody needs any longer is deleted."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from accounts.models import SignInThrottle
from core import audit, clock
from core.db import db, transaction
from core.refs import Ref
from scheduling import queries
from scheduling.models import DoneOnce, RunState
from scheduling.running import run_job


def test_a_log_that_was_cut_is_shown_as_failed_at_once(app: Flask) -> None:
    with app.app_context():
        with transaction() as session:
            audit.record(session, "job.retried", Ref("job_run", 1, "某次运行"), by=None)
        assert run_job("scheduling.verify_log", clock.today()).state is RunState.DONE
        audit.checkpoint_file().unlink()
        ran = run_job("scheduling.verify_log", clock.today(), again=True)
        assert ran.state is RunState.FAILED
        assert ran.told.startswith("日志有 1 处不符：检查点文件不在")
        assert queries.failed_runs(db.session()) == 1


def test_old_tries_and_notes_are_forgotten_and_young_ones_kept(app: Flask) -> None:
    ages = {"young": timedelta(hours=23), "old": timedelta(hours=25)}
    with app.app_context():
        with transaction() as session:
            for key, age in ages.items():
                session.add(SignInThrottle(key=key, failures=1, last_failure_at=clock.now() - age))
            for item, days in (("young", 9 * 365), ("old", 11 * 365)):
                session.add(DoneOnce(work="agency.expiring", item=item, at=clock.now() - timedelta(days=days)))
        assert run_job("scheduling.forget", clock.today()).told == "清除 1 条过时的登录尝试记录"
        assert db.session.scalars(select(SignInThrottle.key)).all() == ["young"]
        assert db.session.scalars(select(DoneOnce.item)).all() == ["young"]
