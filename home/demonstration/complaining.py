"""Complaints of the demonstration in their first states: just in, waiting for evidence, being verified."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from sqlalchemy import select

from accounts import demonstration
from accounts.models import User
from complaints import receipts
from complaints.entries import ComplaintEntry
from complaints.models import CallResult, Complaint, Matter, ReporterKind, Target
from complaints.services import asking, assigning, calling, keeping, receiving
from complaints.uploads import Sent
from core.db import db
from home.demonstration.paper import sheet

Agencies = Mapping[str, tuple[int, User]]
ASKED = "您说报告里的用电量与实际不符：请提供 2025 年任一个月的电费单，或者说明可以向谁核对。"


def things(
    agencies: Agencies, officers: Mapping[str, User], instance: Path
) -> Iterator[tuple[int, Callable[[], None]]]:
    """Each with the days ago on which it was done; one of them anybody may follow, as the login page says."""
    asked = receipts.new_token()
    yield 9, lambda: _receive_and_publish(_about_figures(agencies["hailong"][0]), asked, instance)
    yield 7, lambda: _assign(asked, officers["reviewer1"], by=officers["approver1"])
    yield 4, lambda: _ask(asked, officers["reviewer1"])
    staff = receipts.new_token()
    yield 5, lambda: receive_with_file(_about_staff(agencies["songliao"][0]), staff, "社保缴费记录")
    yield 3, lambda: _hand(staff, officers["reviewer1"], by=officers["approver1"])
    yield 1, lambda: _receive(_about_a_promise(), receipts.new_token())


def _about_figures(agency_id: int) -> ComplaintEntry:
    return ComplaintEntry(
        kind=ReporterKind.PERSON,
        name="宋举报",
        phone="13904310011",
        email="",
        relation="受评企业的原能源管理员",
        target=Target.AGENCY,
        agency_id=agency_id,
        target_name="",
        matters=(Matter.FALSE_REPORT,),
        facts="评价报告写现场核对过能源台账，实际上没有人来过现场，报告里的用电量比电费单少了约三成。",
        happened="2025 年下半年",
    )


def _about_staff(agency_id: int) -> ComplaintEntry:
    return ComplaintEntry(
        kind=ReporterKind.UNIT,
        name="长春某环境检测有限公司",
        contact="梁联系",
        phone="0431-88900021",
        relation="同行",
        target=Target.AGENCY,
        agency_id=agency_id,
        target_name="",
        matters=(Matter.BORROWED_STAFF,),
        facts="名单上的一名高级工程师一直在我公司全职工作，没有在该机构上班，社保也由我公司缴纳。",
        happened="今年以来",
    )


def _about_a_promise() -> ComplaintEntry:
    return ComplaintEntry(
        kind=ReporterKind.PERSON,
        name="蒋来信",
        phone="13804320033",
        target=Target.UNKNOWN,
        target_name="吉绿通咨询服务部",
        matters=(Matter.MARKET_CONDUCT, Matter.UNFILED),
        facts="对方上门推销，说交钱就保证评上绿色工厂，评不上全额退款，还要求同时买他们的认证。名录里查不到这家。",
        happened="上个月",
    )


def _receive(entry: ComplaintEntry, token: str) -> None:
    receiving.receive(entry, token=token, address="")


def _receive_and_publish(entry: ComplaintEntry, token: str, instance: Path) -> None:
    receipt = receiving.receive(entry, token=token, address="")
    demonstration.publish_complaint(instance, receipt.number, receipt.secret)


def receive_with_file(entry: ComplaintEntry, token: str, title: str) -> None:
    """A complaint with one file as its evidence."""
    keeping.keep(token, [Sent.of(f"{title}.pdf", sheet(title, ("（演示）",)))], address="")
    _receive(entry, token)


def _hand(token: str, officer: User, *, by: User) -> None:
    complaint = _found(token)
    assigning.assign(complaint.id, officer.id, version=complaint.version, by=by)


def _assign(token: str, officer: User, *, by: User) -> None:
    _hand(token, officer, by=by)
    assigning.declare(_found(token).id, version=_found(token).version, by=officer)


def _ask(token: str, officer: User) -> None:
    complaint = _found(token)
    calling.record(complaint.id, CallResult.CONFIRMED, note="本人接听，愿意配合", version=complaint.version, by=officer)
    asking.ask(complaint.id, ASKED, for_evidence=True, version=_found(token).version, by=officer)


def _found(token: str) -> Complaint:
    wanted = select(Complaint).where(Complaint.token == receipts.form_key(token))
    return db.session.scalars(wanted.execution_options(populate_existing=True)).one()
