"""The check of Article 20 as days pass: leases and contracts end, people retire, the record grows old (reading 5)."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from agency import recheck
from agency.models import Agency, FilingStatus
from core.db import db, transaction
from core.law import Verdict


@dataclass(frozen=True, slots=True)
class Rechecked:
    agencies: int
    unmet: int


def recheck_all(*, on: date) -> Rechecked:
    """Check every filed agency on a day, each in a transaction of its own."""
    filed = select(Agency.id).where(Agency.filing_status == FilingStatus.FILED).order_by(Agency.id)
    verdicts = [_recheck_one(agency_id, on) for agency_id in db.session.scalars(filed).all()]
    return Rechecked(len(verdicts), sum(verdict is Verdict.NOT_MET for verdict in verdicts))


def _recheck_one(agency_id: int, on: date) -> Verdict:
    with transaction() as session:
        verdict = recheck.run(session, session.get_one(Agency, agency_id), on=on).verdict
    db.session.expunge_all()  # a thousand agencies with their staff are not held together
    return verdict
