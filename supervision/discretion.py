"""What leaves the desk about a case is held against what would give a reporter away.

Who reported stands in a higher package, which says how to look: `app.extensions["discretion"]`, a function of the
session, the case, the text and the form field that it stands in.
"""

from flask import current_app
from sqlalchemy.orm import Session

from supervision.models import Case
from supervision.rules import verifying


def require_fit_to_send(session: Session, case: Case, text: str, *, looked_over: bool, field: str = "text") -> None:
    """Raises MayReveal, and for a complaint's case what complaints.rules.handling refuses (GivesAway)."""
    verifying.require_fit_to_send(case.kind, text, looked_over=looked_over, field=field)
    if case.is_restricted:
        current_app.extensions["discretion"](session, case, text, field)
