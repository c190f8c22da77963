"""What officers do with a case: write down each step, and close it. No outcome is a sanction (reading 14)."""

from sqlalchemy.orm import Session

from accounts.models import User
from core.db import transaction
from evaluations import flagging
from evaluations.models import Evaluation
from evaluations.queries import screening
from evaluations.rules import standing_still
from evaluations.rules.states import HoldKind
from supervision import casework, rules
from supervision.models import Case, CaseOutcome


def add_note(case_id: int, text: str, *, version: int, by: User) -> None:
    """Write a step of the handling into the case. Raises CaseClosed."""
    with transaction() as session:
        case = _shown(session, case_id, version)
        casework.add_note(session, case, text, by=by)


def close(case_id: int, outcome: CaseOutcome, *, reason: str, version: int, by: User) -> None:
    """办结: with how it ended and why; the agency is told. Raises CaseClosed."""
    with transaction() as session:
        case = _shown(session, case_id, version)
        casework.close(session, case, outcome, reason=reason, by=by)


def correct(case_id: int, *, reason: str, version: int, by: User) -> bool:
    """改正后办结: the agreement is clean, the block is lifted where it still stands, and the case closes as corrected.

    Returns whether a block was lifted. Raises CaseClosed, NotAboutAgreement, NotClean.
    """
    with transaction() as session:
        known = session.get_one(Case, case_id)
        rules.require_about_agreement(known.kind)
        lock = {"of": Evaluation, "key_share": True}
        evaluation = session.get_one(Evaluation, known.evaluation_id, with_for_update=lock, populate_existing=True)
        case = _shown(session, case_id, version)
        standing_still.require_liftable(screening.facts_of(session, evaluation), ever_confirmed=True)
        is_blocked = flagging.open_hold(evaluation, HoldKind.BLOCK) is not None
        if is_blocked:
            flagging.lift(session, evaluation, reason=reason, by=by)
            evaluation.version += 1
        casework.close(session, case, CaseOutcome.CORRECTED, reason=reason, by=by)
        return is_blocked


def _shown(session: Session, case_id: int, version: int) -> Case:
    case = session.get_one(Case, case_id, with_for_update={"of": Case}, populate_existing=True)
    rules.require_open(case.state, shown=version, now=case.version)
    return case
