"""Who may do what with an evaluation. A policy judges role and scope, never the state."""

from typing import Any

from accounts.models import Role, User
from accounts.policies import is_agency, is_applicant, is_approver, is_provincial, is_reviewer
from evaluations.rules.states import Level, Mode


def may_see_evaluation(user: User, evaluation: Any) -> bool:
    """An agency what it makes, an applicant what is made of it, a bureau its own applicants', the province all."""
    return (
        is_provincial(user, evaluation)
        or is_party(user, evaluation)
        or is_commissioner(user, evaluation)
        or (Role.MUNICIPAL in user.roles and bool(user.bureau) and evaluation.bureau == user.bureau)
    )


def is_party(user: User, evaluation: Any) -> bool:
    """The users of an agency that makes it, alone or with others: all of them read it."""
    return is_agency(user, evaluation) and any(party.agency_id == user.agency_id for party in evaluation.parties)


def is_commissioner(user: User, evaluation: Any) -> bool:
    """The users of the applicant that it is made of."""
    return is_applicant(user, evaluation) and evaluation.applicant_id == user.applicant_id


def evaluates_itself(user: User, evaluation: Any) -> bool:
    """The users of the applicant, where no agency makes it."""
    return is_commissioner(user, evaluation) and evaluation.mode is Mode.SELF


def leads(user: User, evaluation: Any) -> bool:
    """The users of the agency that answers for it; those that make it jointly only read."""
    return is_agency(user, evaluation) and any(
        party.leads and party.agency_id == user.agency_id for party in evaluation.parties
    )


def joins(user: User, evaluation: Any) -> bool:
    """The users of an agency that another one named as making it jointly."""
    return is_party(user, evaluation) and not leads(user, evaluation)


def may_decide_on(user: User, evaluation: Any) -> bool:
    """Who adopts at its level, and decides what stops it: its bureau at municipal level, else the approver."""
    if evaluation.level is Level.MUNICIPAL and evaluation.bureau:
        return Role.MUNICIPAL in user.roles and evaluation.bureau == user.bureau
    return is_approver(user, evaluation)


def may_admit(user: User, evaluation: Any) -> bool:
    """Who decides that a result counts in spite of a period of non-adoption: an approver, at every level."""
    return is_approver(user, evaluation)


def may_settle(user: User, evaluation: Any) -> bool:
    """Who confirms withdrawals, restores and adds letters: who decides, at the province reviewers as well."""
    provincial = evaluation.level is not Level.MUNICIPAL and is_reviewer(user, evaluation)
    return may_decide_on(user, evaluation) or provincial
