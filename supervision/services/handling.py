"""What officers do with a case: write down each step, and close it. No outcome is a sanction (reading 14)."""

from accounts.models import User
from accounts.policies import is_approver
from core.db import transaction
from evaluations import flagging
from evaluations.models import Evaluation
from evaluations.queries import screening
from evaluations.rules import standing_still
from evaluations.rules.states import HoldKind
from supervision import casework, rules, steps
from supervision.models import Case, CaseOutcome, CaseState
from supervision.queries import verification
from supervision.rules import outcomes, verifying


def add_note(case_id: int, text: str, *, version: int, by: User) -> None:
    """Write a step of the handling into the case. Raises CaseClosed."""
    with transaction() as session:
        case = steps.shown(session, case_id, version)
        casework.add_note(session, case, text, by=by)


def close(case_id: int, outcome: CaseOutcome, *, reason: str, version: int, by: User) -> None:
    """办结: as its conclusions allow; what was only found by the way also without any. The agency is told.

    Raises CaseClosed, NotPossibleNow, NotThisWay.
    """
    with transaction() as session:
        case = steps.shown(session, case_id, version)
        verifying.require_not_pending(case.pending)
        if case.state is CaseState.CONCLUDED:
            way = next((each for each in outcomes.CLOSINGS if each.closes_as is outcome), None)
            if way is None:
                raise outcomes.NotThisWay(
                    "通报、不予采信和移出名单由相应的程序办结，请先提出。", clause="JL-24-3", field="outcome"
                )
            outcomes.require_way(verification.concluded(session, case), way, is_approver=is_approver(by, case))
        else:
            outcomes.require_direct(case.kind, outcome)
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
        case = steps.shown(session, case_id, version, state=CaseState.OPEN)
        standing_still.require_liftable(screening.facts_of(session, evaluation), ever_confirmed=True)
        is_blocked = flagging.open_hold(evaluation, HoldKind.BLOCK) is not None
        if is_blocked:
            flagging.lift(session, evaluation, reason=reason, by=by)
            evaluation.version += 1
        casework.close(session, case, CaseOutcome.CORRECTED, reason=reason, by=by)
        return is_blocked
