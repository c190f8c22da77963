"""Who may manage whom. A policy judges role and scope, never state."""

from typing import Any

from accounts.models import PROVINCIAL_ROLES, Role, User


def is_signed_in(user: User, thing: Any) -> bool:
    return True


def is_agency(user: User, thing: Any) -> bool:
    return Role.AGENCY in user.roles and user.agency_id is not None


def is_applicant(user: User, thing: Any) -> bool:
    return Role.APPLICANT in user.roles and user.applicant_id is not None


def is_department(user: User, thing: Any) -> bool:
    """Whoever works for the Department or a bureau, the admin apart: sees all filings."""
    return bool(user.roles & (PROVINCIAL_ROLES | {Role.MUNICIPAL}))


def is_provincial(user: User, thing: Any) -> bool:
    """The provincial desk: reviewers and approvers."""
    return bool(user.roles & PROVINCIAL_ROLES)


def is_reviewer(user: User, thing: Any) -> bool:
    return Role.REVIEWER in user.roles


def is_approver(user: User, thing: Any) -> bool:
    return Role.APPROVER in user.roles


def is_admin(user: User, thing: Any) -> bool:
    """Manages accounts, settings and the log; decides nothing."""
    return Role.ADMIN in user.roles


def manages_colleagues(user: User, thing: Any) -> bool:
    """An agency's first user adds others, closes their accounts and lets them in again."""
    return is_agency(user, thing) and thing.first_id == user.id
