"""`flask jobs …` and `flask scheduler run`: the days' work by hand, and a process that schedules."""

import signal
from datetime import datetime

import click
from flask import current_app
from flask.cli import AppGroup

from core import clock
from core.db import db
from core.errors import DomainError
from core.presentation import moment
from scheduling import queries, running
from scheduling.models import RunState
from scheduling.scheduler import scheduler_for

jobs_group = AppGroup("jobs", help="定时任务。")
scheduler_group = AppGroup("scheduler", help="定时任务的调度进程。")


@jobs_group.command("list")
def list_jobs() -> None:
    """列出全部任务：上次、结果、下次。"""
    session = db.session()
    for standing in queries.standings(session):
        last = standing.last
        click.echo(f"{standing.job.name}  {standing.job.title}")
        if last is None:
            click.echo("    上次：尚未运行")
        else:
            click.echo(f"    上次：{last.on}（{moment(last.started_at)} 开始）  {last.state.label}")
            click.echo(f"    结果：{last.error or last.outcome or '—'}")
        failed = f"  未成功 {standing.failed} 次" if standing.failed else ""
        click.echo(f"    下次：{moment(standing.next_at)}{failed}")
    for beat in queries.beats(session):
        run = beat.run
        click.echo(f"{beat.pulse.name}  {beat.pulse.title}（每 {beat.pulse.every} 秒）")
        click.echo(f"    上次：{moment(run.at) if run else '尚未运行'}  {(run and run.error) or ''}".rstrip())
    seen = queries.scheduler_beat(session)
    click.echo(f"调度进程：{f'{moment(seen.at)} 在运行（{seen.by}）' if seen else '尚未运行过'}")


@jobs_group.command("run")
@click.argument("name")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="办理哪一天的事，默认上海时间当日。")
@click.option("--again", is_flag=True, help="那一天已办完的也再办一次；已发出的提醒不会重发。")
def run_job(name: str, on: datetime | None, *, again: bool) -> None:
    """办理一个任务在某一天的事。"""
    try:
        ran = running.run_job(name, on.date() if on else clock.today(), again=again)
    except DomainError as refusal:
        raise click.ClickException(refusal.message) from None
    click.echo(f"{ran.job} {ran.on} {'完成' if ran.state is RunState.DONE else '没有办成'}：{ran.told}")
    if ran.state is not RunState.DONE:
        raise SystemExit(1)


@scheduler_group.command("run")
def run_scheduler() -> None:
    """调度定时任务，直至收到结束信号；已有一个在调度时作为备用，一分钟内接替。"""
    scheduler = scheduler_for(current_app._get_current_object(), inside=False)  # type: ignore[attr-defined]

    def end(number: int, frame: object) -> None:
        scheduler.stop()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    click.echo("已启动。")
    scheduler.run()
