"""Files of a case at the desk: originals, copies, and what the other side gave; each only within its case."""

from dataclasses import dataclass

from sqlalchemy import or_, select

from accounts.models import User
from core.db import db
from core.uploads import StoredFile
from supervision.models import Case, CaseFile, Inquiry, OutsideFile, Rectification
from supervision.queries.cases import case_for


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file of a case, under the title by which the desk knows it."""

    case: Case
    file: StoredFile
    title: str
    about: str


def file_for(user: User, case_id: int, file_id: int) -> FoundFile | None:
    """For guards: as `case_for`, and only what belongs to the case."""
    case = case_for(user, case_id)
    if case is None:
        return None
    session = db.session()
    evidence = select(CaseFile).where(
        CaseFile.case_id == case_id, or_(CaseFile.file_id == file_id, CaseFile.copy_file_id == file_id)
    )
    row = session.scalars(evidence.limit(1)).first()
    if row is not None:
        is_copy = row.copy_file_id == file_id
        file = row.copy if is_copy and row.copy is not None else row.file
        return FoundFile(case, file, row.title, "给对方看的副本" if is_copy else "证据原件")
    outside = (
        select(OutsideFile)
        .outerjoin(Inquiry, Inquiry.id == OutsideFile.inquiry_id)
        .outerjoin(Rectification, Rectification.id == OutsideFile.rectification_id)
        .where(OutsideFile.file_id == file_id, or_(Inquiry.case_id == case_id, Rectification.case_id == case_id))
    )
    given = session.scalars(outside.limit(1)).first()
    return FoundFile(case, given.file, given.file.name, "对方提交的材料") if given is not None else None
