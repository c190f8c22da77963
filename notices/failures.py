"""Telling the admins of work by the clock that failed for good: a page that nobody opens tells nobody."""

from datetime import timedelta

from flask import current_app
from sqlalchemy import select

from core import clock
from core.db import db, transaction
from core.refs import Ref
from notices import outbox
from notices.outbox import Audience
from scheduling.models import JobRun, RunState
from scheduling.once import first_time

NEWS = timedelta(days=7)  # what failed longer ago is shown where it belongs


def tell() -> int:
    """A notice for each failure, once; one that fails again after a new try is a new one. Returns how many are told."""
    session = db.session()
    failed = select(JobRun.id, JobRun.finished_at).where(
        JobRun.state == RunState.FAILED, JobRun.finished_at >= clock.now() - NEWS
    )
    return sum(_tell(run_id, f"{run_id}:{at.isoformat()}") for run_id, at in session.execute(failed).all() if at)


def _tell(run_id: int, item: str) -> int:
    with transaction() as session:
        run = session.get_one(JobRun, run_id)
        if run.state is not RunState.FAILED or not first_time(session, "notices.failures", item):
            return 0
        titles = {job.name: job.title for job in current_app.extensions["jobs"]}
        about = Ref("job_run", run.id, f"{titles.get(run.job, run.job)}（{run.on}）")
        outbox.post(session, "job_failed", to=Audience.role("admin"), about=about)
        return 1
