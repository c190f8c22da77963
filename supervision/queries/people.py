"""Who may handle a case, and which of its parties can be reached in the system."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from accounts.models import PROVINCIAL_ROLES, Role, RoleGrant, User
from supervision.models import Case
from supervision.queries.verification import Other


def may_handle(session: Session, case: Case) -> list[tuple[int, str]]:
    """Officers in office of the desk that handles it, without those who do already."""
    handling = {each.account_id for each in case.officers if each.until is None}
    granted = select(RoleGrant.user_id).where(RoleGrant.role.in_(PROVINCIAL_ROLES))
    office: ColumnElement[bool] = User.id.in_(granted)
    if case.bureau is not None:
        municipal = select(RoleGrant.user_id).where(RoleGrant.role == Role.MUNICIPAL)
        office = or_(office, User.id.in_(municipal) & (User.bureau == case.bureau))
    rows = (
        select(User.id, User.display_name, User.username)
        .where(office, User.active)
        .order_by(User.display_name, User.id)
    )
    return [
        (row.id, f"{row.display_name}（{row.username}）") for row in session.execute(rows) if row.id not in handling
    ]


def without_account(session: Session, parties: Sequence[Other]) -> list[str]:
    """Names of those who have nobody to read what is sent: they are asked on paper."""
    agencies = [each.agency_id for each in parties if each.agency_id is not None]
    units = [each.applicant_id for each in parties if each.applicant_id is not None]
    rows = select(User.agency_id, User.applicant_id).where(
        or_(User.agency_id.in_(agencies), User.applicant_id.in_(units)), User.active
    )
    known = {(agency_id, applicant_id) for agency_id, applicant_id in session.execute(rows)}
    return [each.name for each in parties if (each.agency_id, each.applicant_id) not in known]
