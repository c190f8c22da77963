"""What every step of the course does to its rows: lock, move, remember, log."""

from sqlalchemy.orm import Session

from accounts.models import User
from agency.models import ClaimStanding, FilingStatus
from core import audit, clock
from filing import claims, rules
from filing.models import Filing, Step
from filing.rules import Action, FilingKind, State


def locked(session: Session, filing_id: int, *, shown: int) -> Filing:
    """The filing, held until the transaction ends. Raises NotPossibleNow when it isn't what the reader was shown."""
    filing = session.get_one(Filing, filing_id, with_for_update={"of": Filing})
    rules.require_shown(shown=shown, now=filing.version)
    return filing


def take_step(session: Session, filing: Filing, action: Action, *, by: User, reason: str = "") -> None:
    """Move the filing along its course, with history and audit entry. Raises NotPossibleNow."""
    before = filing.state
    filing.state = rules.next_state(before, action)
    filing.version += 1
    write_down(session, filing, action, before=before, by=by, reason=reason)


def write_down(session: Session, filing: Filing, action: Action, *, before: State, by: User, reason: str = "") -> None:
    """The history's row and the log's entry of a step."""
    session.add(
        Step(
            filing=filing,
            submission_number=filing.latest.number if filing.latest else 0,
            action=action,
            before=before,
            after=filing.state,
            at=clock.now(),
            by_id=by.id,
            by=by.display_name,
            reason=reason,
        )
    )
    audit.record(session, f"filing.{action}", filing, by=by, before=before, after=filing.state, reason=reason or None)


def end_pending(session: Session, filing: Filing, *, by: User) -> None:
    """What was handed in came to nothing: the agency is again what it was before, and claims nobody by it."""
    touched = claims.drop(session, filing.agency_id, ClaimStanding.SUBMITTED)
    claims.tell(session, touched, None, by=by)
    if filing.kind is FilingKind.INITIAL:
        was_filed = filing.agency.filing_ended_on is not None
        filing.agency.filing_status = FilingStatus.CANCELLED if was_filed else FilingStatus.NONE
