"""What an agency or a listed unit is asked or told to put right, as it sees that: never the case, or what is in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, false, func, select
from sqlalchemy.orm import Session

from accounts.models import User
from core.db import db
from core.uploads import StoredFile
from supervision.models import CaseFile, Inquiry, Rectification
from supervision.queries import verification
from supervision.rules.outcomes import TO_DO


@dataclass(frozen=True, slots=True)
class Matter:
    """A line of the other side's list. `endpoint` and `object_id`: its page; `is_due`: it is the other side's turn."""

    endpoint: str
    object_id: int
    kind: str
    number: str
    at: datetime
    due: date
    state: str
    is_due: bool


@dataclass(frozen=True, slots=True)
class MatterFile:
    """A file that the other side sees of a matter: cleared evidence, or what it gave itself (then `is_own`)."""

    file: StoredFile
    title: str
    is_own: bool


def of_party(session: Session, *, agency_id: int | None = None, applicant_id: int | None = None) -> list[Matter]:
    """The inquiries and rectifications of one side, newest first; none where neither is given."""
    if agency_id is None and applicant_id is None:
        return []
    inquiries = select(Inquiry).where(_of(Inquiry, agency_id, applicant_id))
    rectifications = select(Rectification).where(_of(Rectification, agency_id, applicant_id))
    found = [
        Matter(
            "supervision.inquiry", each.id, "询问", each.number, each.sent_at, each.due, inquiry_word(each),
            each.answered_at is None and each.closed_at is None,
        )
        for each in session.scalars(inquiries)
    ] + [
        Matter(
            "supervision.rectification", each.id, "整改", each.number, each.asked_at, each.due, each.state.label,
            each.state in TO_DO,
        )
        for each in session.scalars(rectifications)
    ]  # fmt: skip
    return sorted(found, key=lambda each: (each.at, each.number), reverse=True)


def inquiry_word(inquiry: Inquiry) -> str:
    """How it stands with an inquiry."""
    if inquiry.answered_at is not None:
        return "已答复"
    if inquiry.closed_at is not None:
        return "已结束，未答复"
    return "待答复" if inquiry.opened_at is not None else "待查看"


def inquiry_seen_by(user: User, inquiry_id: int) -> Inquiry | None:
    """An inquiry to those it was sent to."""
    return db.session().scalar(select(Inquiry).where(Inquiry.id == inquiry_id, _theirs(Inquiry, user)))


def rectification_seen_by(user: User, rectification_id: int) -> Rectification | None:
    rows = select(Rectification).where(Rectification.id == rectification_id, _theirs(Rectification, user))
    return db.session().scalar(rows)


def files_of_inquiry(session: Session, inquiry: Inquiry) -> list[MatterFile]:
    """Cleared evidence that was sent with it, then what was answered with; evidence only once it was opened."""
    outside = verification.outside_files_of(session, inquiry_ids=[inquiry.id])
    own = [MatterFile(each.file, each.file.name, is_own=True) for each in outside]
    return (evidence_sent(session, inquiry) if inquiry.opened_at is not None else []) + own


def evidence_sent(session: Session, inquiry: Inquiry) -> list[MatterFile]:
    rows = select(CaseFile).where(
        CaseFile.id.in_(inquiry.files), CaseFile.case_id == inquiry.case_id, CaseFile.cleared_at.is_not(None)
    )
    return [
        MatterFile(each.cleared, each.title, is_own=False)
        for each in session.scalars(rows.order_by(CaseFile.id))
        if each.cleared is not None
    ]


def files_of_rectification(session: Session, rectification: Rectification) -> list[MatterFile]:
    outside = verification.outside_files_of(session, rectification_ids=[rectification.id])
    return [MatterFile(each.file, each.file.name, is_own=True) for each in outside]


def open_of(session: Session, user: User) -> Sequence[Matter]:
    """What waits for the user's side."""
    return [each for each in of_party(session, agency_id=user.agency_id, applicant_id=user.applicant_id) if each.is_due]


def count_due(user: User) -> Sequence[Select[int]]:
    """How many inquiries, and how many rectifications, it is the user's side's turn to answer."""
    inquiries = select(func.count(Inquiry.id)).where(
        _theirs(Inquiry, user), Inquiry.answered_at.is_(None), Inquiry.closed_at.is_(None)
    )
    rectifications = select(func.count(Rectification.id)).where(
        _theirs(Rectification, user), Rectification.state.in_(TO_DO)
    )
    return inquiries, rectifications


def _of(
    kind: type[Inquiry] | type[Rectification], agency_id: int | None, applicant_id: int | None
) -> ColumnElement[bool]:
    if agency_id is not None:
        return kind.agency_id == agency_id
    return kind.applicant_id == applicant_id if applicant_id is not None else false()


def _theirs(kind: type[Inquiry] | type[Rectification], user: User) -> ColumnElement[bool]:
    return _of(kind, user.agency_id, user.applicant_id)
