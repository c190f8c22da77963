"""Evidence of a case, inside a running transaction: kept under the officer's title, never the giver's file name."""

from sqlalchemy.orm import Session

from accounts.models import User
from core import audit, clock
from core.uploads import StoredFile
from supervision import casework
from supervision.models import Case, CaseFile, StepKind


def add_file(
    session: Session, case: Case, stored_file: StoredFile, title: str, *, from_complaint: bool = False, by: User | None
) -> CaseFile:
    """Add a file that was kept to the case's evidence; `from_complaint`: a reporter gave it.

    `by` None: it came to a case that is handled already, and no officer put it there.
    """
    row = CaseFile(
        case_id=case.id,
        file_id=stored_file.id,
        title=title,
        from_complaint=from_complaint,
        added_at=clock.now(),
        added_by=by.id if by else None,
    )
    session.add(row)
    case.version += 1
    casework.write(session, case, title, by=by, kind=StepKind.EVIDENCE)
    audit.record(session, "case.evidence_added", case, by=by)
    return row
