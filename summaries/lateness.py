"""The mark 年度总结逾期 beside a filing (reading 1): raised when one that is owed has not come, cleared when it has.

The mark is about a summary that is missing, so handing it in clears it, without an officer. That it came late stays:
`Summary.days_late` and `Summary.marked_late_on` are never set back.
"""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from agency.models import Agency, FilingStatus, Flag, FlagKind
from agency.recheck import open_flag
from core import audit, clock
from core.refs import Actor
from notices import outbox
from notices.outbox import Audience
from summaries import rules
from summaries.models import Summary
from summaries.opening import day_after
from summaries.stating import ref_at_desk


def mark_late(session: Session, summary: Summary, *, today: date) -> bool:
    """Mark a summary that is owed, was due before today and has not come; raise the flag of a filed agency; tell it.

    The summary is locked by the caller and its duty settled; one transaction a summary, because its agency is locked
    before the log is written. False, and nothing done, where there is nothing to mark
    or it is marked already.
    """
    overdue = rules.is_overdue(summary.duty, summary.due_on, first_handed_in_at=summary.first_handed_in_at, today=today)
    if not overdue or summary.marked_late_on is not None:
        return False
    summary.marked_late_on = day_after(summary.due_on)
    agency = session.get_one(Agency, summary.agency_id, with_for_update=True, populate_existing=True)
    if agency.filing_status is FilingStatus.FILED:
        _raise_flag(session, summary)
    audit.record(
        session, "summary.marked_late", ref_at_desk(summary, agency.name), by=None, after=f"{summary.due_on} 到期"
    )
    outbox.post(
        session, "summary_late", to=Audience.agency(agency.id), about=summary, detail={"due": f"{summary.due_on}"}
    )
    return True


def clear(session: Session, summary: Summary, *, by: Actor) -> None:
    """It has come: the flag goes when no other year's is missing. Who was in time after all was never late."""
    if summary.days_late == 0:
        summary.marked_late_on = None  # received before midnight, committed after the marking
    # another year that is handed in at the same moment waits here, and then sees that this one has come
    lock = {"of": Agency, "key_share": True}
    session.get_one(Agency, summary.agency_id, with_for_update=lock, populate_existing=True)
    _lower_flag(session, summary, f"{summary.year} 年度工作总结已补报", by=by)


def take_back(session: Session, summary: Summary) -> bool:
    """Take the mark from a summary that is owed no more, or later than it was: what is not owed is never late.

    The summary is locked by the caller and its duty settled. False where the mark stands, or there is none.
    """
    marked_on = summary.marked_late_on
    if marked_on is None or summary.first_handed_in_at is not None:
        return False
    if rules.is_overdue(summary.duty, summary.due_on, first_handed_in_at=None, today=marked_on):
        return False
    summary.marked_late_on = None
    agency = session.get_one(Agency, summary.agency_id, with_for_update=True, populate_existing=True)
    why = f"{summary.year} 年度工作总结经系统重新核定，{summary.duty.label}"
    _lower_flag(session, summary, why, by=None)
    about = ref_at_desk(summary, agency.name)
    audit.record(session, "summary.mark_taken_back", about, by=None, after=summary.duty, reason=why)
    return True


def _lower_flag(session: Session, summary: Summary, why: str, *, by: Actor | None) -> None:
    flag = open_flag(session, summary.agency_id, FlagKind.LATE_SUMMARY)
    if flag is None:
        return
    session.flush()
    missing = select(Summary.year).where(
        Summary.agency_id == summary.agency_id,
        Summary.marked_late_on.is_not(None),
        Summary.first_handed_in_at.is_(None),
        Summary.id != summary.id,
    )
    years = sorted(session.scalars(missing))
    if years:
        flag.facts = "；".join(_facts(year) for year in years)
        return
    today = clock.today()
    flag.mended_on, flag.cleared_on, flag.reason = today, today, why
    audit.record(session, "flag.cleared", summary, by=by, before=flag.since.isoformat(), reason=flag.reason)


def _raise_flag(session: Session, summary: Summary) -> None:
    flag = open_flag(session, summary.agency_id, FlagKind.LATE_SUMMARY)
    if flag is not None:
        flag.facts = f"{flag.facts}；{_facts(summary.year)}"
        return
    session.add(
        Flag(
            agency_id=summary.agency_id,
            kind=FlagKind.LATE_SUMMARY,
            since=day_after(summary.due_on),
            facts=_facts(summary.year),
        )
    )
    session.flush()


def _facts(year: int) -> str:
    return f"{year} 年度工作总结逾期未上报"
