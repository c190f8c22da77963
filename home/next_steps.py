"""What an agency does next, from how its filing and its conditions stand. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from agency.models import FilingStatus
from core.law import Finding, Verdict
from filing.rules import State


@dataclass(frozen=True, slots=True)
class NextStep:
    """`endpoint` and `label` of the button ("" without one); tones as in components/next_step.html."""

    title: str
    text: str
    endpoint: str = ""
    label: str = ""
    tone: str = ""
    values: Mapping[str, int] = field(default_factory=dict)  # of the endpoint's address


@dataclass(frozen=True, slots=True)
class Standing:
    """How an agency stands today. `filing`: the one in preparation or with the desk; `refused`: the last one was."""

    status: FilingStatus
    filing: State | None
    refused: bool
    findings: Sequence[Finding]
    unmet_since: date | None = None
    mend_by: date | None = None
    mended: bool = False
    evaluations: int = 0  # under way, with something that is the agency's to do
    summary: NextStep | None = None  # of the year's summary, where it is the agency's turn
    summary_presses: bool = False
    summary_owed: bool = False


WITH_THE_DESK = {
    State.SUBMITTED: NextStep("等待受理", "决定作出前都可以撤回。", "filing.show", "查看备案", "wait"),
    State.UNDER_REVIEW: NextStep(
        "审核中",
        "审核人正在核对材料，有问题会退回并列出清单。决定作出前都可以撤回。",
        "filing.show",
        "查看备案",
        "wait",
    ),
    State.REVIEWED: NextStep(
        "等待审批", "材料已审核通过，由另一名人员审批。决定作出前都可以撤回。", "filing.show", "查看备案", "wait"
    ),
}


def next_step(now: Standing) -> NextStep:
    """The one thing to do next, the most pressing first."""
    if now.filing is State.RETURNED:
        return NextStep("退回补正", "请按清单逐项修改后重新提交。", "filing.show", "查看清单", "due")
    if now.status is FilingStatus.FILED and now.unmet_since is not None:
        return _mending(now, now.unmet_since)
    if now.summary is not None and now.summary_presses:
        return now.summary
    if now.filing in WITH_THE_DESK:
        return WITH_THE_DESK[now.filing]
    if now.status is FilingStatus.FILED and now.filing is None and now.evaluations:
        told = f"有 {now.evaluations} 项评价等您办理"
        return NextStep(told, "各项的下一步列在下面。", "evaluation.evaluations", "去办理")
    if now.summary is not None and now.summary_owed:
        return now.summary
    if now.status is FilingStatus.FILED and now.filing is None:
        return NextStep("没有待办", "机构情况有变化的，请及时更新，并办理变更备案。", "filing.show", "查看备案")
    return _towards_filing(now)


def _mending(now: Standing, since: date) -> NextStep:
    if now.mended:
        return NextStep("条件已补正", "等待省厅确认。", "agency.particulars", "查看核对结果", "wait")
    until = f"请于 {now.mend_by} 前补正，" if now.mend_by else "补正期限由省厅确定；"
    return NextStep(
        "条件不符",
        f"自 {since} 起不再符合备案条件。{until}补正后系统自动核对。",
        "agency.particulars",
        "去补正",
        "stop",
    )


def _towards_filing(now: Standing) -> NextStep:
    unmet = [finding for finding in now.findings if finding.verdict is Verdict.NOT_MET]
    due = [material for finding in now.findings for material in finding.still_due]
    before = "上次备案未获准予，补正后可以重新备案。" if now.refused else ""
    if not now.findings:
        return NextStep("填报机构情况", f"{before}先填机构情况，系统随即逐条核对。", "agency.particulars", "去填报")
    if unmet:
        return NextStep(
            "补齐条件", f"{before}还有 {len(unmet)} 条不符合，符合后才能提交备案。", "agency.particulars", "去补齐"
        )
    if due:
        return NextStep("上传材料", f"{before}条件已具备，还缺 {len(due)} 份材料。", "agency.materials", "去上传")
    if now.filing is State.DRAFT:
        return NextStep("提交备案", f"{before}条件和材料都已具备。", "filing.show", "去提交")
    return NextStep("开始备案", f"{before}条件和材料都已具备，可以备案。", "filing.show", "去备案")
