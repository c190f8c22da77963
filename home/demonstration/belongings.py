"""What an invented agency has to show: staff, offices, record, trainings, declarations, and a sheet for each proof."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from accounts.models import User
from agency import persons, recheck
from agency.models import Agency, Declaration, Material, Office, Record, StaffMember, Training
from agency.particulars import (
    MATERIALS,
    DeclarationKind,
    Employment,
    MaterialKind,
    RecordKind,
    RecordRole,
    Subject,
    Tenure,
)
from core import audit, clock, uploads
from core.db import transaction
from core.documents import examine
from core.identifiers import IdNumber
from core.identity import Identity
from core.uploads import StoredFile
from home.demonstration.paper import sheet
from home.demonstration.people import Population

TITLES = (("正高级工程师", "工程技术人员"), ("高级工程师", "工程技术人员"), ("副研究员", "自然科学研究人员"))
FINANCES = "设财务部，执行《企业会计准则》和本单位财务管理制度，年度财务报表经会计师事务所审计。"


@dataclass(frozen=True, slots=True)
class Wanted:
    """How well equipped an agency is."""

    seniors: int
    intermediates: int
    doubtful: bool = False  # one of the seniors has a neighbouring major


def equip(agency_id: int, wanted: Wanted, people: Population, *, by: User) -> None:
    """Give a registered agency everything that Article 20 asks for, with as many staff as wanted."""
    with transaction() as session:
        agency = session.get_one(Agency, agency_id)
        _give(agency)
        for place in range(wanted.seniors + wanted.intermediates):
            agency.staff.append(_member(session, agency, people, place, wanted))
        session.flush()
        _prove(session, agency, by)
        recheck.run(session, agency)
        audit.record(session, "agency.equipped", agency, by=by)


def open_office(agency_id: int, *, by: User) -> None:
    """A second office, with its proof: what a change filing is about."""
    with transaction() as session:
        agency = session.get_one(Agency, agency_id)
        office = Office(address=f"{agency.address}（二期）", area_m2=180.0, tenure=Tenure.OWNED, leased_until=None)
        agency.offices.append(office)
        session.flush()
        _attach(session, agency, MaterialKind.OFFICE, Subject.OFFICE, [office.id], by)
        recheck.run(session, agency)
        audit.record(session, "office.added", agency, by=by)


def add_training(agency_id: int, *, by: User) -> None:
    """One more training in the log."""
    with transaction() as session:
        agency = session.get_one(Agency, agency_id)
        agency.trainings.append(
            Training(topic="内部技术评审要点", on=clock.today(), attendees="全体评价人员", hours=2.0)
        )
        recheck.run(session, agency)
        audit.record(session, "training.added", agency, by=by)


def lose_member(agency_id: int, *, by: User) -> None:
    """The last engineer leaves."""
    with transaction() as session:
        agency = session.get_one(Agency, agency_id)
        agency.staff[-1].left_on = clock.today() - timedelta(days=1)
        recheck.run(session, agency)
        audit.record(session, "staff.left", agency.staff[-1], by=by)


def share_member(agency_id: int, other_id: int, by: User) -> None:
    """Another agency names the last engineer too: only one of the two may count on a person."""
    with transaction() as session:
        shared, other = session.get_one(Agency, agency_id).staff[-1], session.get_one(Agency, other_id)
        copied = {
            column.key: getattr(shared, column.key)
            for column in StaffMember.__table__.columns
            if column.key not in ("id", "agency_id")
        }
        other.staff.append(StaffMember(**copied))
        session.flush()
        for slot in MATERIALS:
            if slot.required and slot.subject is Subject.STAFF:
                _attach(session, other, slot.kind, slot.subject, [other.staff[-1].id], by)
        recheck.run(session, other)
        audit.record(session, "staff_member.added", other.staff[-1], by=by)


def _give(agency: Agency) -> None:
    today = clock.today()
    signer = agency.representations[-1].name
    agency.finance_system = FINANCES
    agency.offices.append(
        Office(
            address=agency.address,
            area_m2=260.0 + agency.id * 20,
            tenure=Tenure.LEASED,
            leased_until=_month_end(today + timedelta(days=900)),
        )
    )
    agency.records.extend(
        (
            _record(RecordKind.EVALUATION, RecordRole.LED, "汽车零部件企业绿色工厂评价", today, 160),
            _record(RecordKind.INDUSTRY_STANDARD, RecordRole.JOINED, "化工行业绿色工厂评价导则编制", today, 420),
            _record(RecordKind.RESEARCH, RecordRole.LED, "吉林省重点行业碳足迹核算方法研究", today, 700),
        )
    )
    agency.trainings.extend(
        Training(topic=topic, on=today - timedelta(days=days), attendees="全体评价人员", hours=hours)
        for topic, days, hours in (("绿色工厂评价标准宣贯", 40, 6.0), ("评价程序与廉洁要求", 200, 3.0))
    )
    agency.declarations.extend(Declaration(kind=kind, signed_by=signer, signed_on=today) for kind in DeclarationKind)


def _record(kind: RecordKind, role: RecordRole, title: str, today: date, days: int) -> Record:
    number = f"LZ-{today.year - days // 365}-{days:03d}"
    on = today - timedelta(days=days)
    return Record(kind=kind, role=role, title=title, number=number, commissioner="省内委托单位（虚构）", on=on)


def _member(session: Session, agency: Agency, people: Population, place: int, wanted: Wanted) -> StaffMember:
    senior = place < wanted.seniors
    doubtful = wanted.doubtful and place == 0
    invented = people.person(relevant=senior)
    title, series = TITLES[place % len(TITLES)] if senior else ("工程师", "工程技术人员")
    today = clock.today()
    identity = Identity.of_number(IdNumber.parse(invented.number))
    return StaffMember(
        person=persons.find_or_add(session, identity),
        name=invented.name,
        title=title,
        series=series,
        major="化学工程与工艺" if doubtful else invented.major,
        degree_major=invented.major,
        granted_on=today - timedelta(days=1500 + place * 37),
        certificate_number=f"JL{agency.id:02d}{place:04d}",
        employment=Employment.CONTRACT,
        full_time=True,
        contract_until=_month_end(today + timedelta(days=800 + place * 20)),
        insured_since=today - timedelta(days=1000 + place * 11),
        joined_on=today - timedelta(days=1000 + place * 11),
    )


def _prove(session: Session, agency: Agency, by: User) -> None:
    subjects: dict[Subject, list[int | None]] = {
        Subject.AGENCY: [None],
        Subject.OFFICE: [row.id for row in agency.offices],
        Subject.STAFF: [row.id for row in agency.staff],
        Subject.RECORD: [row.id for row in agency.records],
        Subject.TRAINING: [row.id for row in agency.trainings],
    }
    for slot in MATERIALS:
        if slot.required or slot.kind is MaterialKind.FINANCE_STATEMENT:
            _attach(session, agency, slot.kind, slot.subject, subjects[slot.subject], by)


def _attach(
    session: Session, agency: Agency, kind: MaterialKind, subject: Subject, ids: list[int | None] | list[int], by: User
) -> None:
    """One sheet for all rows of a kind, as agencies scan a stack of certificates into one file."""
    if not ids:
        return
    file = _paper(session, agency, kind, by)
    session.add_all(
        Material(
            agency_id=agency.id,
            kind=kind,
            subject=subject,
            subject_id=row_id,
            file=file,
            uploaded_at=clock.now(),
            uploaded_by=by.id,
        )
        for row_id in ids
    )


def _paper(session: Session, agency: Agency, kind: MaterialKind, by: User) -> StoredFile:
    lines: tuple[Any, ...] = (f"机构：{agency.name}", f"代码：{agency.credit_code}", f"日期：{clock.today()}")
    content = sheet(kind.label.split("（")[0], lines)
    return uploads.keep(session, content, examine(content), name=f"{kind.label}.pdf", by=by)


def _month_end(day: date) -> date:
    return day.replace(day=1) - timedelta(days=1)
