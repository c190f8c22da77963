"""An agency uploads proofs, each tied to what it proves, and takes them out again."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from agency import changing
from agency.entries import UploadEntry
from agency.models import Agency, Material
from agency.particulars import MATERIALS, MaterialKind, Subject
from agency.proofs import Share
from core import clock, uploads
from core.db import transaction
from core.errors import Collected, DomainError
from core.refs import Actor
from core.uploads import Accepted, StoredFile

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
    accepted = _accepted(files)
    with transaction() as session:
        agency = changing.begin(session, agency_id, shown=version)
        _require_there(agency, SUBJECT_OF[kind], subject_id)
        for each in accepted:
            _hang(session, agency, kind, subject_id, uploads.keep(session, each, by=by), by)
        changing.finish(session, agency, "material.added", by=by, after=f"{kind.label} {len(files)} 个")


def add_for_several(
    agency_id: int, kind: MaterialKind, shares: Sequence[Share], *, version: int, by: Actor
) -> frozenset[int]:
    """Keep files as proofs of the persons they are each about: all of them or none; returns these persons' rows.

    Raises Conflict, DocumentRefused, several as Refusals.
    """
    accepted = _accepted([share.file for share in shares])
    with transaction() as session:
        agency = changing.begin(session, agency_id, shown=version)
        refusals = Collected()
        for share, each in zip(shares, accepted, strict=True):
            with refusals.attempt():
                stored = uploads.keep(session, each, by=by)
                for member_id in share.members:
                    _require_there(agency, SUBJECT_OF[kind], member_id)
                    _hang(session, agency, kind, member_id, stored, by)
        refusals.settle()
        proven = frozenset(member_id for share in shares for member_id in share.members)
        told = f"{kind.label} {len(shares)} 个，{len(proven)} 人"
        changing.finish(session, agency, "material.added", by=by, after=told)
        return proven


def _accepted(files: Sequence[UploadEntry]) -> list[Accepted]:
    """The files, every one judged. Raises DocumentRefused, several as Refusals."""
    accepted, refusals = [], Collected()
    for file in files:
        with refusals.attempt():
            accepted.append(_accept(file))
    refusals.settle()
    return accepted


def _accept(file: UploadEntry) -> Accepted:
    try:
        return uploads.accept(file.content, name=file.name)
    except DomainError as refusal:
        refusal.field = "files"
        refusal.message = f"{file.name}：{refusal.message}"
        raise


def _hang(
    session: Session, agency: Agency, kind: MaterialKind, subject_id: int | None, stored: StoredFile, by: Actor
) -> None:
    session.add(
        Material(
            agency_id=agency.id,
            kind=kind,
            subject=SUBJECT_OF[kind],
            subject_id=subject_id,
            file=stored,
            uploaded_at=clock.now(),
            uploaded_by=by.id,
        )
    )


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
