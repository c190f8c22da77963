"""The page of an agency's act on an evaluation, as long as it is possible."""

from collections.abc import Callable
from typing import Any

from flask.typing import ResponseReturnValue

from core.forms import VersionedForm
from evaluations import acting
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
    not_now = "" if is_possible(evaluation, what) else f"这项评价现在是“{evaluation.state.label}”，不能{what.label}。"
    return acting.act_page(evaluation, form, act, done, template, not_now=not_now, **shown)


def is_possible(evaluation: Evaluation, what: Action | Task) -> bool:
    return may_follow(evaluation.state, what) if isinstance(what, Action) else may_do(evaluation.state, what)
