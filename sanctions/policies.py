"""Who may do what: role and scope, never state. That who took part decides nothing is a rule of the course."""

from typing import Any

from accounts.models import Role, User
from accounts.policies import is_approver, is_department, is_provincial
from supervision import policies as supervision_policies


def may_see_proceedings(user: User, thing: Any) -> bool:
    """The list: a bureau sees those of its cases and of its units."""
    return is_department(user, thing)


def may_see_proceeding(user: User, row: Any) -> bool:
    """What is told to the other side the whole desk may read; what is in the case has its own guard."""
    return is_provincial(user, row) or _is_bureaus(user, row)


def may_propose(user: User, case: Any) -> bool:
    """Who handles the case, a bureau's officers too: they propose, and decide nothing."""
    return supervision_policies.may_handle_case(user, case)


def may_handle(user: User, row: Any) -> bool:
    """Serving, hearing, answering."""
    return may_see_proceeding(user, row)


def may_change(user: User, row: Any) -> bool:
    """What is proposed comes out of the case: it is changed, or taken back, by those who may handle that."""
    return may_see_proceeding(user, row) and may_propose(user, row.case)


def may_decide(user: User, row: Any) -> bool:
    """Deciding, publishing, taking off a list, annulling on review."""
    return is_approver(user, row)


def is_own(user: User, row: Any) -> bool:
    if Role.AGENCY in user.roles and row.agency_id is not None:
        return bool(row.agency_id == user.agency_id)
    return Role.APPLICANT in user.roles and row.applicant_id is not None and row.applicant_id == user.applicant_id


def may_see_matters(user: User, thing: Any) -> bool:
    return (Role.AGENCY in user.roles and user.agency_id is not None) or (
        Role.APPLICANT in user.roles and user.applicant_id is not None
    )


def may_see_non_adoption(user: User, thing: Any) -> bool:
    return is_provincial(user, thing)


def may_enter_non_adoption(user: User, thing: Any) -> bool:
    """A decision made on paper is entered, or annulled, by those who decide."""
    return is_approver(user, thing)


def may_see_impact(user: User, period: Any) -> bool:
    """The map of a period: the province, and each bureau for what is its own (queries.impact.seen_by)."""
    return is_department(user, period)


def may_settle_task(user: User, task: Any) -> bool:
    """A bureau what is municipal and its own; the province's reviewers and approvers the others."""
    if task.bureau is None:
        return is_provincial(user, task)
    return Role.MUNICIPAL in user.roles and task.bureau == user.bureau


def _is_bureaus(user: User, row: Any) -> bool:
    if Role.MUNICIPAL not in user.roles or not user.bureau:
        return False
    return user.bureau in (row.case.bureau, row.applicant.bureau if row.applicant is not None else None)
