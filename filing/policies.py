"""Who may do what with a filing at the desk. A policy judges the role, never the state, never who reviewed."""

from typing import Any

from accounts.models import User
from accounts.policies import is_approver, is_department, is_provincial, is_reviewer


def may_see_filing(user: User, filing: Any) -> bool:
    """Reviewers, approvers and the bureaus see what was handed in; the admin decides nothing and sees none."""
    return is_department(user, filing)


def may_comment(user: User, filing: Any) -> bool:
    return is_provincial(user, filing)


def may_see_matches(user: User, filing: Any) -> bool:
    """What a filing has in common with a barred agency names that agency's people: the provincial desk alone."""
    return is_provincial(user, filing)


def may_decide_match(user: User, filing: Any) -> bool:
    """Role only: of a filing under review its reviewer decides, and the service says so."""
    return is_provincial(user, filing)


def may_review(user: User, filing: Any) -> bool:
    return is_reviewer(user, filing)


def may_decide(user: User, filing: Any) -> bool:
    """Role only: that nobody decides what they reviewed is a rule, and the service refuses with its reason."""
    return is_approver(user, filing)
