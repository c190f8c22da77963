"""The ledger of what ran by the clock: one row for the work of a day, so that it is done once, whoever runs it."""

from datetime import date, datetime

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Model, Word
from core.labels import Labelled
from core.refs import Ref


class RunState(Labelled):
    WAITING = "waiting", "待重试"
    RUNNING = "running", "运行中"
    DONE = "done", "已完成"
    FAILED = "failed", "失败"
    PASSED_OVER = "passed_over", "已由后一日代替"


SETTLED = (RunState.DONE, RunState.FAILED, RunState.PASSED_OVER)


class KnownJob(Model):
    """From which day on a job is answered for, and up to which day nothing of it is left to begin."""

    __tablename__ = "known_job"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    since: Mapped[date]
    settled_through: Mapped[date]


class JobRun(Model):
    """The work of a job for a day. `claim` names who is at it, and is believed until `lease_until`."""

    __tablename__ = "job_run"
    __table_args__ = (UniqueConstraint("job", "on"), Index("ix_job_run_open", "state", "on"))

    id: Mapped[int] = mapped_column(primary_key=True)
    job: Mapped[str] = mapped_column(String(60))
    on: Mapped[date]
    state: Mapped[RunState] = mapped_column(Word(RunState), default=RunState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)  # tries that ended in an error
    breaks: Mapped[int] = mapped_column(default=0)  # tries that ended with the process they ran in
    next_try_at: Mapped[datetime | None]
    claim: Mapped[str | None] = mapped_column(String(40))
    lease_until: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(500))
    error: Mapped[str | None] = mapped_column(String(500))

    @property
    def ref(self) -> Ref:
        return Ref("job_run", self.id, f"{self.job} {self.on}")


class PulseRun(Model):
    """When a pulse last did something, and what went wrong last; the scheduler itself beats here too."""

    __tablename__ = "pulse_run"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    at: Mapped[datetime]
    did: Mapped[int] = mapped_column(default=0)
    did_at: Mapped[datetime | None]  # when it last had something to do
    failures: Mapped[int] = mapped_column(default=0)  # in a row
    error: Mapped[str | None] = mapped_column(String(500))
    by: Mapped[str | None] = mapped_column(String(120))  # which process


class DoneOnce(Model):
    """What a job has done for one thing, so that being run again it does not do it twice (scheduling/once.py)."""

    __tablename__ = "done_once"

    work: Mapped[str] = mapped_column(String(60), primary_key=True)
    item: Mapped[str] = mapped_column(String(120), primary_key=True)
    at: Mapped[datetime]
