"""Whom a complaint concerns, where its reporter named somebody unknown or the wrong one."""

from accounts.models import User
from agency.models import Agency
from applicants.models import Applicant
from complaints import steps
from complaints.models import Target
from complaints.queries import officers
from complaints.queries.officers import PartyIds
from complaints.rules import course, handling
from complaints.rules.course import Action
from core.db import transaction
from supervision import casework
from supervision import steps as case_steps


def name_party(complaint_id: int, party: PartyIds, *, version: int, by: User) -> None:
    """写明涉及的单位: of the complaint, and of its case while nobody was asked there. The reporter isn't told: whom
    the desk looks into stands with the desk until the reply.

    Raises NotPossibleNow, NamedAlready, Involved, NoSuchParty.
    """
    with transaction() as session:
        complaint = steps.held(session, complaint_id, version=version)
        course.next_state(complaint.state, Action.NAME_PARTY)
        named: Agency | Applicant | None = (
            session.get(Agency, party.agency_id) if party.agency_id else session.get(Applicant, party.applicant_id)
        )
        if named is None:
            raise handling.NoSuchParty("没有这个单位，请重新查找。", field="party")
        case = case_steps.held(session, complaint.case_id) if complaint.case_id is not None else None
        handling_it = {each.account_id for each in case.officers if each.until is None} if case else set()
        handling.require_free_of_party(
            recused=any(officers.is_recused(session, each, party) for each in {by.id, *handling_it}),
            is_named=(complaint.agency_id, complaint.applicant_id) == (party.agency_id, party.applicant_id),
        )
        if isinstance(named, Agency):
            complaint.target, complaint.agency, complaint.applicant = Target.AGENCY, named, None
        else:
            complaint.target, complaint.agency, complaint.applicant = Target.LISTED, None, named
        if case is not None:
            casework.name_party(session, case, named, by=by)
        steps.take(session, complaint, Action.NAME_PARTY, by=by, text=named.name)
