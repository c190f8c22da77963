"""Terms of inquiries and rectifications by the clock: three days before their end, and when they are over."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.db import db, transaction
from scheduling.once import first_time
from supervision import steps, telling
from supervision.models import Inquiry, Rectification
from supervision.rules.outcomes import TO_DO

BEFORE = timedelta(days=3)


def remind(on: date) -> tuple[int, int]:
    """Tell both sides of every term that ends within three days, or has ended; each once. Returns how many of both."""
    session = db.session()
    inquiries = select(Inquiry.id).where(
        Inquiry.answered_at.is_(None), Inquiry.closed_at.is_(None), Inquiry.due <= on + BEFORE
    )
    asked = select(Rectification.id).where(Rectification.state.in_(TO_DO), Rectification.due <= on + BEFORE)
    told = sum(_inquiry(inquiry_id, on) for inquiry_id in session.scalars(inquiries.order_by(Inquiry.id)).all())
    rows = db.session().scalars(asked.order_by(Rectification.id)).all()
    return told, sum(_rectification(rectification_id, on) for rectification_id in rows)


def _inquiry(inquiry_id: int, on: date) -> bool:
    with transaction() as session:
        row = steps.inquiry(session, inquiry_id)
        if row.answered_at is not None or row.closed_at is not None:
            return False
        return _tell(session, row, "inquiry", on)


def _rectification(rectification_id: int, on: date) -> bool:
    with transaction() as session:
        row = steps.rectification(session, rectification_id)
        return row.state in TO_DO and _tell(session, row, "rectification", on)


def _tell(session: Session, row: Inquiry | Rectification, what: str, on: date) -> bool:
    word = "due" if on <= row.due else "over"
    if not first_time(session, "supervision.terms", f"{what}:{row.id}:{row.due}:{word}"):
        return False
    detail = {"due": row.due.isoformat()}
    telling.other_side(session, row, f"{what}_{word}", detail=detail)
    event = f"{what}_{word}_desk"
    telling.officers(session, row.case, event, detail={**detail, "number": row.number})
    return True
