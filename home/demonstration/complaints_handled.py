"""Complaints of the demonstration in their later states, as their handlers left them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from sqlalchemy import select

from accounts.models import User
from agency.models import Agency
from complaints import receipts
from complaints.entries import ComplaintEntry
from complaints.models import CallResult, Complaint, Matter, Refusal, ReplyWay, ReporterKind, Target
from complaints.services import assigning, calling, deciding, receiving, recusing, referring, replying
from core.db import db, transaction
from home.demonstration.complaining import receive_with_file
from supervision import casework
from supervision.models import CaseOutcome, Result

Agencies = Mapping[str, tuple[int, User]]
ENTRY = ComplaintEntry(
    kind=ReporterKind.PERSON,
    name="钱来访",
    phone="13904310044",
    target=Target.AGENCY,
    target_name="",
    facts="",
    matters=(Matter.INACCURATE,),
    happened="今年上半年",
)
REPLY = (
    "核实结果：属实。\n处理情况：已约谈该机构，公开的信息已经更正。\n"
    "理由：公开的人员数与名册不一致，系机构填报差错，没有发现故意。"
)


def things(agencies: Agencies, officers: Mapping[str, User]) -> Iterator[tuple[int, Callable[[], None]]]:
    """Each with the days ago on which it was done."""
    reviewer, approver = officers["reviewer2"], officers["approver1"]
    yield 90, lambda: _recuse(agencies["hailong"][0], reviewer)
    yield from _replied(agencies["songliao"][0], reviewer, approver)
    yield from _clue(agencies["hengyuan"][0], reviewer, approver)
    yield from _refused(reviewer, approver)
    yield from _accepted(agencies["songliao"][0], reviewer, approver)
    yield from _handed_over(approver)


def _replied(agency_id: int, reviewer: User, approver: User) -> Iterator[tuple[int, Callable[[], None]]]:
    token = receipts.new_token()
    facts = "网上公开的中级职称人数比实际多，我在那里工作过，至少有两人早已离职。"
    entry = replace(ENTRY, agency_id=agency_id, facts=facts)
    yield 62, lambda: _receive(entry, token)
    yield 60, lambda: _take_in_hand(token, reviewer, by=approver)
    yield 57, lambda: _accept(token, reviewer, "核对公开的人员数与名册、社保是否一致。")
    yield 20, lambda: _conclude(token, reviewer)
    yield 12, lambda: _reply(token, reviewer)


def _clue(agency_id: int, reviewer: User, approver: User) -> Iterator[tuple[int, Callable[[], None]]]:
    token = receipts.new_token()
    facts = "他们今年做的国家级项目早就超过十五个，换了法定代表人接着做。"
    entry = replace(ENTRY, name="匡不详", phone="13904310055", agency_id=agency_id, matters=(Matter.OVER_CAP,))
    yield 45, lambda: _receive(replace(entry, facts=facts), token)
    yield 44, lambda: _take_in_hand(token, reviewer, by=approver)
    yield 41, lambda: _call(token, reviewer, CallResult.NOT_REACHED)
    yield 38, lambda: _call(token, reviewer, CallResult.DENIED)
    yield 38, lambda: _keep(token, reviewer, "核对该机构及其法定代表人名下本年度国家级项目数。")


def _refused(reviewer: User, approver: User) -> Iterator[tuple[int, Callable[[], None]]]:
    token = receipts.new_token()
    facts = "隔壁厂房夜里噪声很大，影响休息，请你们管一管。"
    entry = replace(ENTRY, name="邵居民", phone="13904310066", target=Target.UNKNOWN, target_name="隔壁的机械加工厂")
    yield 30, lambda: _receive(replace(entry, facts=facts, matters=(Matter.OTHER,)), token)
    yield 29, lambda: _take_in_hand(token, reviewer, by=approver)
    yield 27, lambda: _refuse(token, reviewer)


def _accepted(agency_id: int, reviewer: User, approver: User) -> Iterator[tuple[int, Callable[[], None]]]:
    token = receipts.new_token()
    facts = "评价组两名成员报告签字的那几天都在外地出差，现场不可能是他们去的。"
    entry = replace(ENTRY, name="薛知情", phone="13904310077", agency_id=agency_id, matters=(Matter.FALSE_REPORT,))
    yield 21, lambda: receive_with_file(replace(entry, facts=facts), token, "出差审批记录")
    yield 20, lambda: _take_in_hand(token, reviewer, by=approver)
    yield 18, lambda: _accept(token, reviewer, "核实现场评价的人员与日期，调取签到、差旅和影像记录。")


def _handed_over(approver: User) -> Iterator[tuple[int, Callable[[], None]]]:
    token = receipts.new_token()
    facts = "名单上的这家企业前年就停产了，公示的产值和能耗不可能是真的。"
    entry = replace(
        ENTRY, name="柳邻居", phone="13904310088", target=Target.UNKNOWN, target_name="长春某停产的机械企业"
    )
    yield 3, lambda: _receive(replace(entry, facts=facts), token)
    yield 2, lambda: _refer(token, approver)


def _receive(entry: ComplaintEntry, token: str) -> None:
    receiving.receive(entry, token=token, address="")


def _take_in_hand(token: str, officer: User, *, by: User) -> None:
    complaint = _found(token)
    assigning.assign(complaint.id, officer.id, version=complaint.version, by=by)
    assigning.declare(complaint.id, version=_found(token).version, by=officer)


def _call(token: str, officer: User, result: CallResult) -> None:
    complaint = _found(token)
    calling.record(complaint.id, result, note="", version=complaint.version, by=officer)


def _accept(token: str, officer: User, facts: str) -> None:
    _call(token, officer, CallResult.CONFIRMED)
    complaint = _found(token)
    deciding.accept(complaint.id, facts, version=complaint.version, by=officer)


def _keep(token: str, officer: User, facts: str) -> None:
    complaint = _found(token)
    deciding.keep_as_clue(complaint.id, facts, version=complaint.version, by=officer)


def _refuse(token: str, officer: User) -> None:
    complaint = _found(token)
    deciding.refuse(
        complaint.id,
        Refusal.NOT_OURS,
        reasons="噪声扰民由当地生态环境、公安部门受理，可以拨打 12345。",
        way=ReplyWay.PHONE,
        version=complaint.version,
        by=officer,
    )


def _conclude(token: str, officer: User) -> None:
    with transaction() as session:
        case = _found(token).case
        if case is None:
            raise LookupError("it was accepted")
        case.result = Result.SUBSTANTIATED
        casework.close(session, case, CaseOutcome.TALKED_OVER, reason="已约谈，公开信息已更正。", by=officer)
    complaint = _found(token)
    replying.conclude(complaint.id, version=complaint.version, by=officer)


def _reply(token: str, officer: User) -> None:
    complaint = _found(token)
    replying.reply(complaint.id, REPLY, way=ReplyWay.PHONE, version=complaint.version, by=officer)


def _refer(token: str, by: User) -> None:
    complaint = _found(token)
    reason = "企业在长春市，请核实后处理。"
    referring.refer(
        complaint.id, "changchun", reason=reason, mention_is_harmless=False, version=complaint.version, by=by
    )


def _recuse(agency_id: int, officer: User) -> None:
    name = db.session.get_one(Agency, agency_id).name
    recusing.enter(officer.id, name, reason="配偶曾在该机构任职", by=officer)


def _found(token: str) -> Complaint:
    wanted = select(Complaint).where(Complaint.token == receipts.form_key(token))
    return db.session.scalars(wanted.execution_options(populate_existing=True)).one()
