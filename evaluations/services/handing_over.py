"""An agency hands its report over for adoption."""

from accounts.models import User
from core import clock, law
from core.db import transaction
from evaluations import makers, steps, telling
from evaluations.queries import adopting as facts
from evaluations.rules import adopting, course
from evaluations.rules.states import Action


def hand_over(evaluation_id: int, *, version: int, by: User) -> None:
    """提交: to the bureau at municipal level, else to the province. The applicant's word may still be missing.

    Raises NotPossibleNow, NotAdoptable for a dispute or a block.
    """
    with transaction() as session:
        evaluation = steps.begin(session, evaluation_id, shown=version)
        course.next_state(evaluation.state, Action.HAND_OVER)
        today = clock.today()
        adopting.require_hand_over(facts.facts_of(session, evaluation, on=today), law.jurisdiction())
        report = evaluation.reports[-1]
        told = f"报告 {report.number}" + (f"（第 {report.version} 版）" if report.version > 1 else "")
        steps.take(session, evaluation, Action.HAND_OVER, by=by, name=makers.maker_name(evaluation), reason=told)
        evaluation.handed_over_on = today
        telling.desk(session, evaluation, "evaluation_handed_over")
        telling.others(session, evaluation, "evaluation_handed_over")
