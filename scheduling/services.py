"""What an admin does about the work by the clock: have a failed run tried again, enter the notice of a year."""

from accounts.models import User
from core import audit, clock
from core.db import transaction
from core.errors import Conflict
from core.workdays import WorkYear
from scheduling.models import JobRun, RunState
from scheduling.year_notice import YearDays


class NotFailed(Conflict):
    """The run was tried again meanwhile, or did not fail."""


class YearMoved(Conflict):
    """Another admin entered or corrected the year meanwhile."""


def retry(run_id: int, *, by: User) -> None:
    """重试: a failed run waits to be taken up by the scheduler at once. Raises NotFailed."""
    with transaction() as session:
        run = session.get_one(JobRun, run_id, with_for_update=True, populate_existing=True)
        if run.state is not RunState.FAILED:
            raise NotFailed(f"这次运行现在是“{run.state.label}”，不必重试。")
        before, run.state = run.state, RunState.WAITING
        run.attempts = run.breaks = 0
        run.next_try_at = None
        audit.record(session, "job.retried", run, by=by, before=before, after=run.state)


def enter_year(year: int, notice: str, days: YearDays, *, version: int, by: User) -> None:
    """录入工作日历: the days off and worked of a year, in place of what was known of it.

    `version` is the one that the form showed, 0 for a year that nobody entered yet. Raises YearMoved.
    """
    with transaction() as session:
        row = session.get(WorkYear, year, with_for_update=True, populate_existing=True)
        if version != (row.version if row else 0):
            raise YearMoved("这一年的工作日历刚刚由他人录入或更正，请核对后再保存一次。")
        action = "work_year.corrected" if row else "work_year.entered"
        before = row.notice if row else None
        row = row or WorkYear(year=year, version=0)
        row.notice, row.version = notice, row.version + 1
        row.days_off = [day.isoformat() for day in days.days_off]
        row.worked = [day.isoformat() for day in days.worked]
        row.entered_by, row.entered_at = by.id, clock.now()
        session.add(row)
        reason = f"放假 {len(days.days_off)} 天，调休上班 {len(days.worked)} 天"
        audit.record(session, action, row, by=by, before=before, after=notice, reason=reason)
