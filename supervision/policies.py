"""Who may do what in supervision. A policy judges the role, never the state."""

from typing import Any

from accounts.models import User
from accounts.policies import is_approver, is_provincial


def may_see_case(user: User, case: Any) -> bool:
    return is_provincial(user, case)


def may_handle_case(user: User, case: Any) -> bool:
    """Notes and closing: none of it is a sanction (reading 14)."""
    return is_provincial(user, case)


def may_record(user: User, thing: Any) -> bool:
    """What happened in spite of the gate (reading 6)."""
    return is_provincial(user, thing)


def may_see_non_adoption(user: User, thing: Any) -> bool:
    return is_provincial(user, thing)


def may_enter_non_adoption(user: User, thing: Any) -> bool:
    """A decision made on paper is entered, or annulled, by those who decide."""
    return is_approver(user, thing)
