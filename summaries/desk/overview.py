"""A year: who has handed in, who hasn't, who is late; reminding those with one action."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.signin import signed_in
from core import clock, exports
from core.db import db
from core.guards import guard
from core.places import bureaus
from summaries import charts, policies
from summaries.desk import blueprint
from summaries.desk.forms import YearFilter
from summaries.queries import overview as reading
from summaries.queries.desk_years import bureau_of, year_seen_by
from summaries.queries.overview import Standing, YearLine
from summaries.services import reminding


@blueprint.get("/<int:year>")
@guard(policies.may_see_year, load=year_seen_by)
def overview(line: YearLine) -> ResponseReturnValue:
    session, user, today = db.session(), signed_in(), clock.today()
    form = YearFilter(request.args, own_bureau=bureau_of(user))
    found = reading.listing(session, line.year, form.wanted(), today=today, cursor=request.args.get("page"))
    asked, page = form.in_address(), found.page
    return render_template(
        "summaries/desk/overview.html",
        line=line,
        form=form,
        listing=found,
        asked=asked,
        standings=Standing,
        strip=charts.hand_ins(line.dates, reading.by_day(session, line.year, bureau=bureau_of(user)), today=today),
        runs=policies.may_run_year(user, line),
        whose=user.bureau_name if not user.is_provincial else "",
        bureaus=bureaus(),
        previous_url=url_for(".overview", year=line.year, page=page.previous, **asked) if page.previous else None,
        next_url=url_for(".overview", year=line.year, page=page.next, **asked) if page.next else None,
    )


@blueprint.get("/<int:year>/export.xlsx")
@guard(policies.may_see_year, load=year_seen_by)
def overview_export(line: YearLine) -> Response:
    today = clock.today()
    wanted = YearFilter(request.args, own_bureau=bureau_of(signed_in())).wanted()
    rows = reading.exported(db.session(), line.year, wanted, today=today)
    return exports.download(f"{line.year} 年度工作总结上报情况 {today}", reading.COLUMNS, rows, sheet="上报情况")


@blueprint.post("/<int:year>/remind")
@guard(policies.may_run_year, load=year_seen_by)
def remind(line: YearLine) -> ResponseReturnValue:
    """All that the filter finds and that are still to come; with `only`, of them the ticked ones."""
    year, form = line.year, YearFilter(request.form)
    wanted, asked = form.wanted(), form.in_address()
    ids = frozenset(request.form.getlist("id", type=int)) if request.form.get("only") else None
    if ids is not None and not ids:
        flash("没有勾选机构，没有发出提醒。", "warning")
    else:
        done = reminding.by_desk(year, wanted, ids, by=signed_in())
        flash(*_told(done))
    return redirect(url_for(".overview", year=year, **asked))


def _told(done: reminding.Reminded) -> tuple[str, str]:
    again = f"{'另有 ' if done.told else ''}{done.already} 家今天已经提醒过，没有重复提醒。" if done.already else ""
    if done.told:
        return f"已提醒 {done.told} 家机构。{again}", "message"
    return (again or "没有需要提醒的机构。"), "warning"
