"""An agency uploads proofs, each tied to what it proves, and takes them out again."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from agency import changing
from agency.entries import UploadEntry
from agency.models import Agency, Material
from agency.particulars import MATERIALS, MaterialKind, Subject
from core import clock, uploads
from core.db import transaction
from core.documents import Examined, examine
from core.errors import Collected, DomainError
from core.refs import Actor

SUBJECT_OF = {slot.kind: slot.subject for slot in MATERIALS}


def add(
    agency_id: int,
    kind: MaterialKind,
    subject_id: int | None,
    files: Sequence[UploadEntry],
    *,
    version: int,
    by: Actor,
) -> None:
    """Keep files as proofs of one thing: all of them or none. Raises Conflict, DocumentRefused, several as Refusals."""
    examined = _examined(files)
    with transaction() as session:
        agency = changing.begin(session, agency_id, shown=version)
        subject = SUBJECT_OF[kind]
        _require_there(agency, subject, subject_id)
        for file, found in zip(files, examined, strict=True):
            session.add(
                Material(
                    agency_id=agency.id,
                    kind=kind,
                    subject=subject,
                    subject_id=subject_id,
                    file=uploads.keep(session, file.content, found, name=file.name, by=by),
                    uploaded_at=clock.now(),
                    uploaded_by=by.id,
                )
            )
        changing.finish(session, agency, "material.added", by=by, after=f"{kind.label} {len(files)} 个")


def _examined(files: Sequence[UploadEntry]) -> list[Examined]:
    """Each file judged; all refusals together."""
    refusals, found = Collected(), []
    for file in files:
        with refusals.attempt():
            found.append(_examine(file))
    refusals.settle()
    return found


def _examine(file: UploadEntry) -> Examined:
    try:
        return examine(file.content)
    except DomainError as refusal:
        refusal.field = "files"
        refusal.message = f"{file.name}：{refusal.message}"
        raise


def _require_there(agency: Agency, subject: Subject, subject_id: int | None) -> None:
    if subject_id not in subject_ids(agency, subject):
        raise DomainError(f"所要证明的{subject.label}已被删除，请返回列表查看。")


def subject_ids(agency: Agency, subject: Subject) -> frozenset[int | None]:
    """The rows that materials of a kind may hang on; {None} for the agency itself."""
    match subject:
        case Subject.AGENCY:
            return frozenset({None})
        case Subject.OFFICE:
            return frozenset(office.id for office in agency.offices)
        case Subject.STAFF:
            return frozenset(person.id for person in agency.staff)
        case Subject.RECORD:
            return frozenset(record.id for record in agency.records)
        case Subject.TRAINING:
            return frozenset(training.id for training in agency.trainings)


def remove(agency_id: int, material_id: int, *, version: int, by: Actor) -> None:
    """Take a material out; the row stays for what was handed in with it. Nothing happens to one already out."""
    with transaction() as session:
        agency = changing.begin(session, agency_id, shown=version)
        material = session.get(Material, material_id)
        if material is None or material.agency_id != agency.id:
            raise DomainError("没有这份材料，请返回列表查看。")
        material.removed_at = material.removed_at or clock.now()
        changing.finish(session, agency, "material.removed", by=by, about=material.ref)
