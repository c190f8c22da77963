"""An evaluation as those who make it see it, and its files."""

from flask import render_template
from flask.typing import ResponseReturnValue

from accounts.signin import signed_in
from core import clock
from core.db import db
from core.guards import guard
from evaluations import policies
from evaluations.delivering import serve_files
from evaluations.models import Evaluation
from evaluations.overview import overview_of
from evaluations.queries import evaluation_seen_by
from evaluations.rules.course import may_follow
from evaluations.rules.states import Action
from evaluations.rules.working import Task, may_do
from evaluations.views.routing import blueprint


@blueprint.get("/<int:evaluation_id>")
@guard(policies.is_party, load=evaluation_seen_by)
def show(evaluation: Evaluation) -> ResponseReturnValue:
    works = policies.leads(signed_in(), evaluation)
    return render_template(
        "evaluations/show.html",
        evaluation=evaluation,
        overview=overview_of(db.session(), evaluation, on=clock.today()),
        works=works,
        tasks=frozenset(task.value for task in Task if works and may_do(evaluation.state, task)),
        actions=frozenset(action.value for action in Action if works and may_follow(evaluation.state, action)),
    )


serve_files(blueprint, policies.is_party)
