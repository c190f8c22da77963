"""Whose turn it is, what happened so far: a proceeding as its pages tell of it, at the desk and on the other side."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from core.presentation import day
from sanctions.models import Measure, Proceeding, Served, State
from sanctions.queries.proceedings import Shown


@dataclass(frozen=True, slots=True)
class Next:
    """What is to be done; `endpoint` of the blueprint, "" where others act. Tones as in components/next_step.html."""

    title: str
    text: str = ""
    endpoint: str = ""
    label: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Happening:
    """An entry of a timeline."""

    at: datetime
    title: str
    text: str = ""
    by: str = ""


def next_at_desk(found: Shown, *, part: str, decides: bool) -> Next:
    """The one thing to do next at the desk."""
    row = found.row
    if found.may_be_decided:
        return _deciding(row, part=part, decides=decides)
    if row.state is State.TOLD:
        until = f"到 {day(row.statement_due)} 24 时止；期满、放弃或者逐点答复之后才能决定。"
        return Next("等待陈述、申辩", until, tone="wait")
    if row.state is State.STATED:
        return _answering(row)
    if row.state in (State.PROPOSED, State.DECIDED):
        return _serving(row)
    return _afterwards(row, decides=decides)


def _deciding(row: Proceeding, *, part: str, decides: bool) -> Next:
    if row.intended is Measure.NON_ADOPTION and not row.legal_review:
        return Next("法制审核", "不予采信须先经法制审核，再由审批人决定。", "legal_review", "记录法制审核意见", "due")
    if part or not decides:
        why = f"{part}，由未参与的审批人决定。" if part else "由未参与核实和提出的审批人决定。"
        return Next("等待决定", why, tone="wait")
    return Next("作出决定", "已听取陈述、申辩。", "decide", "作出决定", "due")


def _answering(row: Proceeding) -> Next:
    left = sum(point.answer is None for point in row.points)
    if left:
        return Next("逐点答复", f"还有 {left} 处要点没有答复，答复按钮在各要点旁。", tone="due")
    return Next("发出答复", "每处要点都有答复了。", "send_answers", "发出答复", "due")


def _serving(row: Proceeding) -> Next:
    what, name = (Served.NOTICE, "事先告知书") if row.state is State.PROPOSED else (Served.DECISION, "决定")
    if any(each.what is what and each.is_under_way for each in row.services):
        return Next(f"登记{name}的送达", "文书在途，收到回执后登记，按钮在“送达”一栏。", tone="wait")
    if what is Served.NOTICE:
        return Next("送达事先告知书", "先核对告知书的内容。", "send_notice", "送达告知书", "due")
    return Next("送达决定", "决定送达后生效。", "send_decision", "送达决定", "due")


def _afterwards(row: Proceeding, *, decides: bool) -> Next:
    if row.state is State.SERVED:
        if decides:
            return Next("公布", "决定已送达。", "publish", "公布", "due")
        return Next("等待公布", "由审批人公布。", tone="wait")
    if row.state is State.PUBLISHED and row.measure is Measure.REMOVAL and row.removed_on is None:
        told = "年度名单公布后，或者收到工业和信息化部的文件后登记。"
        return Next("登记移出", told, "carry_out" if decides else "", "登记移出" if decides else "", "wait")
    return Next(row.state.label, "没有待办。", tone="wait")


def next_own(found: Shown) -> Next:
    """What the other side can do now, and by when."""
    row = found.row
    if row.state is State.TOLD and not found.term_over:
        until = f"请于 {day(row.statement_due)} 24 时前陈述、申辩；没有意见的，可以放弃。"
        return Next("陈述、申辩", until, "state_case", "陈述、申辩", "due")
    words = {
        State.TOLD: ("陈述、申辩期已满", "等待主管部门决定。"),
        State.STATED: ("等待答复", "主管部门将对每个要点逐一答复。"),
        State.ANSWERED: ("等待决定", "主管部门正在审查，作出决定后会送达。"),
        State.DECIDED: ("等待决定送达", "主管部门正在办理。"),
        State.SERVED: ("决定已送达", "不服决定的，可以按决定载明的途径申请行政复议或者提起诉讼。"),
        State.PUBLISHED: ("决定已公布", "不服决定的，可以按决定载明的途径申请行政复议或者提起诉讼。"),
        State.DROPPED: ("不采取措施", "经审查，主管部门决定不采取措施，事项已了结。"),
        State.ANNULLED: ("决定已撤销", "该决定不再有效力。"),
        State.PROPOSED: ("办理中", ""),
    }
    title, text = words[row.state]
    return Next(title, text, tone="wait")


def own_word(row: Proceeding, *, term_over: bool) -> str:
    """The state as the other side reads it; a decision that has not reached it is none yet."""
    if row.state is State.TOLD:
        return "陈述申辩期满" if term_over else "请陈述、申辩"
    return {
        State.STATED: "等待答复",
        State.ANSWERED: "等待决定",
        State.DECIDED: "等待决定",
        State.SERVED: "决定已送达",
        State.PUBLISHED: "已公布",
        State.DROPPED: "不采取措施",
        State.ANNULLED: "已撤销",
    }.get(row.state, "办理中")


def history(row: Proceeding, names: Mapping[int, str]) -> list[Happening]:
    """What happened at the desk, newest first."""
    found = [Happening(row.proposed_at, f"提出：{row.intended.label}", by=names.get(row.proposed_by, ""))]
    for service in row.services:
        found.append(Happening(service.sent_at, f"发出{service.what.label}（{service.channel.label}）"))
        if service.failed_at is not None:
            found.append(Happening(service.failed_at, f"{service.what.label}未能送达（{service.channel.label}）"))
        if service.opened_at is not None:
            found.append(Happening(service.opened_at, f"对方首次查阅{service.what.label}"))
    if row.told_at is not None:
        found.append(Happening(row.told_at, "事先告知书送达"))
    if row.stated_at is not None:
        how = "放弃陈述、申辩" if row.waived else "收到陈述、申辩" + ("（书面）" if row.on_paper else "")
        found.append(Happening(row.stated_at, how))
    answered = [point.answered_at for point in row.points if point.answered_at is not None]
    if answered and len(answered) == len(row.points):
        found.append(Happening(max(answered), "要点已逐一答复"))
    if row.legal_reviewed_at is not None:
        found.append(Happening(row.legal_reviewed_at, "法制审核", by=names.get(row.legal_reviewed_by or 0, "")))
    if row.decided_at is not None:
        what = "不采取措施" if row.state is State.DROPPED else f"决定：{row.measure.label}"
        found.append(Happening(row.decided_at, what, row.document or "", names.get(row.decided_by or 0, "")))
    if row.served_at is not None:
        found.append(Happening(row.served_at, "决定送达"))
    if row.published_at is not None:
        found.append(Happening(row.published_at, "公布"))
    if row.annulled_at is not None:
        told = f"{row.annulled_document or ''}　{row.annulled_reason or ''}".strip()
        found.append(Happening(row.annulled_at, "经复核撤销", told, names.get(row.annulled_by or 0, "")))
    return sorted(found, key=lambda each: each.at, reverse=True)
