"""Reading filings: worklists, one filing as seen by a user."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from filing.models import Filing


def in_force(session: Session, agency_id: int) -> Filing | None:
    """The filing in force of an agency."""
    return session.scalar(select(Filing).where(Filing.agency_id == agency_id, Filing.state == "filed"))
