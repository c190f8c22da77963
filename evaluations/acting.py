"""The page of one act on an evaluation, on whichever side: its form, the one service call, back to the evaluation."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.errors import DomainError
from core.forms import VersionedForm
from evaluations.models import Evaluation


def act_page(
    evaluation: Evaluation,
    form: VersionedForm,
    act: Callable[[], object],
    done: str,
    template: str,
    *,
    not_now: str = "",
    **shown: Any,
) -> ResponseReturnValue:
    """`template` lies in templates/evaluations, without its ending; `done` is said where the act went through.

    `not_now`: why it isn't possible as things stand. By Back or an old link one comes too late for it: then to where
    the evaluation stands, with that word. What was sent is left to the service.
    """
    evaluation_id = evaluation.id  # a refused act leaves the row expired
    if not_now and request.method == "GET":
        flash(not_now, "warning")
        return redirect(url_for(".show", evaluation_id=evaluation_id))
    if form.submitted():
        try:
            act()
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(done)
            return redirect(url_for(".show", evaluation_id=evaluation_id))
    return render_template(f"evaluations/{template}.html", evaluation=evaluation, form=form, **shown), form.status
