"""The course of a complaint: states, what leads from one to the next, and what everybody must have seen."""

from complaints.models import State
from core.errors import Conflict
from core.labels import Labelled
from core.law import implements


class Action(Labelled):
    """What is done with a complaint; the word is what a timeline shows."""

    RECEIVE = "receive", "收到举报"
    ASSIGN = "assign", "指派办理人"
    DECLARE = "declare", "办理人声明无利害关系"
    RECUSE = "recuse", "办理人回避"
    REFER = "refer", "转交有管辖权的部门"
    CALL = "call", "电话核实举报人"
    ASK = "ask", "请举报人补充"
    ANSWER = "answer", "举报人补充说明"
    LAPSE = "lapse", "补充期限届满"
    ADD = "add", "举报人补充材料"
    ACCEPT = "accept", "受理"
    KEEP = "keep", "作为线索办理"
    REFUSE = "refuse", "不予受理"
    JOIN = "join", "并入另一件举报"
    SEPARATE = "separate", "恢复单独办理"
    ASK_EXTENSION = "ask_extension", "申请延长核实期限"
    EXTEND = "extend", "延长核实期限"
    DECLINE_EXTENSION = "decline_extension", "不同意延长"
    NAME_PARTY = "name_party", "写明涉及的单位"
    WITHDRAW = "withdraw", "举报人撤回"
    GO_ON = "go_on", "撤回后继续办理"
    CLOSE = "close", "撤回后办结"
    CONCLUDE = "conclude", "核实完毕"
    REPLY = "reply", "答复"
    ASK_REVIEW = "ask_review", "举报人申请复核"
    UPHOLD = "uphold", "复核：维持原答复"
    REOPEN = "reopen", "复核：重新核实"
    END = "end", "复核期满，办结"


# what moves it on
MOVES: dict[tuple[State, Action], State] = {
    (State.RECEIVED, Action.ASSIGN): State.ASSIGNED,
    (State.ASSIGNED, Action.RECUSE): State.RECEIVED,
    (State.ASSIGNED, Action.REFER): State.RECEIVED,  # whoever is competent assigns anew
    (State.ASSIGNED, Action.ACCEPT): State.ACCEPTED,
    (State.ASSIGNED, Action.KEEP): State.CLUE,
    (State.ASSIGNED, Action.REFUSE): State.REFUSED,
    (State.ASSIGNED, Action.JOIN): State.JOINED,
    (State.ASSIGNED, Action.CLOSE): State.CLOSED,
    (State.CLUE, Action.ACCEPT): State.ACCEPTED,  # who reported was reached after all
    (State.CLUE, Action.CONCLUDE): State.CLOSED,  # nobody is owed a reply
    (State.CLUE, Action.CLOSE): State.CLOSED,
    (State.ACCEPTED, Action.CONCLUDE): State.CONCLUDED,
    (State.ACCEPTED, Action.CLOSE): State.CLOSED,
    (State.CONCLUDED, Action.REPLY): State.REPLIED,
    (State.JOINED, Action.REPLY): State.REPLIED,  # with the one it was joined to
    (State.JOINED, Action.SEPARATE): State.RECEIVED,  # the other one came to nothing
    (State.REPLIED, Action.ASK_REVIEW): State.REVIEWING,
    (State.REPLIED, Action.END): State.CLOSED,
    (State.REVIEWING, Action.UPHOLD): State.CLOSED,
    (State.REVIEWING, Action.REOPEN): State.ACCEPTED,
}
WORKED_ON = (State.ASSIGNED, State.ACCEPTED, State.CLUE, State.REVIEWING)
HANDLED = (*WORKED_ON, State.CONCLUDED)
ANSWERABLE = (State.RECEIVED, *WORKED_ON)  # what was asked is still asked while it passes into other hands
# what leaves it where it is
STAYS: dict[Action, tuple[State, ...]] = {
    Action.ASSIGN: HANDLED,  # another handler, or one after the first stood aside
    Action.DECLARE: HANDLED,
    Action.RECUSE: (State.ACCEPTED, State.CLUE, State.REVIEWING, State.CONCLUDED),
    Action.REFER: (State.RECEIVED, State.ACCEPTED, State.CLUE, State.CONCLUDED),  # where a desk has nobody left for it
    Action.CALL: WORKED_ON,
    Action.NAME_PARTY: (State.ASSIGNED, State.ACCEPTED, State.CLUE),
    Action.ASK: WORKED_ON,
    Action.ANSWER: ANSWERABLE,
    Action.LAPSE: ANSWERABLE,
    Action.ADD: (State.RECEIVED, State.JOINED, *HANDLED),
    Action.ASK_EXTENSION: (State.ACCEPTED,),
    Action.EXTEND: (State.ACCEPTED,),
    Action.DECLINE_EXTENSION: (State.ACCEPTED,),
    Action.WITHDRAW: (State.RECEIVED, State.JOINED, State.ASSIGNED, State.ACCEPTED, State.CLUE),
    Action.GO_ON: (State.ASSIGNED, State.ACCEPTED, State.CLUE),
}
COURSE: dict[tuple[State, Action], State] = MOVES | {
    (state, action): state for action, states in STAYS.items() for state in states
}
# what the reporter is told of, each as one line of the course that number and secret open
SHOWN = frozenset(Action) - {
    Action.DECLARE, Action.RECUSE, Action.CALL, Action.ASK_EXTENSION, Action.DECLINE_EXTENSION,
    Action.NAME_PARTY,
}  # fmt: skip


class NotPossibleNow(Conflict):
    """The complaint is in a state that this action doesn't leave, or was changed since the reader looked at it."""


def may_follow(state: State, action: Action) -> bool:
    """Whether an action is possible now: for pages, which offer only what is."""
    return (state, action) in COURSE


@implements("JL-24-2")
def next_state(state: State, action: Action) -> State:
    """第二十四条: the course of a complaint, from receipt over acceptance to verification. Raises NotPossibleNow."""
    try:
        return COURSE[state, action]
    except KeyError:
        raise NotPossibleNow(
            f"该举报现在是“{state.label}”，不能再作“{action.label}”，请回到举报页查看最新情况。"
        ) from None


def require_shown(*, shown: int, now: int) -> None:
    """Nobody acts on what they did not see. Raises NotPossibleNow."""
    if shown != now:
        raise NotPossibleNow("该举报刚刚有变化（也可能是重复提交），您看到的不是最新内容，请核对后再办理。")
