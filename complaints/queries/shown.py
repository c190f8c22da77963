"""One complaint, as its page shows it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from accounts.models import User
from agency.models import Agency
from applicants.models import Applicant
from complaints.models import Complaint, ComplaintFile, ComplaintStep
from complaints.queries.desk import names_of
from complaints.rules.course import Action
from complaints.rules.handling import Asking
from core.db import LARGEST_INTEGER, db
from supervision.models import CaseState


@dataclass(frozen=True, slots=True)
class Happening:
    """An entry of a timeline; `text` only for who may read what the complaint says."""

    at: datetime
    title: str
    text: str
    by: str
    is_shown: bool


def find(session: Session, complaint_id: int) -> Complaint | None:
    """A complaint with everything on its page but its reporter, in a fixed number of queries."""
    if complaint_id > LARGEST_INTEGER:
        return None
    return session.scalar(
        select(Complaint)
        .where(Complaint.id == complaint_id)
        .options(
            joinedload(Complaint.agency).load_only(Agency.name, Agency.credit_code, Agency.standing),
            joinedload(Complaint.applicant).load_only(Applicant.name, Applicant.credit_code, Applicant.bureau),
            joinedload(Complaint.case),
            selectinload(Complaint.files).joinedload(ComplaintFile.file),
            selectinload(Complaint.steps),
            selectinload(Complaint.questions),
            selectinload(Complaint.pauses),
            selectinload(Complaint.calls),
            selectinload(Complaint.assignments),
            joinedload(Complaint.joined_to),
            selectinload(Complaint.joined),
        )
        .execution_options(populate_existing=not session.info.get("writing"))
    )


def seen_by(user: User, complaint_id: int) -> Complaint | None:
    """For guards: to those outside the desk no complaint exists; at the desk the policy decides, and says no aloud."""
    return find(db.session(), complaint_id) if user.is_department else None


def of_case_seen_by(user: User, case_id: int) -> Complaint | None:
    """As `seen_by`, by the case that it opened."""
    if not user.is_department or case_id > LARGEST_INTEGER:
        return None
    found = db.session.scalar(select(Complaint.id).where(Complaint.case_id == case_id))
    return find(db.session(), found) if found is not None else None


def find_numbered(session: Session, number: str) -> Complaint | None:
    """The complaint of a number, as a form names it."""
    return session.scalar(select(Complaint).where(Complaint.number == number[:20]))


def timeline_of(session: Session, complaint: Complaint, *, reads: bool) -> list[Happening]:
    """Its course, the newest first; the texts of it only for who may read it."""
    names = names_of(session, [step.by_id for step in complaint.steps])
    return [
        Happening(
            at=step.at,
            title=Action(step.action).label,
            text=step.text if reads else "",
            by=names.get(step.by_id or 0, ""),
            is_shown=step.is_shown,
        )
        for step in reversed(complaint.steps)
    ]


def last_step(complaint: Complaint, *actions: Action) -> ComplaintStep | None:
    """The last of some steps that was taken."""
    wanted = {action.value for action in actions}
    return next((step for step in reversed(complaint.steps) if step.action in wanted), None)


def undecided_withdrawal(complaint: Complaint) -> bool:
    """Whether the reporter took it back and nobody has said yet whether it goes on."""
    last = last_step(complaint, Action.WITHDRAW, Action.GO_ON)
    return complaint.withdrawn_at is not None and (last is None or last.action != Action.GO_ON.value)


def asked_for_evidence(complaint: Complaint) -> list[Asking]:
    """The questions that asked for evidence."""
    return [Asking(question.due) for question in complaint.questions if question.for_evidence]


def is_verified(complaint: Complaint) -> bool:
    """Whether its case has its conclusion."""
    return complaint.case is not None and complaint.case.state is not CaseState.OPEN


def verified_at(complaint: Complaint) -> datetime | None:
    """When its case came to its conclusion."""
    if complaint.case is None:
        return None
    return complaint.case.concluded_at or complaint.case.closed_at
