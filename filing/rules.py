"""Article 21: the course of a filing. A filing is not a licence: it has no term and nothing here ends it by itself."""

from collections.abc import Sequence

from agency.particulars import Labelled
from core.errors import Conflict, DomainError
from core.law import Finding, Verdict, implements, worst


class FilingKind(Labelled):
    INITIAL = "initial", "首次备案"
    CHANGE = "change", "变更备案"


class State(Labelled):
    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "待受理"
    RETURNED = "returned", "退回补正"
    UNDER_REVIEW = "under_review", "审核中"
    REVIEWED = "reviewed", "待审批"
    FILED = "filed", "已备案"
    REFUSED = "refused", "不予备案"
    WITHDRAWN = "withdrawn", "已撤回"
    CANCELLED = "cancelled", "已注销"
    SUPERSEDED = "superseded", "已被变更备案替代"


class Action(Labelled):
    OPEN = "open", "开始填报"
    SUBMIT = "submit", "提交"
    TAKE = "take", "受理"
    RETURN = "return", "退回补正"
    PASS = "pass", "审核通过"
    SEND_BACK = "send_back", "退回审核"
    APPROVE = "approve", "准予备案"
    REFUSE = "refuse", "不予备案"
    WITHDRAW = "withdraw", "撤回"
    CANCEL = "cancel", "注销"
    SUPERSEDE = "supersede", "被变更备案替代"


COURSE: dict[tuple[State, Action], State] = {
    (State.DRAFT, Action.SUBMIT): State.SUBMITTED,
    (State.RETURNED, Action.SUBMIT): State.SUBMITTED,
    (State.SUBMITTED, Action.TAKE): State.UNDER_REVIEW,
    (State.SUBMITTED, Action.RETURN): State.RETURNED,
    (State.UNDER_REVIEW, Action.RETURN): State.RETURNED,
    (State.UNDER_REVIEW, Action.PASS): State.REVIEWED,
    (State.REVIEWED, Action.SEND_BACK): State.UNDER_REVIEW,
    (State.REVIEWED, Action.APPROVE): State.FILED,
    (State.REVIEWED, Action.REFUSE): State.REFUSED,
    (State.SUBMITTED, Action.WITHDRAW): State.WITHDRAWN,
    (State.RETURNED, Action.WITHDRAW): State.WITHDRAWN,
    (State.UNDER_REVIEW, Action.WITHDRAW): State.WITHDRAWN,
    (State.REVIEWED, Action.WITHDRAW): State.WITHDRAWN,
    (State.FILED, Action.CANCEL): State.CANCELLED,
    (State.FILED, Action.SUPERSEDE): State.SUPERSEDED,
}

OPEN_STATES = frozenset({State.DRAFT, State.SUBMITTED, State.RETURNED, State.UNDER_REVIEW, State.REVIEWED})
PENDING_STATES = OPEN_STATES - {State.DRAFT}


class NotPossibleNow(Conflict):
    """The filing is in a state that this action doesn't leave."""


class SameOfficer(DomainError):
    """Who reviewed a matter doesn't decide it."""


class NotReady(DomainError):
    """A condition is not met, or a material is still due: the filing stays a draft."""


class JudgementMissing(DomainError):
    """A point that the rules leave open has not been judged."""


def may_follow(state: State, action: Action) -> bool:
    """Whether an action is possible now: for pages, which offer only what is."""
    return (state, action) in COURSE


@implements("JL-21-2")
def next_state(state: State, action: Action) -> State:
    """第二十一条: the course of a filing. Raises NotPossibleNow."""
    try:
        return COURSE[state, action]
    except KeyError:
        raise NotPossibleNow("该备案的状态已经变化，请刷新后再办理。", clause="JL-21-2") from None


def require_shown(*, shown: int, now: int) -> None:
    """Nobody decides on what they did not see. Raises NotPossibleNow."""
    if shown != now:
        raise NotPossibleNow("该备案的状态已经变化，您看到的不是最新内容，请刷新后再办理。")


def require_second_officer(*, reviewer_id: int | None, approver_id: int) -> None:
    """Reviewing and approving are two persons' work. Raises SameOfficer."""
    if reviewer_id == approver_id:
        raise SameOfficer("审核人不得审批同一备案，请由另一名人员办理。")


@implements("JL-21-2")
def require_ready(findings: Sequence[Finding]) -> None:
    """第二十条、第二十一条: nothing is handed in with an unmet condition or a material still due. Raises NotReady."""
    unmet = [finding for finding in findings if finding.verdict is Verdict.NOT_MET]
    due = [material for finding in findings for material in finding.still_due]
    if unmet:
        raise NotReady("；".join(finding.reason for finding in unmet), clause=unmet[0].clause)
    if due:
        raise NotReady("还缺材料：" + "；".join(due), clause="JL-21-2")


def require_judged(findings: Sequence[Finding]) -> None:
    """What needs a person's judgement is judged before the review is passed. Raises JudgementMissing, NotReady."""
    verdict = worst(finding.verdict for finding in findings)
    if verdict is Verdict.NEEDS_JUDGEMENT:
        open_points = "；".join(f.reason for f in findings if f.verdict is Verdict.NEEDS_JUDGEMENT)
        raise JudgementMissing(f"请先就待判断事项作出判断：{open_points}", clause="JL-20-3")
    if verdict is Verdict.NOT_MET:
        raise NotReady(
            "按已作出的判断，条件不符合，不能审核通过："
            + "；".join(f.reason for f in findings if f.verdict is verdict),
            clause="JL-21-2",
        )
