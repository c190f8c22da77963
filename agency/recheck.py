"""The check of Article 20 after a change of the particulars, inside the transaction of the change."""

from sqlalchemy.orm import Session

from agency.models import Agency


def run(session: Session, agency: Agency) -> None:
    """Check an agency again and keep what was found."""
    session.flush()
