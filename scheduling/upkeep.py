"""The system's own work by the clock: the log verified and noted outside, what nobody needs any longer deleted."""

from datetime import date, time, timedelta

from sqlalchemy import delete

from accounts import throttle
from core import audit, clock
from core.db import db, transaction
from scheduling.jobs import Alarm, CatchUp, Job, Pulse
from scheduling.models import DoneOnce, JobRun, RunState

HOUR = 3600
RUNS_KEPT = timedelta(days=3 * 366)
NOTED = timedelta(days=10 * 366)  # what was done once is not asked again after so long


def _verify_log(on: date) -> str:
    result = audit.verify(db.session())
    if result.faults:
        found = "；".join(result.faults[:3])
        raise Alarm(f"日志有 {len(result.faults)} 处不符：{found}。请在“操作日志”中校验，并按运维手册处理。")
    return f"{result.entries} 条，未发现改动"


def _checkpoint() -> int:
    audit.checkpoint(db.session())
    return 1


def _forget(on: date) -> str:
    """Rows of sign-in tries that no longer count, and of what ran years ago."""
    now = clock.now()
    with transaction() as session:
        tries = throttle.forget_old(session)
        session.execute(delete(JobRun).where(JobRun.state != RunState.FAILED, JobRun.finished_at < now - RUNS_KEPT))
        session.execute(delete(DoneOnce).where(DoneOnce.at < now - NOTED))
    return f"清除 {tries} 条过时的登录尝试记录"


JOBS: tuple[Job | Pulse, ...] = (
    Job("scheduling.forget", "清除过时的登录尝试和运行记录", _forget, at=time(3, 30), catch_up=CatchUp.LATEST),
    Job("scheduling.verify_log", "校验操作日志", _verify_log, at=time(4, 30), catch_up=CatchUp.LATEST),
    Pulse("scheduling.checkpoint", "写日志检查点", _checkpoint, every=HOUR),
)
