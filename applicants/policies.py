"""Who may see and keep an applicant. A policy judges role and scope, never state."""

from typing import Any

from accounts.models import Role, User
from accounts.policies import is_agency, is_applicant, is_department, is_provincial


def may_see_applicant(user: User, thing: Any) -> bool:
    """The provincial desk and agencies see every applicant, a bureau its own, an applicant itself."""
    return (
        is_provincial(user, thing)
        or is_agency(user, thing)
        or _of_its_bureau(user, thing)
        or (is_applicant(user, thing) and thing.id == user.applicant_id)
    )


def may_enter_applicant(user: User, thing: Any) -> bool:
    """Any officer enters an applicant; of which bureau, the service sees to."""
    return is_department(user, thing)


def may_keep_applicant(user: User, thing: Any) -> bool:
    """An officer of its bureau or of the provincial desk keeps an applicant's particulars, exclusions and accounts."""
    return is_provincial(user, thing) or _of_its_bureau(user, thing)


def _of_its_bureau(user: User, thing: Any) -> bool:
    return Role.MUNICIPAL in user.roles and bool(user.bureau) and thing.bureau == user.bureau
