"""Who may do what: role and scope, never state."""

from typing import Any

from accounts.models import Role, User
from accounts.policies import is_approver, is_department, is_provincial


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
