"""Who is told of what happens in a case: its officers, and the other side, which never hears a case's number."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Role
from core.refs import Referable
from notices import outbox
from notices.outbox import Audience
from supervision.models import Case, CaseOfficer, Inquiry, Rectification


def officers(session: Session, case: Case, event: str, *, detail: Mapping[str, str] | None = None) -> None:
    """Its officers of today; of an unrestricted case that has none, the desk that handles it."""
    rows = select(CaseOfficer.account_id).where(CaseOfficer.case_id == case.id, CaseOfficer.until.is_(None))
    handling = session.scalars(rows.order_by(CaseOfficer.id)).all()
    to = [Audience.account(account_id) for account_id in handling]
    if not to and not case.is_restricted:
        to = [Audience.bureau(case.bureau) if case.bureau else Audience.role(Role.REVIEWER)]
    for audience in to:
        outbox.post(session, event, to=audience, about=case, detail=detail)


def other_side(
    session: Session, matter: Inquiry | Rectification, event: str, *, detail: Mapping[str, str] | None = None
) -> None:
    """The agency or listed unit that a matter was sent to; it is named by its own number."""
    about: Referable = matter
    if matter.agency_id is not None:
        outbox.post(session, event, to=Audience.agency(matter.agency_id), about=about, detail=detail)
    elif matter.applicant_id is not None:
        outbox.post(session, event, to=Audience.applicant(matter.applicant_id), about=about, detail=detail)
