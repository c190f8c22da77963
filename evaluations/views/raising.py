"""An agency raises an evaluation to a higher level: what that takes is shown before."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.signin import signed_in
from core import clock, law
from core.db import db
from core.errors import Conflict, DomainError
from core.guards import guard
from evaluations import outlook, policies
from evaluations.forms.registering import RaisingForm
from evaluations.models import Evaluation
from evaluations.queries import boards, evaluation_seen_by
from evaluations.queries import gate as facts
from evaluations.rules import raising
from evaluations.rules.course import may_follow
from evaluations.rules.states import Action, Level, State
from evaluations.services import registering as services
from evaluations.views.routing import blueprint, own_agency


@blueprint.route("/<int:evaluation_id>/raise", methods=["GET", "POST"])
@guard(policies.leads, load=evaluation_seen_by)
def raise_(evaluation: Evaluation) -> ResponseReturnValue:
    session, today, evaluation_id = db.session(), clock.today(), evaluation.id
    above = raising.levels_above(evaluation.level)
    if request.method == "GET" and (not above or not may_follow(evaluation.state, Action.RAISE)):
        flash(f"该评价现为{evaluation.level.label}、{evaluation.state.label}，不能提升级别。", "warning")
        return redirect(url_for(".show", evaluation_id=evaluation_id))
    year = raising.year_after_raising(evaluation.year, raised_in=today.year)
    form = RaisingForm(levels=above, version=evaluation.version, year=year, statement=evaluation.statement)
    if form.submitted():
        try:
            services.raise_level(
                evaluation_id,
                Level(form.level.data),
                version=form.shown_version,
                by=signed_in(),
                year=form.year.data,
                statement=form.statement.data or "",
            )
        except DomainError as refusal:
            form.refuse(refusal)
            if isinstance(refusal, Conflict):
                form.version.data = str(evaluation.version)  # a second try is an informed one
        else:
            flash(f"已提升到{Level(form.level.data).label}。")
            return redirect(url_for(".show", evaluation_id=evaluation_id))
    consequences = [
        "按今天的情况再核对备案、条件、利害关系和第十一条情形。",
        f"提升到国家级的，占用 {today.year} 年的名额：法定代表人和本机构各一个；不能再降回原来的级别。",
        *(["已作出的采信保留记录，评价回到“已提交”，等待新级别的采信。"] if evaluation.state is State.ADOPTED else ()),
    ]
    judged = facts.facts_of_raising(session, evaluation, on=today, desk=False, level=Level.NATIONAL)
    return render_template(
        "evaluations/raise_.html",
        evaluation=evaluation,
        form=form,
        looks=outlook.outlook(judged, law.jurisdiction()),
        cap=boards.cap(session, own_agency(), today),
        own_id=own_agency(),
        consequences=consequences,
    ), form.status
