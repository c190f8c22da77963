"""Article 21: the course of a filing. A filing is not a licence: it has no term and nothing here ends it by itself."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from agency.particulars import MaterialKind, TitleLevel
from core.errors import Conflict, DomainError
from core.labels import Labelled
from core.law import Finding, Jurisdiction, Verdict, implements, worst


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
    TAKE_OVER = "take_over", "接办"
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
    (State.UNDER_REVIEW, Action.TAKE_OVER): State.UNDER_REVIEW,
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

# the clauses that the check judges and a correction can name
CHECKED = ("JL-20-1", "JL-20-2", "JL-20-3", "JL-20-4", "JL-20-5", "JL-21-1", "JL-22-1b")
OPEN_STATES = frozenset({State.DRAFT, State.SUBMITTED, State.RETURNED, State.UNDER_REVIEW, State.REVIEWED})
PENDING_STATES = OPEN_STATES - {State.DRAFT}


@dataclass(frozen=True, slots=True)
class Decision:
    """What an officer decides on a point that the rules leave open; `level` is what a title is taken for."""

    point: str
    accepted: bool
    reason: str
    level: TitleLevel | None = None

    @property
    def about_title(self) -> bool:
        return self.point.endswith(":title")


@dataclass(frozen=True, slots=True)
class Correction:
    """One thing to put right: `target` is clause:… or material:…"""

    target: str
    text: str


class NotPossibleNow(Conflict):
    """The filing is in a state that this action doesn't leave."""


class SameOfficer(DomainError):
    """Who reviewed a matter doesn't decide it."""


class NotTheReviewer(DomainError):
    """A filing under review is in one officer's hands."""


class AlreadyOpen(Conflict):
    """An agency has one open filing at a time."""


class NothingToCancel(Conflict):
    """Only a filing in force can be cancelled, and not while a change of it is with the desk."""


class NothingChanged(DomainError):
    """The same was handed in before."""


class NothingToCorrect(DomainError):
    """A filing is returned for something that can be corrected."""


class NothingToJudge(DomainError):
    """The point isn't one that the rules leave open in what was handed in."""


class LevelMissing(DomainError):
    """A title is accepted as something."""


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
        raise NotPossibleNow("该备案的状态已经变化，请回到备案页查看最新情况后再办理。", clause="JL-21-2") from None


def require_state(state: State, *possible: State) -> None:
    """For acts that aren't steps of the course. Raises NotPossibleNow."""
    if state not in possible:
        raise NotPossibleNow("该备案的状态已经变化，请回到备案页查看最新情况后再办理。")


def require_shown(*, shown: int, now: int) -> None:
    """Nobody decides on what they did not see. Raises NotPossibleNow."""
    if shown != now:
        raise NotPossibleNow("该备案的状态已经变化，您看到的不是最新内容，请回到备案页核对后再办理。")


@implements("JL-21-2")
def kind_to_begin(*, has_open: bool, in_force: bool) -> FilingKind:
    """第二十一条: what an agency may begin: a first filing, or a change of the one in force. Raises AlreadyOpen.

    One that was refused, withdrawn or cancelled leaves the way open to a new first filing.
    """
    if has_open:
        raise AlreadyOpen("本机构已有一件正在办理的备案，请先办完或撤回，再开始新的备案。", clause="JL-21-2")
    return FilingKind.CHANGE if in_force else FilingKind.INITIAL


def require_cancellable(*, change_pending: bool) -> None:
    """What is being changed isn't cancelled at the same time. Raises NothingToCancel."""
    if change_pending:
        raise NothingToCancel("变更备案正在办理，请先撤回变更备案，再申请注销。")


def require_new(*, same_as: str | None) -> None:
    """Nothing is handed in twice; `same_as` names what this is no different from. Raises NothingChanged."""
    if same_as:
        raise NothingChanged(f"资料与{same_as}完全相同，不必重复提交；请修改有关资料后再提交。")


def require_second_officer(*, reviewers: Collection[int], officer_id: int) -> None:
    """Reviewing and deciding are two persons' work, also for sending back. Raises SameOfficer."""
    if officer_id in reviewers:
        raise SameOfficer("审核人不得审批同一备案，请由另一名人员办理。")


def require_reviewer(*, reviewer_id: int | None, officer_id: int) -> None:
    """What is under review is judged, passed and returned by who took it. Raises NotTheReviewer."""
    if reviewer_id != officer_id:
        raise NotTheReviewer("该备案由其他审核人办理；确需由您办理的，请先接办。")


def targets() -> tuple[str, ...]:
    """What a correction or a comment can be tied to: a clause, or a kind of material."""
    clauses = dict.fromkeys(f"clause:{clause}" for clause in CHECKED)
    return (*clauses, *(f"material:{kind}" for kind in MaterialKind))


def require_corrections(items: Sequence[Correction]) -> None:
    """A return names what to correct, at least one thing. Raises NothingToCorrect."""
    if not items or any(item.target not in targets() or not item.text.strip() for item in items):
        raise NothingToCorrect("请至少写明一项需要补正的内容，并对应到条款或材料。", clause="JL-21-2")


def require_judgeable(decisions: Sequence[Decision], *, possible: Collection[str]) -> None:
    """An officer decides what the rules leave open, with a reason, and says what a title is taken for.

    Raises NothingToJudge, LevelMissing.
    """
    if not decisions or any(each.point not in possible or not each.reason.strip() for each in decisions):
        raise NothingToJudge("请就本次提交中的待判断事项作出判断，并写明理由。")
    if any(each.about_title and each.accepted and each.level is None for each in decisions):
        raise LevelMissing("认可职称的，请写明认定的级别。", clause="JL-20-3")


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


def against_decision(law: Jurisdiction, *, on: date) -> tuple[str, ...]:
    """What can be done against any decision of ours (reading 16)."""
    days, months = law.number("review_days", on=on), law.number("suit_months", on=on)
    return (
        f"不服本决定的，可以自知道本决定之日起 {days} 日内，依法向{law.review_body}申请行政复议；",
        f"也可以自知道或者应当知道本决定之日起 {months} 个月内，依法向人民法院提起行政诉讼。",
    )


def remedies(law: Jurisdiction, *, on: date) -> tuple[str, ...]:
    """What can be done against a refusal; printed with its reasons (reading 16)."""
    return (*against_decision(law, on=on), "补齐条件后，可以随时重新提出备案。")
