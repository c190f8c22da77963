"""What officers do with a case: write down each step, and close it. No outcome is a sanction (reading 14)."""

from sqlalchemy.orm import Session

from accounts.models import User
from core import audit, clock
from core.db import transaction
from notices import outbox
from notices.outbox import Audience
from supervision import rules
from supervision.models import Case, CaseNote, CaseOutcome, CaseState


def add_note(case_id: int, text: str, *, version: int, by: User) -> None:
    """Write a step of the handling into the case. Raises CaseClosed."""
    with transaction() as session:
        case = _shown(session, case_id, version)
        session.add(CaseNote(case_id=case.id, text=text, at=clock.now(), by_id=by.id, by=by.display_name))
        audit.record(session, "case.noted", case, by=by)


def close(case_id: int, outcome: CaseOutcome, *, reason: str, version: int, by: User) -> None:
    """办结: with how it ended and why; the agency is told. Raises CaseClosed."""
    with transaction() as session:
        case = _shown(session, case_id, version)
        case.state, case.outcome, case.outcome_reason = CaseState.CLOSED, outcome, reason
        case.closed_at, case.closed_by = clock.now(), by.id
        audit.record(session, "case.closed", case, by=by, before=CaseState.OPEN, after=CaseState.CLOSED, reason=reason)
        if case.agency_id is not None:
            outbox.post(session, "case_closed", to=Audience.agency(case.agency_id), about=case)


def _shown(session: Session, case_id: int, version: int) -> Case:
    case = session.get_one(Case, case_id, with_for_update={"of": Case}, populate_existing=True)
    rules.require_open(case.state, shown=version, now=case.version)
    case.version += 1
    return case
