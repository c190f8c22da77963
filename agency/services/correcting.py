"""An admin corrects what titles and majors mean, from a day on (reading 4)."""

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from agency import majors, recheck
from agency.majors import Standing
from agency.models import Agency, FilingStatus, MajorCorrection, StaffMember, TitleCorrection
from agency.particulars import TitleLevel
from agency.rules import Tables
from agency.tables import tables_of
from core import audit, clock
from core.db import transaction
from core.errors import Collected, Conflict, DomainError
from core.refs import Actor


class AlreadyCorrected(Conflict):
    """The same correction was entered before: a second click, or another admin."""


def correct_title(title: str, series: str, level: TitleLevel, since: date, *, reason: str, by: Actor) -> int:
    """Say what level a title is, from a day on; returns how many filed agencies were checked anew.

    Raises AlreadyCorrected, and DomainError for a pattern or a day that has passed.
    """
    with transaction() as session:
        _require_sound("title", title, since)
        before = tables_of(session)
        known = before.titles.level(title, on=since)
        if known is level and before.titles.series(title, on=since) == series:
            raise AlreadyCorrected(f"“{title}”自 {since} 起已经是{level.label}（{series}），不必再更正。")
        row = TitleCorrection(title=title, series=series, level=level, since=since, reason=reason, **_entered(by))
        session.add(row)
        told = known.label if known else None
        audit.record(
            session, "title.corrected", row, by=by, before=told, after=_dated(level.label, since), reason=reason
        )
        return _recheck(session, before, by)


def correct_major(major: str, standing: Standing, since: date, *, reason: str, by: Actor) -> int:
    """Say whether a major is a relevant one, from a day on; returns how many filed agencies were checked anew.

    Raises AlreadyCorrected, and DomainError for a pattern, several majors or a day that has passed.
    """
    with transaction() as session:
        _require_sound("major", major, since)
        before = tables_of(session)
        known = before.majors.standing(major, on=since)
        if known is standing:
            raise AlreadyCorrected(f"“{major}”自 {since} 起已经是{standing.label}，不必再更正。")
        row = MajorCorrection(major=major, standing=standing, since=since, reason=reason, **_entered(by))
        session.add(row)
        before_label, after = known.label if known else None, _dated(standing.label, since)
        audit.record(session, "major.corrected", row, by=by, before=before_label, after=after, reason=reason)
        return _recheck(session, before, by)


def _entered(by: Actor) -> dict[str, Any]:
    return {"entered_by": by.id, "entered_at": clock.now()}


def _dated(label: str, since: date) -> str:
    return f"{label}，自 {since} 起"


def _require_sound(field: str, text: str, since: date) -> None:
    refusals = Collected()
    with refusals.attempt():
        if "*" in text or (field == "major" and majors.SEPARATORS.search(majors.normalise(text))):
            raise DomainError("更正一次写一个完整的名称，不用星号，也不写几个。", field=field)
    with refusals.attempt():
        if since < clock.today():
            raise DomainError(
                f"起始日 {since} 已经过去：以前的决定按当时的表作出，更正从今天（{clock.today()}）或以后起。",
                field="since",
            )
    refusals.settle()


def _recheck(session: Session, before: Tables, by: Actor) -> int:
    """Check the filed agencies with a title or major that now reads otherwise."""
    session.flush()
    now, today = tables_of(session), clock.today()
    staff = select(StaffMember.agency_id, StaffMember.title, StaffMember.major, StaffMember.degree_major).distinct()
    rows = session.execute(
        staff.join(Agency, Agency.id == StaffMember.agency_id).where(
            Agency.filing_status == FilingStatus.FILED, StaffMember.left_on.is_(None)
        )
    )
    affected = {
        agency_id
        for agency_id, title, major, degree_major in rows
        if before.titles.level(title, on=today) is not now.titles.level(title, on=today)
        or any(
            before.majors.standing(part, on=today) is not now.majors.standing(part, on=today)
            for text in (major, degree_major)
            for part in (text, *majors.SEPARATORS.split(majors.normalise(text)))
        )
    }
    for agency_id in sorted(affected):
        recheck.run(session, session.get_one(Agency, agency_id), by=by)
    return len(affected)
