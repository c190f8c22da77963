"""An evaluation as those who make it see it, and its files."""

from dataclasses import replace

from flask import render_template
from flask.typing import ResponseReturnValue

from accounts.signin import signed_in
from core import clock
from core.db import db
from core.guards import guard
from evaluations import policies
from evaluations.delivering import serve_files
from evaluations.makers import party_of
from evaluations.models import Evaluation
from evaluations.overview import Overview, overview_of
from evaluations.queries import evaluation_seen_by
from evaluations.rules.course import may_follow
from evaluations.rules.joining import may_answer
from evaluations.rules.states import Action, Consent
from evaluations.rules.working import Task, may_do
from evaluations.views.routing import blueprint, own_agency


@blueprint.get("/<int:evaluation_id>")
@guard(policies.is_party, load=evaluation_seen_by)
def show(evaluation: Evaluation) -> ResponseReturnValue:
    works, own = policies.leads(signed_in(), evaluation), party_of(evaluation, own_agency())
    answers = {"agree": Consent.GIVEN, "refuse": Consent.REFUSED}
    return render_template(
        "evaluations/show.html",
        evaluation=evaluation,
        overview=as_known_to(own_agency(), overview_of(db.session(), evaluation, on=clock.today())),
        works=works,
        own_party=own,
        answers=[act for act, answer in answers.items() if may_answer(evaluation.state, own.consent, answer)],
        tasks=frozenset(task.value for task in Task if works and may_do(evaluation.state, task)),
        actions=frozenset(action.value for action in Action if works and may_follow(evaluation.state, action)),
    )


def as_known_to(agency_id: int, overview: Overview) -> Overview:
    """With its own places: the number of a partner's says how many that one has used."""
    return replace(overview, places=tuple(place for place in overview.places if agency_id in place.agency_ids))


serve_files(blueprint, policies.is_party)
