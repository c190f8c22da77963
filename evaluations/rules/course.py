"""The course of an evaluation: states, what leads from one to the next, and what everybody must have seen."""

from core.errors import Conflict
from core.law import implements
from evaluations.rules.states import Action, State

COURSE: dict[tuple[State, Action], State] = {
    (State.REGISTERED, Action.START): State.IN_PROGRESS,
    (State.IN_PROGRESS, Action.ISSUE): State.REPORT_ISSUED,
    (State.REPORT_ISSUED, Action.CORRECT): State.REPORT_ISSUED,
    (State.HANDED_OVER, Action.CORRECT): State.REPORT_ISSUED,  # a corrected report is handed over anew
    (State.REPORT_ISSUED, Action.HAND_OVER): State.HANDED_OVER,
    (State.HANDED_OVER, Action.ADOPT): State.ADOPTED,
    (State.HANDED_OVER, Action.DECLINE): State.NOT_ADOPTED,
    (State.REGISTERED, Action.WITHDRAW): State.WITHDRAWN,
    (State.IN_PROGRESS, Action.WITHDRAW): State.WITHDRAWN,
    (State.REPORT_ISSUED, Action.WITHDRAW): State.WITHDRAWN,
    (State.HANDED_OVER, Action.WITHDRAW): State.WITHDRAWN,
    (State.REGISTERED, Action.RAISE): State.REGISTERED,
    (State.IN_PROGRESS, Action.RAISE): State.IN_PROGRESS,
    (State.REPORT_ISSUED, Action.RAISE): State.REPORT_ISSUED,
    (State.HANDED_OVER, Action.RAISE): State.HANDED_OVER,
    (State.ADOPTED, Action.RAISE): State.HANDED_OVER,  # the lower adoption stays as a dated fact (reading 9)
}
RESTORABLE = frozenset(before for before, action in COURSE if action is Action.WITHDRAW)


class NotPossibleNow(Conflict):
    """The evaluation is in a state that this action doesn't leave."""


def may_follow(state: State, action: Action) -> bool:
    """Whether an action is possible now: for pages, which offer only what is."""
    return (state, action) in COURSE or (state is State.WITHDRAWN and action is Action.RESTORE)


@implements("JL-12-2")
def next_state(state: State, action: Action, *, withdrawn_from: State | None = None) -> State:
    """第十二条: the course of an evaluation. A restored one goes back to where it was. Raises NotPossibleNow."""
    if state is State.WITHDRAWN and action is Action.RESTORE and withdrawn_from in RESTORABLE:
        return withdrawn_from
    try:
        return COURSE[state, action]
    except KeyError:
        raise NotPossibleNow("该评价的状态已经变化，请回到评价页查看最新情况后再办理。") from None


def require_shown(*, shown: int, now: int) -> None:
    """Nobody acts on what they did not see. Raises NotPossibleNow."""
    if shown != now:
        raise NotPossibleNow("该评价刚刚有改动（也可能是重复提交），您看到的不是最新内容，请核对后再办理。")
