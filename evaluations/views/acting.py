"""The page of one act on an evaluation: its form, the one service call, what happened, back to the evaluation."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.errors import DomainError
from core.forms import VersionedForm
from evaluations.models import Evaluation
from evaluations.rules.course import may_follow
from evaluations.rules.states import Action
from evaluations.rules.working import Task, may_do


def act_page(
    evaluation: Evaluation,
    what: Action | Task,
    form: VersionedForm,
    act: Callable[[], object],
    done: str,
    template: str,
    **shown: Any,
) -> ResponseReturnValue:
    """By Back or an old link one comes too late for it: then to where the evaluation stands."""
    evaluation_id = evaluation.id
    if request.method == "GET" and not is_possible(evaluation, what):
        flash(f"这项评价现在是“{evaluation.state.label}”，不能{what.label}。", "warning")
        return redirect(url_for("evaluation.show", evaluation_id=evaluation_id))
    if form.submitted():
        try:
            act()
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(done)
            return redirect(url_for("evaluation.show", evaluation_id=evaluation_id))
    return render_template(f"evaluations/{template}.html", evaluation=evaluation, form=form, **shown), form.status


def is_possible(evaluation: Evaluation, what: Action | Task) -> bool:
    return may_follow(evaluation.state, what) if isinstance(what, Action) else may_do(evaluation.state, what)
