"""The admin's pages: what runs by the clock and how it went, and the years of the working calendar."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.models import User
from accounts.policies import is_admin
from accounts.signin import signed_in
from core import clock
from core.db import db
from core.errors import DomainError
from core.guards import guard
from scheduling import queries, services, workyears
from scheduling.forms import RetryForm, WorkYearForm
from scheduling.jobs import Job
from scheduling.models import JobRun
from scheduling.year_notice import YearDays, as_text, read_notice

blueprint = Blueprint("scheduling", __name__, url_prefix="/admin")


def job_seen_by(user: User, job_name: str) -> Job | None:
    return queries.job_named(job_name)


def run_seen_by(user: User, run_id: int) -> JobRun | None:
    return queries.run_seen(run_id)


def year_seen_by(user: User, year: int) -> workyears.Year | None:
    return workyears.year_of(db.session(), year) if workyears.can_be_entered(year) else None


@blueprint.get("/jobs")
@guard(is_admin)
def jobs() -> ResponseReturnValue:
    session = db.session()
    return render_template(
        "scheduling/jobs.html",
        standings=queries.standings(session),
        beats=queries.beats(session),
        beat=queries.scheduler_beat(session),
        is_silent=queries.is_silent(session),
        failed=queries.failed_runs(session),
    )


@blueprint.get("/jobs/<job_name>")
@guard(is_admin, load=job_seen_by)
def history(job: Job) -> ResponseReturnValue:
    page = queries.history(db.session(), job.name, request.args.get("cursor"))
    return render_template("scheduling/history.html", job=job, page=page)


@blueprint.post("/jobs/runs/<int:run_id>/retry")
@guard(is_admin, load=run_seen_by)
def retry(run: JobRun) -> ResponseReturnValue:
    form = RetryForm()
    if form.submitted():
        try:
            services.retry(run.id, by=signed_in())
        except DomainError as refusal:
            flash(refusal.message, "warning")
        else:
            flash(f"{run.on} 的运行已重新排上，调度进程随即办理。")
    return redirect(url_for("scheduling.history", job_name=run.job))


@blueprint.get("/workdays")
@guard(is_admin)
def workdays() -> ResponseReturnValue:
    session = db.session()
    return render_template(
        "scheduling/workdays.html",
        years=workyears.years(session),
        missing=workyears.missing(session, on=clock.today()),
    )


@blueprint.route("/workdays/<int:year>", methods=["GET", "POST"])
@guard(is_admin, load=year_seen_by)
def enter_year(known: workyears.Year) -> ResponseReturnValue:
    entered = known.entered
    form = WorkYearForm(
        data={
            "notice": entered.notice if entered else "",
            "text": as_text(known.days) if known.is_known else "",
            "version": entered.version if entered else 0,
        }
    )
    read: YearDays | None = None
    if form.submitted():
        try:
            read = read_notice(form.text.data or "", known.year)
            if form.shown.data == read.digest:
                version = form.shown_version
                services.enter_year(known.year, form.notice.data or "", read, version=version, by=signed_in())
                flash(f"{known.year} 年的工作日历已保存，期限随即按此计算。")
                return redirect(url_for("scheduling.workdays"))
            form.shown.data = read.digest
        except DomainError as refusal:
            form.refuse(refusal)
            _show_the_newest(form, known.year)
    return render_template("scheduling/enter_year.html", form=form, known=known, read=read), form.status


def _show_the_newest(form: WorkYearForm, year: int) -> None:
    """After a conflict: a second click saves over what was entered meanwhile, now that it was told."""
    if form.status == 409:
        db.session.expire_all()
        now = workyears.year_of(db.session(), year).entered
        form.version.data = str(now.version if now else 0)
