"""An agency withdraws an evaluation (reading 10)."""

from accounts.models import Role, User
from core import clock, law
from core.db import transaction
from evaluations import flagging, makers, steps, telling
from evaluations.queries import screening
from evaluations.queries import working as queries
from evaluations.rules import course, standing_still
from evaluations.rules import working as rules
from evaluations.rules.states import Action, HoldKind, Release
from notices import outbox
from notices.outbox import Audience


def withdraw(evaluation_id: int, *, version: int, by: User, reason: str) -> Release:
    """撤回: before on-site work an officer is asked to free its places, later they stay used. Returns which.

    Raises NotPossibleNow, StandsStill.
    """
    with transaction() as session:
        evaluation = steps.begin(session, evaluation_id, shown=version)
        before = evaluation.state
        course.next_state(before, Action.WITHDRAW)
        standing_still.require_withdrawable(
            is_blocked=flagging.open_hold(evaluation, HoldKind.BLOCK) is not None,
            known=screening.facts_of(session, evaluation),
        )
        steps.take(session, evaluation, Action.WITHDRAW, by=by, name=makers.maker_name(evaluation), reason=reason)
        evaluation.withdrawn_from = before
        evaluation.release = rules.release_asked(
            evaluation.level,
            before,
            is_counted=queries.is_counted(session, evaluation.id),
            law=law.jurisdiction(),
            on=clock.today(),
        )
        telling.others(session, evaluation, "evaluation_withdrawn")
        if evaluation.release is Release.ASKED:
            outbox.post(session, "evaluation_release_asked", to=Audience.role(Role.APPROVER), about=evaluation)
        return evaluation.release
