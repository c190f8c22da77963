"""The page of one act on an evaluation, on whichever side: its form, the one service call, back to the evaluation."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from core.errors import DomainError
from core.forms import VersionedForm
from evaluations.models import Evaluation


def act_page(
    evaluation: Evaluation, form: VersionedForm, act: Callable[[], object], done: str, template: str, **shown: Any
) -> ResponseReturnValue:
    """`template` lies in templates/evaluations, without its ending; `done` is said where the act went through."""
    evaluation_id = evaluation.id  # a refused act leaves the row expired
    if form.submitted():
        try:
            act()
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(done)
            return redirect(url_for(".show", evaluation_id=evaluation_id))
    return render_template(f"evaluations/{template}.html", evaluation=evaluation, form=form, **shown), form.status
