"""Cases of the demonstration that are verified: an inquiry that waits at an agency, conclusions, rectifications."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta

from sqlalchemy import select

from accounts.models import User
from core import clock
from core.db import db, transaction
from evaluations.entries import Upload
from home.demonstration.paper import sheet
from supervision import casework
from supervision.entries import DemandEntry, InquiryEntry, OnSiteEntry, PointEntry
from supervision.models import Case, CaseFile, CaseKind, Inquiry, Misconduct, Rectification, Result
from supervision.services import asking, concluding, evidencing, measuring

Agencies = Mapping[str, tuple[int, User]]

BILL = ("户名：长春瑞源汽车零部件有限公司（虚构）", "2025 年全年用电量：412.6 万千瓦时", "抄表日期：每月 25 日")


def things(
    agencies: Agencies, applicants: Mapping[str, int], users: Mapping[str, User], officers: Mapping[str, User]
) -> Iterator[tuple[int, Callable[[], None]]]:
    """Each with the days ago on which it was done."""
    reviewer, bureau = officers["reviewer1"], officers["changchun"]
    unit = users["ruiyuan"]
    yield 45, lambda: _unit(applicants["ruiyuan"], bureau)
    yield 20, lambda: _demand(applicants["ruiyuan"], "更正 2025 年能源数据，补齐计量器具台账。", bureau)
    yield 4, lambda: _hand_in(applicants["ruiyuan"], unit)
    yield 12, lambda: _unit(applicants["donghu"], bureau)
    yield 11, lambda: _demand(applicants["donghu"], "更换失准的水表，重新统计 2025 年用水量。", bureau)
    yield 9, lambda: _asked(agencies["songliao"][0], reviewer)
    yield 7, lambda: _open(agencies["songliao"])
    yield 6, lambda: _verified(applicants["nanling"], bureau)
    yield 2, lambda: _concluded(agencies["hengxin"][0], reviewer)


def _case(facts: Sequence[str], *, by: User, agency_id: int | None = None, applicant_id: int | None = None) -> Case:
    with transaction() as session:
        return casework.open_case(
            session,
            CaseKind.INSPECTION,
            facts,
            by=by,
            agency_id=agency_id,
            applicant_id=applicant_id,
            bureau=by.bureau,
            officers=(by.id,),
        )


def _version(case_id: int) -> int:
    return db.session.scalars(select(Case.version).where(Case.id == case_id)).one()


def _latest(applicant_id: int) -> int:
    rows = select(Case.id).where(Case.applicant_id == applicant_id, Case.kind == CaseKind.INSPECTION)
    return db.session.scalars(rows.order_by(Case.id.desc()).limit(1)).one()


def _unit(applicant_id: int, by: User) -> None:
    """A listed unit whose data was wrong, without intent: it was asked, answered on paper, and that is concluded."""
    case_id = _case(("抽查发现能源数据与计量记录不一致",), by=by, applicant_id=applicant_id).id
    entry = OnSiteEntry(
        "韩梅", "周正", clock.today(), "一号厂房配电间", "现场电表读数与填报数据相差约 6%，台账缺三个月。"
    )
    evidencing.on_site(case_id, entry, None, version=_version(case_id), by=by)
    due = clock.today() + timedelta(days=14)
    question = InquiryEntry(f"u:{applicant_id}", "2025 年填报的用电量与现场电表读数不一致，请说明原因。", due)
    row = asking.send(case_id, question, version=_version(case_id), by=by)
    asking.record_answer(row.id, "书面说明：统计时漏加一块分表，并非有意。", [], version=_version(case_id), by=by)
    _point(case_id, f"u:{applicant_id}", "JL-18", Misconduct.INACCURATE, by)
    concluding.conclude(case_id, version=_version(case_id), by=by)


def _point(case_id: int, party: str, clause: str, misconduct: Misconduct, by: User) -> None:
    entry = PointEntry(
        party,
        misconduct,
        Result.SUBSTANTIATED,
        clause,
        facts="填报数据与计量记录相差约 6%，系统计漏项，没有证据证明有意。",
        evidence="1. 现场核查记录；2. 书面说明。",
    )
    concluding.add_point(case_id, entry, version=_version(case_id), by=by)


def _demand(applicant_id: int, demand: str, by: User) -> None:
    case_id = _latest(applicant_id)
    entry = DemandEntry(f"u:{applicant_id}", demand, clock.today() + timedelta(days=30))
    measuring.demand(case_id, entry, version=_version(case_id), by=by)


def _hand_in(applicant_id: int, by: User) -> None:
    row = db.session.scalars(select(Rectification).where(Rectification.applicant_id == applicant_id)).one()
    proof = [Upload(sheet("计量器具台账", ("更正后的 2025 年台账（虚构）",)), "计量器具台账.pdf")]
    measuring.hand_in(row.id, "已更正数据并补齐台账，见附件。", proof, version=row.version, by=by)


def _asked(agency_id: int, by: User) -> None:
    """An agency is asked, with a copy of evidence; the answer is waited for."""
    case_id = _case(("抽查的一份报告与供电账单不一致",), by=by, agency_id=agency_id).id
    bill = [Upload(sheet("供电账单", BILL), "账单.pdf")]
    evidencing.add(case_id, "供电公司账单", bill, version=_version(case_id), by=by)
    file_id = db.session.scalars(select(CaseFile.id).where(CaseFile.case_id == case_id)).one()
    evidencing.prepare(case_id, file_id, [1], version=_version(case_id), by=by)
    evidencing.clear(case_id, file_id, version=_version(case_id), looked_over=False, by=by)
    question = InquiryEntry(
        f"a:{agency_id}",
        "报告所列 2025 年用电量与供电账单不一致。\n请说明：1. 数据来源；2. 现场核对的经过；3. 复核人员的意见。",
        clock.today() + timedelta(days=14),
        (file_id,),
    )
    asking.send(case_id, question, version=_version(case_id), by=by)


def _open(agency: tuple[int, User]) -> None:
    agency_id, user = agency
    row = db.session.scalars(select(Inquiry).where(Inquiry.agency_id == agency_id)).one()
    asking.open_(row.id, by=user)


def _verified(applicant_id: int, by: User) -> None:
    """A point is written down, and the rest is still verified."""
    case_id = _case(("抽查发现一项绿色产品比例无法核对",), by=by, applicant_id=applicant_id).id
    entry = PointEntry(
        f"u:{applicant_id}",
        Misconduct.INACCURATE,
        Result.UNSUBSTANTIATED,
        "JL-18",
        facts="补充提供了产品认证证书，比例与填报一致。",
        evidence="产品认证证书。",
    )
    concluding.add_point(case_id, entry, version=_version(case_id), by=by)


def _concluded(agency_id: int, by: User) -> None:
    """Nothing has followed yet: what may is on its page."""
    case_id = _case(("抽查的一份报告缺少内部技术复核记录",), by=by, agency_id=agency_id).id
    due = clock.today() + timedelta(days=1)
    question = InquiryEntry(f"a:{agency_id}", "报告没有内部技术复核记录，请说明。", due)
    row = asking.send(case_id, question, version=_version(case_id), by=by)
    asking.record_answer(row.id, "书面说明：复核记录未归档，现补交。", [], version=_version(case_id), by=by)
    _point(case_id, f"a:{agency_id}", "JL-22-1a", Misconduct.INACCURATE, by)
    concluding.conclude(case_id, version=_version(case_id), by=by)
