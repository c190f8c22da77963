"""Whom a step of an evaluation is told to: the agencies that make it, its applicant, the officers whose turn it is."""

from sqlalchemy.orm import Session

from accounts.models import Role
from evaluations.models import Evaluation
from evaluations.rules.states import Consent, Level, Mode
from notices import outbox
from notices.outbox import Audience


def parties(session: Session, evaluation: Evaluation, event: str) -> None:
    """Tell the agencies that make it."""
    for party in evaluation.parties:
        outbox.post(session, event, to=Audience.agency(party.agency_id), about=evaluation)


def applicant(session: Session, evaluation: Evaluation, event: str) -> None:
    outbox.post(session, event, to=Audience.applicant(evaluation.applicant_id), about=evaluation)


def sides(session: Session, evaluation: Evaluation, event: str) -> None:
    """Tell the agencies and the applicant."""
    parties(session, evaluation, event)
    applicant(session, evaluation, event)


def others(session: Session, evaluation: Evaluation, event: str) -> None:
    """Tell the applicant, unless it is itself who acts, and the agencies that make it with the one that acts."""
    if evaluation.mode is Mode.THIRD_PARTY:
        applicant(session, evaluation, event)
    for party in evaluation.parties:
        if not party.leads:
            outbox.post(session, event, to=Audience.agency(party.agency_id), about=evaluation)


def leading(session: Session, evaluation: Evaluation, event: str) -> None:
    """Tell the agency that answers for it."""
    for party in evaluation.parties:
        if party.leads:
            outbox.post(session, event, to=Audience.agency(party.agency_id), about=evaluation)


def asked(session: Session, evaluation: Evaluation) -> None:
    """Ask the agencies that are named as making it jointly."""
    for party in evaluation.parties:
        if party.consent is Consent.ASKED:
            outbox.post(session, "partner_asked", to=Audience.agency(party.agency_id), about=evaluation)


def desk(session: Session, evaluation: Evaluation, event: str) -> None:
    """Tell the officers who would adopt it: its bureau at municipal level, else the province's approvers."""
    municipal = evaluation.level is Level.MUNICIPAL and evaluation.bureau
    to = Audience.bureau(evaluation.bureau) if municipal else Audience.role(Role.APPROVER)
    outbox.post(session, event, to=to, about=evaluation)
