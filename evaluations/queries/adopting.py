"""The facts that handing over and adopting are judged by, in a fixed number of queries."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from agency.models import Agency, NonAdoption, Place
from applicants.queries import exclusions_on
from evaluations.models import Confirmation, Evaluation, Hold
from evaluations.queries import screening
from evaluations.rules.adopting import AdoptionFacts
from evaluations.rules.facts import ExclusionFacts, Period
from evaluations.rules.states import Action, Consent, HoldKind, Outcome


def facts_of(session: Session, evaluation: Evaluation, *, on: date) -> AdoptionFacts:
    """An evaluation as it lies before who decides on a day."""
    standing = [hold.kind for hold in evaluation.holds if hold.closed_at is None]
    newest = evaluation.reports[-1] if evaluation.reports else None
    taken_back = _upheld(evaluation) is not None and not is_confirmed(evaluation)
    return AdoptionFacts(
        on=on,
        mode=evaluation.mode,
        issued=tuple(report.issued_on for report in evaluation.reports),
        conclusion=newest.conclusion if newest else None,
        handed_over_on=evaluation.handed_over_on,
        is_confirmed=taken_back or is_confirmed(evaluation),  # what was taken back is told as that alone
        is_disputed=HoldKind.DISPUTE in standing,
        is_blocked=HoldKind.BLOCK in standing,
        is_unfiled=evaluation.unfiled,
        is_over_cap=is_over_cap(session, evaluation),
        is_recorded=any(step.action is Action.RECORD for step in evaluation.steps),
        non_adoption=_non_adoption(session, [party.agency_id for party in evaluation.parties]),
        is_dispute_upheld=taken_back,
        exclusions=tuple(
            ExclusionFacts(each.ground.label, each.on, each.until, each.source, each.whom)
            for each in exclusions_on(session, evaluation.applicant, on)
        ),
        screening=screening.facts_of(session, evaluation),
        asked=_partners(evaluation, Consent.ASKED),
        refused=_partners(evaluation, Consent.REFUSED),
        is_admitted=newest is not None and any(each.report_version == newest.version for each in evaluation.admissions),
    )


def _partners(evaluation: Evaluation, consent: Consent) -> tuple[str, ...]:
    return tuple(party.agency.name for party in evaluation.parties if party.consent is consent)


# of a confirmation in a statement: an upheld dispute took it back; as `is_confirmed` finds it
TAKEN_BACK = exists().where(
    Hold.evaluation_id == Confirmation.evaluation_id,
    Hold.outcome == Outcome.UPHELD,
    Hold.closed_at >= Confirmation.at,
)


def is_confirmed(evaluation: Evaluation) -> bool:
    """Whether the applicant's word stands: given, and not taken back since by a dispute that was upheld."""
    given, upheld = evaluation.confirmation, _upheld(evaluation)
    if given is None:
        return False
    return upheld is None or upheld.closed_at is None or upheld.closed_at < given.at


def _upheld(evaluation: Evaluation) -> Hold | None:
    """The latest dispute that was upheld."""
    return next((hold for hold in reversed(evaluation.holds) if hold.outcome is Outcome.UPHELD), None)


def is_over_cap(session: Session, evaluation: Evaluation) -> bool:
    """Whether a place is due to it for which no number was free."""
    due = select(Place.id).where(Place.evaluation_id == evaluation.id, Place.number.is_(None)).limit(1)
    return session.scalar(due) is not None


def _non_adoption(session: Session, agency_ids: Sequence[int]) -> tuple[tuple[str, Period], ...]:
    rows = session.execute(
        select(Agency.name, NonAdoption.first_day, NonAdoption.last_day)
        .join(Agency, Agency.id == NonAdoption.agency_id)
        .where(NonAdoption.agency_id.in_(agency_ids), NonAdoption.annulled_at.is_(None))
        .order_by(NonAdoption.first_day, NonAdoption.id)
    )
    return tuple((name, Period(first, last)) for name, first, last in rows)
