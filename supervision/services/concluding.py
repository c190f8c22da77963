"""第二十四条: what the verification came to, point by point; then no officer changes it, unless it is verified anew."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from accounts.models import User
from core import audit, clock
from core.db import transaction
from core.errors import DomainError
from supervision import casework, steps
from supervision.entries import PointEntry
from supervision.models import Case, CaseState, Conclusion, Result, StepKind
from supervision.queries import verification
from supervision.queries.verification import NOBODY
from supervision.rules import verifying
from supervision.rules.verifying import Point


def add_point(case_id: int, entry: PointEntry, *, version: int, by: User) -> None:
    """写明一项结论: against whom, of which class, how far. Raises CaseClosed, NotPossibleNow, NotVerified."""
    with transaction() as session:
        case = steps.shown(session, case_id, version, state=CaseState.OPEN)
        party = verification.party_of(case, entry.party) if entry.party else NOBODY
        point = Point(party.agency_id, party.applicant_id, entry.misconduct, entry.result)
        verifying.require_sound_point(point, clause=entry.clause)
        offered = {each.id for each in verification.evaluations_offered(session, verification.parties_of(case))}
        if not set(entry.evaluation_ids) <= offered:
            raise DomainError("请在列出的评价中选择。", field="evaluations")
        session.add(
            Conclusion(
                case_id=case.id,
                misconduct=entry.misconduct,
                result=entry.result,
                clause=entry.clause,
                agency_id=party.agency_id,
                applicant_id=party.applicant_id,
                evaluation_ids=sorted(set(entry.evaluation_ids)),
                facts=entry.facts,
                evidence=entry.evidence,
                at=clock.now(),
                by_id=by.id,
            )
        )
        case.version += 1
        told = f"写明结论：{entry.misconduct.label}　{entry.result.label}"
        casework.write(session, case, told, by=by, kind=StepKind.NOTE)  # stays when the point is removed
        audit.record(session, "case.point_added", case, by=by)


def remove_point(case_id: int, conclusion_id: int, *, version: int, by: User) -> None:
    """删去一项结论, before the case is concluded. Raises CaseClosed, NotPossibleNow."""
    with transaction() as session:
        case = steps.shown(session, case_id, version, state=CaseState.OPEN)
        row = session.get(Conclusion, conclusion_id)
        if row is None or row.case_id != case.id:
            raise verifying.NotPossibleNow("这项结论已经删去。")
        session.delete(row)
        case.version += 1
        audit.record(session, "case.point_removed", case, by=by)


def conclude(case_id: int, *, version: int, by: User) -> Result:
    """核实完毕: the points stand, the other side was heard where something is held against it; questions end.

    Raises CaseClosed, NotPossibleNow, NotVerified, NotHeard.
    """
    with transaction() as session:
        case = steps.shown(session, case_id, version, state=CaseState.OPEN)
        conclusions = verification.conclusions_of(session, case.id)
        hearings = verification.hearings(verification.inquiries_of(session, case.id))
        verifying.require_verified(verification.points(conclusions), hearings, today=clock.today())
        case.result = verifying.overall([each.result for each in conclusions])
        case.state, case.concluded_at, case.concluded_by = CaseState.CONCLUDED, clock.now(), by.id
        case.version += 1
        casework.end_inquiries(session, case)
        casework.write(session, case, _told(case, conclusions), by=by, kind=StepKind.CONCLUDED)
        audit.record(session, "case.concluded", case, by=by, before=CaseState.OPEN, after=CaseState.CONCLUDED)
        return case.result


def reopen(case_id: int, *, reason: str, version: int, by: User) -> None:
    """重新核实: by an approver, before anything followed from the conclusion. Raises CaseClosed, NotPossibleNow."""
    with transaction() as session:
        case = steps.shown(session, case_id, version, state=CaseState.CONCLUDED)
        verifying.require_not_pending(case.pending)
        _require_nothing_followed(session, case)
        case.state, case.result, case.concluded_at, case.concluded_by = CaseState.OPEN, None, None, None
        case.version += 1
        casework.write(session, case, f"重新核实：{reason}", by=by, kind=StepKind.NOTE)
        audit.record(
            session, "case.reopened", case, by=by, before=CaseState.CONCLUDED, after=CaseState.OPEN,
            reason=None if case.is_restricted else reason,
        )  # fmt: skip


def _require_nothing_followed(session: Session, case: Case) -> None:
    if verification.rectifications_of(session, case.id):
        raise verifying.NotPossibleNow("已经按结论要求整改，不能重新核实；有新的事实，请另行立案。")


def _told(case: Case, conclusions: Sequence[Conclusion]) -> str:
    result = case.result.label if case.result else ""
    lines = [
        f"{number}. {each.misconduct.label}：{each.result.label}。{each.facts}"
        for number, each in enumerate(conclusions, start=1)
    ]
    return "\n".join((f"总的结论：{result}", *lines))
