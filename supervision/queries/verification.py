"""Reading how a case was verified: what rules judge, and what its page shows."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from agency.models import Agency
from applicants.models import Applicant
from core.errors import DomainError
from evaluations.models import Evaluation, Party
from supervision.models import Case, CaseFile, CaseNote, Conclusion, Inquiry, OutsideFile, Rectification, StepKind
from supervision.rules.outcomes import Concluded
from supervision.rules.verifying import Heard, Point

MOST_OFFERED = 200  # evaluations of a party to choose from


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody whom a case may be held against, and who is then heard. `key`: a:12 or u:34, in forms."""

    key: str
    name: str
    agency_id: int | None = None
    applicant_id: int | None = None


NOBODY = Other("", "尚不明确")


def parties_of(case: Case) -> tuple[Other, ...]:
    """The agency, the listed unit, and of a case about an evaluation its applicant."""
    found: list[Other] = []
    if case.agency is not None:
        found.append(Other(f"a:{case.agency.id}", case.agency.name, agency_id=case.agency.id))
    units = [case.applicant, case.evaluation.applicant if case.evaluation is not None else None]
    for unit in dict.fromkeys(each for each in units if each is not None):
        found.append(Other(f"u:{unit.id}", unit.name, applicant_id=unit.id))
    return tuple(found)


def party_of(case: Case, key: str) -> Other:
    """One of the case's parties. Raises DomainError at `party`."""
    found = next((each for each in parties_of(case) if each.key == key), None)
    if found is None:
        raise DomainError("请选择案件涉及的机构或单位。", field="party")
    return found


def inquiries_of(session: Session, case_id: int) -> Sequence[Inquiry]:
    return session.scalars(select(Inquiry).where(Inquiry.case_id == case_id).order_by(Inquiry.id)).all()


def conclusions_of(session: Session, case_id: int) -> Sequence[Conclusion]:
    """Those that stand: a case that is verified anew may lose some."""
    rows = select(Conclusion).where(Conclusion.case_id == case_id).order_by(Conclusion.id)
    named = (
        joinedload(Conclusion.agency).load_only(Agency.name),
        joinedload(Conclusion.applicant).load_only(Applicant.name),
    )
    return session.scalars(rows.options(*named)).all()


def rectifications_of(session: Session, case_id: int) -> Sequence[Rectification]:
    rows = select(Rectification).where(Rectification.case_id == case_id).order_by(Rectification.id)
    return session.scalars(rows).all()


def evidence_of(session: Session, case_id: int) -> Sequence[CaseFile]:
    rows = select(CaseFile).where(CaseFile.case_id == case_id).order_by(CaseFile.id)
    return session.scalars(rows.options(joinedload(CaseFile.file), joinedload(CaseFile.copy))).all()


def cleared_of(session: Session, case_id: int) -> Sequence[CaseFile]:
    """Evidence whose copy an officer looked at and cleared for the other side."""
    return [each for each in evidence_of(session, case_id) if each.cleared_at is not None]


def outside_files_of(
    session: Session, *, inquiry_ids: Sequence[int] = (), rectification_ids: Sequence[int] = ()
) -> Sequence[OutsideFile]:
    """What the other side added."""
    where = OutsideFile.inquiry_id.in_(inquiry_ids) | OutsideFile.rectification_id.in_(rectification_ids)
    rows = select(OutsideFile).where(where).order_by(OutsideFile.id).options(joinedload(OutsideFile.file))
    return session.scalars(rows).all()


def hearings(inquiries: Sequence[Inquiry]) -> list[Heard]:
    return [Heard(each.agency_id, each.applicant_id, each.due, each.answered_at is not None) for each in inquiries]


def points(conclusions: Sequence[Conclusion]) -> list[Point]:
    return [Point(each.agency_id, each.applicant_id, each.misconduct, each.result) for each in conclusions]


def concluded(session: Session, case: Case) -> Concluded:
    """What rules judge of a concluded case."""
    since = case.concluded_at or case.opened_at
    talks = select(CaseNote.id).where(CaseNote.case_id == case.id, CaseNote.kind == StepKind.TALK, CaseNote.at >= since)
    return Concluded(
        points=tuple(points(conclusions_of(session, case.id))),
        rectifications=tuple(each.state for each in rectifications_of(session, case.id)),
        was_talked_over=session.scalars(talks.limit(1)).first() is not None,
    )


def evaluations_offered(session: Session, parties: Sequence[Other]) -> Sequence[Evaluation]:
    """The parties' evaluations to choose those concerned from, the latest first."""
    agencies = [each.agency_id for each in parties if each.agency_id is not None]
    units = [each.applicant_id for each in parties if each.applicant_id is not None]
    made = select(Party.evaluation_id).where(Party.agency_id.in_(agencies))
    rows = (
        select(Evaluation)
        .where(Evaluation.id.in_(made) | Evaluation.applicant_id.in_(units))
        .order_by(Evaluation.id.desc())
        .limit(MOST_OFFERED)
    )
    return session.scalars(rows.options(joinedload(Evaluation.applicant).load_only(Applicant.name))).all()


def evaluations_named(session: Session, ids: Sequence[int]) -> Sequence[Evaluation]:
    rows = select(Evaluation).where(Evaluation.id.in_(ids)).order_by(Evaluation.id)
    return session.scalars(rows.options(joinedload(Evaluation.applicant).load_only(Applicant.name))).all()
