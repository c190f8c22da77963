"""Where a summary stands and what comes next, in the words of its agency's pages. Pure."""

from dataclasses import dataclass

from core.clock import day_of
from core.errors import DomainError, Refusals
from summaries import rules, stating
from summaries.queries.own import Own
from summaries.states import EDITABLE, State


@dataclass(frozen=True, slots=True)
class Stage:
    """An item of the strip (components/steps.html)."""

    label: str
    status: str  # done, now, todo
    note: str = ""
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Next:
    """What to do next; `endpoint` "" where others act. Tones as in components/next_step.html."""

    title: str
    text: str
    endpoint: str = ""
    label: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Lack:
    """Something that a hand-in still needs, and its place in the form."""

    text: str
    field: str


def stages(own: Own) -> tuple[Stage, ...]:
    """填写 → 上报 → 省厅审阅 → 接收, with where it is."""
    summary = own.summary
    handed_in = summary.first_handed_in_at if summary else None
    if own.state is State.ACCEPTED:
        at = 4
    elif own.state is State.HANDED_IN:
        at = 2
    else:
        at = 0
    returned = own.state is State.RETURNED
    labels = (
        ("修改" if returned else "填写", "省厅退回" if returned else ""),
        (
            "再次上报" if returned else "上报",
            f"{day_of(handed_in)} 首次上报" if handed_in else f"{own.due_on} 前",
        ),
        ("省厅审阅", "有问题会退回并写明"),
        ("接收", f"{day_of(summary.accepted_at)}" if summary and summary.accepted_at else ""),
    )
    return tuple(
        Stage(label, "done" if place < at else "now" if place == at else "todo", note)
        for place, (label, note) in enumerate(labels)
    )


def lacks(own: Own) -> tuple[Lack, ...]:
    """What is still missing before it can be handed in."""
    texts = stating.texts_of(own.summary) if own.summary else rules.Texts()
    try:
        rules.require_ready(texts, own.figures)
    except DomainError as refusal:
        found = refusal.refusals if isinstance(refusal, Refusals) else (refusal,)
        return tuple(Lack(each.message, each.field or "") for each in found)
    return ()


def next_of(own: Own) -> Next:
    """The one thing to do next."""
    if own.obstacle:
        return Next("还没有开放", own.obstacle, tone="wait")
    if own.state is State.RETURNED:
        return _mending(own)
    if own.state is State.HANDED_IN:
        return Next(
            "等待省厅审阅", "有问题会退回并写明理由；上报后开展的工作可以补充。", "summary.receipt", "查看回执", "wait"
        )
    if own.state is State.ACCEPTED:
        return Next("省厅已接收", "本年度的总结已办完。", "summary.receipt", "查看回执")
    if not own.asked:
        return Next("不需要上报", "贵单位没有有效的备案，本年度也没有开展评价。", tone="wait")
    if not own.duty.is_owed and not own.is_begun:
        text = "系统没有登记贵单位本年度开展的评价，可以作零报告；有情况要报告的，也可以填写总结。"
        return Next("本年度没有开展评价", text, "summary.nil", "作零报告")
    return _writing(own)


def _mending(own: Own) -> Next:
    saved = own.summary.saved_at if own.summary else None
    returned = own.summary.returned_at if own.summary else None
    if saved and returned and saved > returned and not lacks(own):
        return Next("改好的请再次上报", "首次上报的时间不变，修改不算逾期。", "summary.hand_in", "再次上报", "due")
    text = "需要修改的列在下面，改好后再次上报。首次上报的时间不变，修改不算逾期。"
    return Next("省厅退回修改", text, "summary.edit", "去修改", "due")


def _writing(own: Own) -> Next:
    tone = "stop" if own.is_overdue else "due" if own.days_left <= 7 else ""
    when = due_text(own)
    if not own.is_begun:
        return Next(when, "系统已知的数字已经填好，补充文字说明后上报。", "summary.edit", "开始填写", tone)
    missing = len(lacks(own))
    if missing:
        return Next(when, f"还有 {missing} 处没有填好，已填的都保留。", "summary.edit", "继续填写", tone)
    return Next(when, "内容已经填齐，可以上报。", "summary.hand_in", "去上报", tone)


def due_text(own: Own) -> str:
    """还有 24 天（12 月 15 日 24 时前）."""
    day = f"{own.due_on:%m-%d}"
    if not own.duty.is_owed:
        return f"请于 {own.due_on} 前上报"
    if own.days_left < 0:
        return f"已逾期 {-own.days_left} 天，请尽快补报"
    if own.days_left == 0:
        return "今天是最后一天（24 时前）"
    return f"还有 {own.days_left} 天（{day} 24 时前）"


def is_waiting(own: Own) -> bool:
    """Whether it is the agency's turn."""
    return not own.obstacle and own.state in EDITABLE and own.asked
