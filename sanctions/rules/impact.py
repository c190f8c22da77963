"""第二十二条第三款: what of an agency's work must be looked at again, by whom, and what becomes of it (reading 15)."""

from dataclasses import dataclass
from datetime import date

from core.errors import Conflict, DomainError
from core.law import implements
from evaluations.rules.states import ENDED, Level, State
from sanctions.models import TaskKind, TaskResult

OF_KIND: dict[TaskKind, tuple[TaskResult, ...]] = {
    TaskKind.OPEN_EVALUATION: (TaskResult.WITHDRAWN, TaskResult.REPEATED, TaskResult.UPHELD, TaskResult.NOT_AFFECTED),
    TaskKind.ADOPTED_EVALUATION: (
        TaskResult.UPHELD, TaskResult.REPEATED, TaskResult.REMOVAL_PROPOSED, TaskResult.NOT_AFFECTED,
    ),
    TaskKind.LIST_ENTRY: (
        TaskResult.UPHELD, TaskResult.REPEATED, TaskResult.REMOVAL_PROPOSED, TaskResult.NOT_AFFECTED,
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Settlement:
    """Tasks that are done at once, each at the version that was shown, with one result and one reason."""

    shown: tuple[tuple[int, int], ...]  # task id, version
    result: TaskResult
    reason: str


class TaskMoved(Conflict):
    """The task was done meanwhile, fell away with the decision, or was changed by somebody else."""


class WrongResult(DomainError):
    """A result that a task of this kind can't have."""


class NothingChosen(DomainError):
    """Several at once, and none of them."""


@implements("JL-22-3")
def resting(
    state: State, adopted_on: date | None, *, first_day: date, last_day: date, reasoned: bool
) -> TaskKind | None:
    """第二十二条第三款: an evaluation under way; one adopted before the first day, or inside without a reason.

    `reasoned`: adopted in spite of a period, with a reason. Inside without one nobody knew of it yet: the decision was
    entered, or its receipt recorded, after its first day.
    """
    if state not in ENDED:
        return TaskKind.OPEN_EVALUATION
    if state is State.ADOPTED and adopted_on is not None:
        unaware = adopted_on <= last_day and not reasoned
        return TaskKind.ADOPTED_EVALUATION if adopted_on < first_day or unaware else None
    return None


@implements("JL-22-3")
def competent_bureau(level: Level, bureau: str) -> str | None:
    """第二十二条第三款: who looks again is whose list it is: the bureau at municipal level, else the province."""
    return bureau or None if level is Level.MUNICIPAL else None


def require_result(kind: TaskKind, result: TaskResult) -> None:
    """Raises WrongResult."""
    if result not in OF_KIND[kind]:
        raise WrongResult(
            f"“{kind.label}”不能以“{result.label}”办结，可选：{'、'.join(each.label for each in OF_KIND[kind])}。",
            clause="JL-22-3",
            field="result",
        )
