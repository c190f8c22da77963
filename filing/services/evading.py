"""Whether a filing stands for a barred agency (第二十二条第三款): an officer decides on what matches."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Role, User
from agency.models import FilingStatus
from core import audit, clock
from core.db import db, transaction
from filing import likeness, rules, steps
from filing.models import EvasionMatch, Filing
from filing.rules import PENDING_STATES, State
from filing.rules.evasion import Answer, NoSuchMatch
from notices import outbox
from notices.outbox import Audience


def decide_match(
    filing_id: int, barred_id: int, *, basis: str, answer: Answer, reason: str, version: int, by: User
) -> None:
    """核实疑似规避: whether what a filing has in common with a barred agency evades its non-adoption.

    Of a filing under review its reviewer decides, of one in force any officer of the desk. Decided anew, the newest
    holds. Raises NotPossibleNow, NotTheReviewer, NoSuchMatch (the facts are others by now).
    """
    with transaction() as session:
        filing = steps.locked(session, filing_id, shown=version)
        rules.require_state(filing.state, State.UNDER_REVIEW, State.FILED)
        if filing.state is State.UNDER_REVIEW:
            rules.require_reviewer(reviewer_id=filing.reviewer_id, officer_id=by.id)
        row = _row(session, filing, barred_id, basis)
        before, row.answer, row.reason = row.answer, answer, reason.strip()
        row.answered_at, row.answered_by, row.answerer, row.lapsed_at = clock.now(), by.id, by.display_name, None
        filing.version += 1
        audit.record(session, "filing.match_decided", filing, by=by, before=before, after=answer)
        if answer is Answer.EVASION:
            outbox.post(session, "filing_evades", to=Audience.role(Role.APPROVER), about=filing)


def _row(session: Session, filing: Filing, barred_id: int, basis: str) -> EvasionMatch:
    """The row of a match that is found at this moment. Raises NoSuchMatch."""
    found = likeness.found_in(session, filing).each
    now = (each for each in found if (each.likeness.barred.agency_id, each.likeness.basis) == (barred_id, basis))
    standing = next(now, None)
    if standing is None:
        raise NoSuchMatch("相符事项已经变化，请回到备案页按最新情况核实。", clause="JL-22-3")
    row = session.scalar(
        select(EvasionMatch).where(
            EvasionMatch.filing_id == filing.id, EvasionMatch.barred_id == barred_id, EvasionMatch.basis == basis
        )
    )
    return row or likeness.row_of(session, filing, standing)


def look_again() -> int:
    """Hold every filing with the desk or in force against the barred agencies; each in a transaction of its own.

    So a new decision of non-adoption, and a filed agency that takes over a barred one's people, are seen the next day.
    Returns how many new likenesses were found.
    """
    session = db.session()
    pending = select(Filing.id).where(Filing.state.in_([*PENDING_STATES, State.FILED])).order_by(Filing.id)
    # without a barred agency only rows of the past are gone through
    if not likeness.barring(session, on=clock.today()):
        kept = select(EvasionMatch.filing_id).where(EvasionMatch.lapsed_at.is_(None))
        pending = pending.where(Filing.id.in_(kept))
    return sum(_look_at(filing_id) for filing_id in session.scalars(pending).all())


def _look_at(filing_id: int) -> int:
    with transaction() as session:
        filing = session.get_one(Filing, filing_id, with_for_update={"of": Filing}, populate_existing=True)
        is_filed = filing.agency.filing_status is FilingStatus.FILED
        new = likeness.note(
            session, filing, to=(Role.REVIEWER, Role.APPROVER) if is_filed else (Role.REVIEWER,), by=None
        )
    db.session.expunge_all()
    return new
