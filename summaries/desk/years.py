"""The years: when each opens, opening one by hand."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from accounts.signin import signed_in
from core import clock
from core.db import db
from core.errors import DomainError
from core.forms import VersionedForm
from core.guards import guard
from summaries import policies
from summaries.desk import blueprint
from summaries.desk.forms import OpeningForm
from summaries.queries import desk_years
from summaries.queries.desk_years import year_seen_by
from summaries.queries.overview import YearLine
from summaries.services import opening


@blueprint.get("")
@guard(policies.may_see_year)
def years() -> ResponseReturnValue:
    user = signed_in()
    lines = desk_years.year_lines(db.session(), today=clock.today(), bureau=desk_years.bureau_of(user))
    return render_template("summaries/desk/years.html", lines=lines, runs=policies.may_run_year(user, None), user=user)


@blueprint.route("/<int:year>/opening", methods=["GET", "POST"])
@guard(policies.may_run_year, load=year_seen_by)
def set_opening(line: YearLine) -> ResponseReturnValue:
    form = OpeningForm(data={"version": line.version, "opens_on": line.dates.opens_on})
    year = line.year
    if form.submitted() and form.opens_on.data is not None:
        try:
            opening.set_opening(year, form.opens_on.data, version=form.shown_version, by=signed_in())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(f"{year} 年度工作总结将于 {form.opens_on.data} 开放，届时通知各机构。")
            return redirect(url_for(".overview", year=year))
    return render_template(
        "summaries/desk/set_opening.html", line=year_seen_by(signed_in(), year), form=form
    ), form.status


@blueprint.route("/<int:year>/open", methods=["GET", "POST"])
@guard(policies.may_run_year, load=year_seen_by)
def open_now(line: YearLine) -> ResponseReturnValue:
    form, year = VersionedForm(data={"version": line.version}), line.year
    if form.submitted():
        try:
            done = opening.open_now(year, version=form.shown_version, by=signed_in())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(f"{year} 年度工作总结已开放：{done.made} 家机构已建档，{done.told} 家已通知。")
            return redirect(url_for(".overview", year=year))
    return render_template("summaries/desk/open_now.html", line=year_seen_by(signed_in(), year), form=form), form.status
