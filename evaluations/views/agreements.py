"""The text of an agreement with its marks, as those who make the evaluation see it, and what the leading one says."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.models import User
from accounts.signin import signed_in
from core.db import db
from core.errors import Conflict, DomainError
from core.guards import guard
from evaluations import agreed, policies
from evaluations.forms.working import dispute_form
from evaluations.models import AgreementScreening
from evaluations.queries import screening as queries
from evaluations.queries.screening import screening_seen_by
from evaluations.rules.working import Task, may_do
from evaluations.services import screening as services
from evaluations.views.routing import blueprint

AT = "/agreements/<int:screening_id>"


def is_party(user: User, screening: Any) -> bool:
    return policies.is_party(user, screening.evaluation)


def leads(user: User, screening: Any) -> bool:
    return policies.leads(user, screening.evaluation)


@blueprint.get(AT)
@guard(is_party, load=screening_seen_by)
def agreement(screening: AgreementScreening) -> ResponseReturnValue:
    session, evaluation = db.session(), screening.evaluation
    versions = queries.screenings_of(session, evaluation)
    works = policies.leads(signed_in(), evaluation)
    return render_template(
        "evaluations/agreement.html",
        screening=screening,
        evaluation=evaluation,
        reading=agreed.text_of(
            queries.content_of(session, screening), screening.marks, part=request.args.get("part", 1, type=int)
        ),
        versions=versions,
        is_newest=bool(versions) and versions[0].id == screening.id,
        can_replace=works and may_do(evaluation.state, Task.AGREEMENT),
        can_dispute=works and may_do(evaluation.state, Task.DISPUTE_MARKS) and bool(screening.undecided),
        works=works,
    )


@blueprint.get(f"{AT}/progress")
@guard(is_party, load=screening_seen_by)
def screening_progress(screening: AgreementScreening) -> ResponseReturnValue:
    """What static/progress.js asks for while one waits."""
    return agreed.progress(screening)


@blueprint.route(f"{AT}/dispute", methods=["GET", "POST"])
@guard(leads, load=screening_seen_by)
def dispute_marks(screening: AgreementScreening) -> ResponseReturnValue:
    evaluation, screening_id, marks = screening.evaluation, screening.id, screening.undecided
    if request.method == "GET" and not (marks and may_do(evaluation.state, Task.DISPUTE_MARKS)):
        flash("现在没有可以说明的标记。", "warning")
        return redirect(url_for(".agreement", screening_id=screening_id))
    form = dispute_form(marks, version=screening.version)
    if form.submitted():
        try:
            services.dispute(screening_id, form.said(marks), version=form.shown_version, by=signed_in())
        except DomainError as refusal:
            form.refuse(refusal)
            if isinstance(refusal, Conflict):
                form.version.data = str(screening.version)  # a second try is an informed one
        else:
            flash("说明已提交，由主管部门核定。")
            return redirect(url_for(".agreement", screening_id=screening_id))
    return render_template(
        "evaluations/dispute_marks.html", screening=screening, evaluation=evaluation, marks=marks, form=form
    ), form.status
