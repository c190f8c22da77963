"""Who may do what: role and scope, never state."""

from typing import Any

from accounts.models import User
from accounts.policies import is_approver, is_provincial


def may_see_non_adoption(user: User, thing: Any) -> bool:
    return is_provincial(user, thing)


def may_enter_non_adoption(user: User, thing: Any) -> bool:
    """A decision made on paper is entered, or annulled, by those who decide."""
    return is_approver(user, thing)
