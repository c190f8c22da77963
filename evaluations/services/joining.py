"""Agencies that are named as making an evaluation jointly: they confirm or refuse, an officer decides on a refusal."""

from sqlalchemy.orm import Session

from accounts.models import User
from agency import places
from core.db import transaction
from core.errors import Conflict
from evaluations import makers, steps, tallies, telling
from evaluations.models import Evaluation, Party
from evaluations.rules import joining as rules
from evaluations.rules.states import Action, Consent
from evaluations.rules.working import BEFORE_REPORT
from notices import outbox
from notices.outbox import Audience


class NotJoining(Conflict):
    """It makes this evaluation no longer: an officer has decided so meanwhile."""


def agree(evaluation_id: int, agency_id: int, *, version: int, by: User) -> None:
    """确认联合评价, also by one that had refused, until an officer decides. Raises NotPossibleNow, NotJoining."""
    with transaction() as session:
        evaluation = steps.begin(session, evaluation_id, shown=version)
        party = _named(evaluation, agency_id)
        rules.require_answerable(evaluation.state, party.consent, Consent.GIVEN)
        had_refused = party.consent is Consent.REFUSED
        party.consent, party.consent_reason = Consent.GIVEN, ""
        _note(session, evaluation, Action.AGREE, by=by, name=party.agency.name)
        telling.leading(session, evaluation, "partner_agreed")
        if had_refused:
            telling.desk(session, evaluation, "partner_agreed")


def refuse(evaluation_id: int, agency_id: int, *, version: int, reason: str, by: User) -> None:
    """不同意联合评价: neither handed over nor adopted until an officer decides. Raises NotPossibleNow, NotJoining."""
    with transaction() as session:
        evaluation = steps.begin(session, evaluation_id, shown=version)
        party = _named(evaluation, agency_id)
        rules.require_answerable(evaluation.state, party.consent, Consent.REFUSED)
        party.consent, party.consent_reason = Consent.REFUSED, reason
        _note(session, evaluation, Action.REFUSE, by=by, name=party.agency.name, reason=reason)
        telling.leading(session, evaluation, "partner_refused")
        telling.desk(session, evaluation, "partner_refused")


def keep(evaluation_id: int, agency_id: int, *, version: int, reason: str, by: User) -> None:
    """An officer finds that it does make it: it goes on as if it had confirmed. Raises NotPossibleNow, NotJoining."""
    with transaction() as session:
        evaluation = steps.begin(session, evaluation_id, shown=version)
        party = _named(evaluation, agency_id)
        rules.require_refused(evaluation.state, party.consent)
        party.consent, party.consent_reason = Consent.GIVEN, ""
        told = f"{party.agency.name}：{reason}"
        _note(session, evaluation, Action.KEEP_PARTNER, by=by, name=by.display_name, reason=told)
        telling.parties(session, evaluation, "partner_kept")


def let_go(evaluation_id: int, agency_id: int, *, version: int, reason: str, by: User) -> None:
    """An officer finds that it doesn't make it: the others go on without it, and its place is free again.

    Raises NotPossibleNow, NotJoining.
    """
    with transaction() as session:
        evaluation = steps.begin(session, evaluation_id, shown=version)
        party = _named(evaluation, agency_id)
        rules.require_refused(evaluation.state, party.consent)
        places.leave(session, evaluation.id, agency_id)  # before sums and log are locked
        agency = party.agency
        if evaluation.state in BEFORE_REPORT:  # later the team is what it was
            for member in [each for each in evaluation.team if each.agency_id == agency_id]:
                evaluation.team.remove(member)
                session.delete(member)
        with tallies.moving(session, evaluation):
            evaluation.parties.remove(party)
            session.delete(party)
            session.flush()
        told = f"{agency.name}：{reason}"
        _note(session, evaluation, Action.LET_PARTNER_GO, by=by, name=by.display_name, reason=told)
        telling.parties(session, evaluation, "partner_let_go")
        # of the evaluation it sees nothing any more
        detail = {"number": evaluation.number}
        outbox.post(session, "partner_left", to=Audience.agency(agency_id), about=agency, detail=detail)


def _named(evaluation: Evaluation, agency_id: int) -> Party:
    for party in makers.joining(evaluation):
        if party.agency_id == agency_id:
            return party
    raise NotJoining("该机构已不是这项评价的联合机构。")


def _note(session: Session, evaluation: Evaluation, action: Action, *, by: User, name: str, reason: str = "") -> None:
    steps.note(session, evaluation, action, before=evaluation.state, by=by, name=name, reason=reason)
