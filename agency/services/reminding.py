"""Telling of terms that end: leases and contracts, terms to mend conditions, periods of non-adoption. Each once."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from agency.models import Agency, FilingStatus, Flag, NonAdoption, Office, StaffMember
from agency.particulars import Subject, Tenure
from agency.reminding import NO_NEWS_AFTER, OVER, stage_reached, stages
from core.db import db, transaction
from core.law import jurisdiction
from notices import outbox
from notices.outbox import Audience
from scheduling.once import first_time

WHAT = {Subject.OFFICE: "处办公场所租约", Subject.STAFF: "份劳动合同"}


@dataclass(frozen=True, slots=True)
class Told:
    agencies: int
    terms: int


@dataclass(frozen=True, slots=True)
class Ending:
    """A term of an agency that ends: of which row, on which day, and the stage that it has reached."""

    subject: Subject
    row: int
    day: date
    stage: int

    @property
    def item(self) -> str:
        return f"{self.subject.value}:{self.row}:{self.day}:{self.stage}"


def remind_of_expiry(on: date) -> Told:
    """Tell each filed agency of its leases and contracts that reach a day of notice or ran out."""
    told = Counter({agency_id: _remind(agency_id, found) for agency_id, found in _endings(db.session(), on).items()})
    return Told(sum(count > 0 for count in told.values()), told.total())


def _endings(session: Session, on: date) -> dict[int, list[Ending]]:
    days = stages(jurisdiction(), on=on)
    first, last = on - timedelta(days=NO_NEWS_AFTER), on + timedelta(days=max(days))
    filed = Agency.filing_status == FilingStatus.FILED
    offices = select(Office.agency_id, Office.id, Office.leased_until).join(Agency, Agency.id == Office.agency_id)
    staff = select(StaffMember.agency_id, StaffMember.id, StaffMember.contract_until)
    staff = staff.join(Agency, Agency.id == StaffMember.agency_id)
    present = or_(StaffMember.left_on.is_(None), StaffMember.left_on >= on)
    leases = offices.where(filed, Office.tenure == Tenure.LEASED, Office.leased_until.between(first, last))
    contracts = staff.where(filed, present, StaffMember.contract_until.between(first, last))
    found: dict[int, list[Ending]] = defaultdict(list)
    for subject, rows in ((Subject.OFFICE, leases), (Subject.STAFF, contracts)):
        for agency_id, row, day in session.execute(rows.order_by(None)):
            stage = stage_reached(day, on=on, stages=days) if day else None
            if day and stage is not None:
                found[agency_id].append(Ending(subject, row, day, stage))
    return dict(sorted(found.items()))


def _remind(agency_id: int, endings: Iterable[Ending]) -> int:
    with transaction() as session:
        new = [ending for ending in endings if first_time(session, "agency.expiring", ending.item)]
        agency = session.get_one(Agency, agency_id)
        for event, some in (
            ("terms_expiring", [ending for ending in new if ending.stage != OVER]),
            ("terms_expired", [ending for ending in new if ending.stage == OVER]),
        ):
            if some:
                outbox.post(session, event, to=Audience.agency(agency_id), about=agency, detail={"what": _words(some)})
        return len(new)


def _words(endings: list[Ending]) -> str:
    """1 处办公场所租约、12 份劳动合同，最早的到期日为 2026-12-20; never whose."""
    count = Counter(ending.subject for ending in endings)
    listed = "、".join(f"{count[subject]} {words}" for subject, words in WHAT.items() if count[subject])
    first = min(ending.day for ending in endings)
    return f"{listed}，{'最早的' if len(endings) > 1 else ''}到期日为 {first}"


def remind_of_mending(on: date) -> Told:
    """Tell agency and desk of a term to mend the conditions that ends soon, and of one that ran out unmended."""
    notice = jurisdiction().number("mend_notice_days", on=on)
    standing = select(Flag).where(Flag.cleared_on.is_(None), Flag.mended_on.is_(None), Flag.mend_by.is_not(None))
    flags = db.session.scalars(standing.where(Flag.mend_by <= on + timedelta(days=notice)).order_by(Flag.id)).all()
    ending = [(flag.id, flag.agency_id, flag.mend_by) for flag in flags if flag.mend_by]
    told = [agency_id for flag_id, agency_id, day in ending if _tell_of_mending(flag_id, agency_id, day, on)]
    return Told(len(set(told)), len(told))


def _tell_of_mending(flag_id: int, agency_id: int, day: date, on: date) -> bool:
    event = "mending_overdue" if day < on else "mending_due"
    with transaction() as session:
        if not first_time(session, event, f"flag:{flag_id}:{day}"):
            return False
        agency = session.get_one(Agency, agency_id)
        for reader in (Audience.agency(agency_id), Audience.role("reviewer")):
            outbox.post(session, event, to=reader, about=agency, detail={"day": day.isoformat()})
        return True


def tell_of_ended_non_adoption(on: date) -> Told:
    """Tell agency and desk that a period of non-adoption is over; it ended by itself, on its last day.

    While another one goes on, nothing has ended.
    """
    since = on - timedelta(days=NO_NEWS_AFTER)
    standing = NonAdoption.annulled_at.is_(None)
    going_on = select(NonAdoption.agency_id).where(standing, NonAdoption.first_day <= on, NonAdoption.last_day >= on)
    ended = (
        select(NonAdoption.id)
        .where(standing, NonAdoption.last_day < on, NonAdoption.last_day >= since)
        .where(NonAdoption.agency_id.not_in(going_on))
        .order_by(NonAdoption.id)
    )
    told = [agency for agency in map(_tell_of_end, db.session.scalars(ended).all()) if agency is not None]
    return Told(len(set(told)), len(told))


def _tell_of_end(period_id: int) -> int | None:
    with transaction() as session:
        period = session.get_one(NonAdoption, period_id)
        if not first_time(session, "agency.non_adoption_ended", f"non_adoption:{period_id}"):
            return None
        for reader in (Audience.agency(period.agency_id), Audience.role("reviewer")):
            day = period.last_day.isoformat()
            outbox.post(session, "non_adoption_ended", to=reader, about=period, detail={"day": day})
        return period.agency_id
