"""Who handles a case. Of one that a complaint opened that is decided with the complaint, where conflicts are known."""

from accounts.models import Role, User
from core.db import transaction
from core.errors import DomainError
from supervision import casework, steps
from supervision.models import Case


class NotAnOfficer(DomainError):
    """This person can't handle this case."""


def assign(case_id: int, account_id: int, *, version: int, by: User) -> None:
    """指派承办人. Raises CaseClosed, NotAnOfficer."""
    with transaction() as session:
        case = steps.shown(session, case_id, version)
        _require_here(case)
        officer = session.get(User, account_id)
        if officer is None or not officer.active or not fits(officer, case):
            raise NotAnOfficer("请选择办理单位的在职人员。", field="officer")
        case.version += 1
        casework.assign(session, case, (account_id,), by=by)


def unassign(case_id: int, account_id: int, *, version: int, by: User) -> None:
    """不再承办. Raises CaseClosed, NotAnOfficer."""
    with transaction() as session:
        case = steps.shown(session, case_id, version)
        _require_here(case)
        case.version += 1
        casework.unassign(session, case, account_id, by=by)


def fits(officer: User, case: Case) -> bool:
    """Of the bureau that handles it, or of the province."""
    if case.bureau is not None and Role.MUNICIPAL in officer.roles:
        return officer.bureau == case.bureau
    return officer.is_provincial


def _require_here(case: Case) -> None:
    if case.is_restricted:
        raise NotAnOfficer("举报案件的承办人在举报办理中指派，须先查明有无应当回避的情形。", field="officer")
