"""What a complaint puts into the hands of verification: a case in the officer's own words, and the evidence."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.models import User
from complaints.models import Complaint
from complaints.queries import officers, reporters
from complaints.queries.alike import joined_to
from complaints.rules import handling
from core.uploads import StoredFile
from supervision import casework, evidence
from supervision.models import Case, CaseFile, CaseKind, CaseState


def require_discreet(session: Session, complaint: Complaint, text: str) -> None:
    """Nothing in an officer's wording gives a reporter of it away. Raises GivesAway."""
    everybody = [complaint, *complaint.joined]
    parties = (complaint.agency, complaint.applicant)
    handling.require_discreet(
        text,
        traits=reporters.traits_of(session, everybody),
        own_words=officers.texts_of(complaint),
        known=[complaint.target_name, *(party.name for party in parties if party is not None)],
    )


def open_case(session: Session, complaint: Complaint, facts: str, *, by: User) -> Case:
    """立案: restricted to the handler, with the evidence of the complaint and of those joined to it."""
    require_discreet(session, complaint, facts)
    case = casework.open_case(
        session,
        CaseKind.COMPLAINT,
        facts.splitlines(),
        by=by,
        agency_id=complaint.agency_id,
        applicant_id=complaint.applicant_id,
        bureau=complaint.bureau,
        officers=[by.id],
    )
    complaint.case = case
    add_evidence(session, case, [complaint, *joined_to(complaint)], by=by)
    return case


def add_evidence(session: Session, case: Case, complaints: Sequence[Complaint], *, by: User) -> None:
    """Their files, under titles that say nothing of where they are from."""
    _put(session, case, [each.file for complaint in complaints for each in complaint.files], by=by)


def pass_on(session: Session, complaint: Complaint, files: Sequence[StoredFile]) -> None:
    """What a reporter adds later goes to the case too, while it is open; afterwards it stands with the complaint."""
    leading = complaint.joined_to or complaint
    if leading.case_id is None or not files:
        return
    case = session.get_one(Case, leading.case_id, with_for_update={"of": Case}, populate_existing=True)
    if case.state is CaseState.OPEN:
        _put(session, case, files, by=None)


def _put(session: Session, case: Case, files: Sequence[StoredFile], *, by: User | None) -> None:
    held = select(func.count()).select_from(CaseFile).where(CaseFile.case_id == case.id, CaseFile.from_complaint)
    for number, file in enumerate(files, start=(session.scalar(held) or 0) + 1):
        evidence.add_file(session, case, file, f"材料 {number}", from_complaint=True, by=by)
