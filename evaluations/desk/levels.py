"""Whether a year's call takes third-party reports: read by everyone of the Department, entered by the province."""

from dataclasses import replace

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from accounts.models import User
from accounts.policies import is_department, is_provincial
from accounts.signin import signed_in
from core import clock
from core.db import db
from core.errors import DomainError
from core.guards import guard
from evaluations.desk.routing import blueprint
from evaluations.forms.levels import LevelForm, Takes
from evaluations.queries import levels as queries
from evaluations.queries.levels import LevelSeen
from evaluations.rules.states import Level
from evaluations.services import levels as services


def level_of(user: User, year: int, level: str) -> LevelSeen | None:
    if level not in list(Level) or not queries.is_possible_year(year, today=clock.today()):
        return None
    return queries.level_seen(db.session(), year, Level(level))


@blueprint.get("/levels")
@guard(is_department)
def levels() -> ResponseReturnValue:
    session = db.session()
    years = queries.years(session, today=clock.today())
    return render_template(
        "evaluations/desk/levels.html",
        years=years,
        names=queries.names_of(session, years),
        this_year=clock.today().year,
        levels=tuple(Level),
        may_set=is_provincial(signed_in(), None),
    )


@blueprint.route("/levels/<int:year>/<level>", methods=["GET", "POST"])
@guard(is_provincial, load=level_of)
def set_level(seen: LevelSeen) -> ResponseReturnValue:
    setting = seen.setting
    form = LevelForm(
        data={
            "version": str(setting.version if setting else 0),
            "takes_third_party": (Takes.YES if setting.takes_third_party else Takes.NO) if setting else None,
            "basis": setting.basis if setting else "",
        }
    )
    if form.submitted():
        try:
            services.set_level(
                seen.year,
                seen.level,
                takes_third_party=form.takes,
                basis=form.basis.data or "",
                shown=form.shown_version,
                by=signed_in(),
            )
        except DomainError as refusal:
            form.refuse(refusal)
            seen = level_of(signed_in(), seen.year, seen.level) or replace(seen)
            form.version.data = str(seen.setting.version if seen.setting else 0)
        else:
            flash(f"{seen.year} 年度{seen.level.label}：{services.word_of(form.takes)}。")
            return redirect(url_for("evaluation_desk.levels"))
    return render_template("evaluations/desk/set_level.html", seen=seen, form=form), form.status
