"""What is to be done next with a complaint, and by whom: one thing, the most pressing. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from complaints.models import State
from complaints.rules.course import HANDLED


@dataclass(frozen=True, slots=True)
class NextStep:
    """`endpoint` of the desk, "" without a button; tones as in components/next_step.html."""

    title: str
    text: str
    endpoint: str = ""
    label: str = ""
    tone: str = "due"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a complaint stands, and what its reader may do with it."""

    state: State
    has_handler: bool
    handles: bool  # the reader is its handler
    declared: bool
    assigns: bool
    oversees: bool
    extension_asked: bool = False
    withdrawn: bool = False  # and nobody has said yet whether it goes on
    asked_until: date | None = None  # an open question's term
    calls: int = 0
    confirmed: bool = False
    verified: bool = False  # the case has its conclusion


OVER: Mapping[State, NextStep] = {
    State.CLOSED: NextStep("已经办结", "内容只供查看。", tone="wait"),
    State.REFUSED: NextStep("不予受理", "理由已告知举报人。", tone="wait"),
    State.REPLIED: NextStep("已经答复", "举报人可在期限内申请一次复核，期满自动办结。", tone="wait"),
    State.JOINED: NextStep("已并入另一件举报", "随那一件核实和答复。", tone="wait"),
}


def next_step(now: Standing) -> NextStep:
    """The one thing to do next for this reader."""
    if now.state in OVER:
        return OVER[now.state]
    if now.handles:
        return _of_handler(now) if now.declared else _declaring()
    if now.oversees and now.extension_asked:
        return NextStep("申请延长核实期限", "办理人申请延长，请决定。", "decide_extension", "决定是否延长")
    if not now.has_handler:
        return _without_handler(now)
    return NextStep("办理中", "由办理人办理；举报内容和举报人只有办理人能看。", tone="wait")


def _declaring() -> NextStep:
    return NextStep(
        "请先声明有无利害关系", "声明以后才能看到举报内容；有利害关系的请申请回避。", "declare", "声明并接办"
    )


def _without_handler(now: Standing) -> NextStep:
    if now.state is State.REVIEWING:
        if now.oversees:
            return NextStep("举报人申请复核", "请指派一名没有办理过这件举报的人员。", "assign_review", "指派复核人")
    elif now.assigns and now.state in (State.RECEIVED, *HANDLED):
        return NextStep("等待指派", "请指派一名没有利害关系的办理人。", "assign", "指派办理人")
    return NextStep("等待指派", "由有权指派的人员办理。", tone="wait")


def _of_handler(now: Standing) -> NextStep:
    if now.withdrawn:
        return NextStep("举报人已撤回", "请决定继续办理还是办结，并写明理由。", "withdrawn", "作出决定")
    if now.asked_until is not None:
        return NextStep("等举报人补充", f"期限到 {now.asked_until}，其间暂停计时；也可以先办别的事。", tone="wait")
    return {
        State.ASSIGNED: _before_acceptance,
        State.ACCEPTED: _verifying,
        State.CLUE: _verifying_clue,
        State.CONCLUDED: _replying,
        State.REVIEWING: _reviewing,
    }[now.state](now)


def _before_acceptance(now: Standing) -> NextStep:
    if now.confirmed:
        return NextStep("举报人身份已核实", "可以受理；不符合受理条件的，写明理由不予受理。", "accept", "受理")
    if now.calls:
        return NextStep("举报人身份没有核实", "可以再次联系；核实不了的，作为线索办理。", "keep", "作为线索办理")
    return NextStep("先核实举报人", "按登记的联系方式联系举报人，登记结果。", "call", "登记核实结果")


def _verifying(now: Standing) -> NextStep:
    if now.verified:
        return NextStep("案件已有结论", "确认后转入答复，答复期限从结论之日起算。", "conclude", "核实完毕")
    return NextStep("正在核实", "在案件里调查取证、听取对方意见，作出结论。", "case", "打开案件")


def _verifying_clue(now: Standing) -> NextStep:
    if now.verified:
        return NextStep("案件已有结论", "线索不需要答复，确认后办结。", "conclude", "核实完毕，办结")
    if now.confirmed:
        return NextStep("举报人已经核实", "可以转为受理，办完后答复举报人。", "accept_clue", "转为受理")
    return NextStep("正在核实线索", "在案件里核实；联系上举报人的，可以转为受理。", "case", "打开案件")


def _replying(now: Standing) -> NextStep:
    return NextStep("等待答复", "把核实结果、处理情况和理由告诉举报人。", "reply", "答复举报人")


def _reviewing(now: Standing) -> NextStep:
    return NextStep("正在复核", "对照案件和原答复，维持原答复或者重新核实。", "uphold", "作出复核决定")
