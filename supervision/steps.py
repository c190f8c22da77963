"""A case inside a running transaction: held as the officer saw it, in the state that an act asks for."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from accounts.models import User
from core import documents, uploads
from core.documents import Examined
from core.errors import Collected, DomainError
from core.uploads import StoredFile
from evaluations.entries import Upload
from supervision import rules
from supervision.models import Case, CaseState, Inquiry, Rectification
from supervision.rules import verifying

MOST_FILES = 10  # of one hand-in

Judged = Sequence[tuple[Upload, Examined]]


def shown(session: Session, case_id: int, version: int, *, state: CaseState | None = None) -> Case:
    """The case, locked, as it was shown. Raises CaseClosed, NotPossibleNow."""
    case = held(session, case_id)
    rules.require_open(case.state, shown=version, now=case.version)
    if state is not None:
        verifying.require_state(case.state, state)
    return case


def held(session: Session, case_id: int) -> Case:
    """The case, locked."""
    return session.get_one(Case, case_id, with_for_update={"of": Case}, populate_existing=True)


def inquiry(session: Session, inquiry_id: int) -> Inquiry:
    """An inquiry, locked after its case."""
    held(session, session.get_one(Inquiry, inquiry_id).case_id)
    return session.get_one(Inquiry, inquiry_id, with_for_update={"of": Inquiry}, populate_existing=True)


def rectification(session: Session, rectification_id: int) -> Rectification:
    """A rectification, locked after its case."""
    held(session, session.get_one(Rectification, rectification_id).case_id)
    lock = {"of": Rectification}
    return session.get_one(Rectification, rectification_id, with_for_update=lock, populate_existing=True)


def judged(files: Sequence[Upload], *, field: str = "files") -> Judged:
    """Uploads judged by their content, before the transaction. Raises DomainError at the field, all at once."""
    if len(files) > MOST_FILES:
        raise DomainError(f"一次最多 {MOST_FILES} 个文件，选了 {len(files)} 个，请分次提交。", field=field)
    refusals, found = Collected(), []
    for file in files:
        try:
            found.append((file, documents.examine(file.content)))
        except documents.DocumentRefused as refusal:
            refusals.found.append(DomainError(f"{file.name[:60]}：{refusal.message}", field=field))
    refusals.settle()
    return found


def kept(session: Session, files: Judged, *, by: User) -> list[StoredFile]:
    return [uploads.keep(session, file.content, examined, name=file.name, by=by) for file, examined in files]
