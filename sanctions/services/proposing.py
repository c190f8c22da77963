"""提出: an officer proposes a measure out of a concluded case, may change it until it is told, or take it back."""

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from accounts.models import User
from core import audit, clock, numbers
from core.db import transaction
from core.errors import DomainError
from evaluations.models import ListEntry
from sanctions import steps
from sanctions.entries import Party, ProposalEntry
from sanctions.models import Measure, Proceeding, State
from sanctions.rules import course, removal
from sanctions.rules.course import Action
from supervision import casework
from supervision.models import Case, CaseFile, Conclusion, StepKind
from supervision.rules import verifying

SERIES = "proceeding"


class NotCleared(DomainError):
    """A file that no officer cleared for the other side."""


def propose(case_id: int, party: Party, entry: ProposalEntry, *, by: User) -> int:
    """提出措施: numbered, not yet told. Raises NotPossibleNow, NotGrounded, NotCleared, MayReveal, DomainError."""
    with transaction() as session:
        case = session.get_one(Case, case_id, with_for_update={"of": Case}, populate_existing=True)
        course.require_concluded(case.state)
        against = _against(party)
        course.require_none_open(
            session.scalars(select(Proceeding.state).where(Proceeding.case_id == case_id, against)).all()
        )
        year = clock.today().year
        row = Proceeding(
            number=f"告〔{year}〕{numbers.next_number(session, SERIES, year):04d}",
            case_id=case_id,
            agency_id=party.agency_id,
            applicant_id=party.applicant_id,
            evaluation_ids=_evaluations(session, case_id, party),
            proposed_at=clock.now(),
            proposed_by=by.id,
            state=State.PROPOSED,
        )
        _fill(session, row, entry)
        session.add(row)
        session.flush()
        casework.hold(session, case, row.number)
        audit.record(session, "proceeding.proposed", row, by=by, after=row.state)
        return row.id


def edit(proceeding_id: int, entry: ProposalEntry, *, version: int, by: User) -> None:
    """修改: as long as no notice has left; who did it stands in the case's course.

    Raises as propose does, NotPossibleNow.
    """
    with transaction() as session:
        row = steps.shown(session, proceeding_id, version)
        course.next_state(row.state, Action.EDIT)
        _require_not_sent(row)
        _fill(session, row, entry)
        casework.write(session, row.case, f"修改 {row.number} 拟采取的措施", by=by, kind=StepKind.MEASURE)
        steps.take(session, row, Action.EDIT, by=by)


def withdraw(proceeding_id: int, *, reasons: str, version: int, by: User) -> None:
    """撤回: nobody was told; the case stays as it was. Raises NotPossibleNow."""
    with transaction() as session:
        row = steps.shown(session, proceeding_id, version)
        steps.take(session, row, Action.WITHDRAW, by=by)
        _require_not_sent(row)
        row.reasons, row.decided_at = reasons, clock.now()


def _require_not_sent(row: Proceeding) -> None:
    if any(each.failed_at is None for each in row.services):
        raise course.NotPossibleNow("事先告知书已经发出，不能再修改或者撤回；确需终止的，由审批人决定不采取措施。")


def _fill(session: Session, row: Proceeding, entry: ProposalEntry) -> None:
    party = steps.party_of(row)
    found = steps.established(session, row.case_id, party)
    course.require_grounded(entry.measure, found, listed_unit=party.is_unit)
    kind = session.get_one(Case, row.case_id).kind
    verifying.require_fit_to_send(kind, entry.facts, looked_over=entry.looked_over, field="facts")
    verifying.require_fit_to_send(kind, entry.evidence, looked_over=entry.looked_over, field="evidence")
    if entry.measure is Measure.REMOVAL:
        removal.require_ground(entry.ground, found)
        removal.require_on_list(_entry(session, entry.entry_id, party).removed_on)
        row.ground, row.list_entry_id = entry.ground, entry.entry_id
    row.measure = row.intended = entry.measure
    row.clause = course.CLAUSE_OF[entry.measure]
    row.facts, row.evidence = entry.facts, entry.evidence
    row.files = _cleared(session, row.case_id, entry.files)


def _entry(session: Session, entry_id: int | None, party: Party) -> ListEntry:
    row = session.get(ListEntry, entry_id) if entry_id is not None else None
    if row is None or row.applicant_id != party.applicant_id:
        raise DomainError("请选择要移出的名单条目。", clause="JL-18", field="entry_id")
    return row


def _cleared(session: Session, case_id: int, chosen: tuple[int, ...]) -> list[int]:
    """Only what an officer cleared is ever shown. Raises NotCleared."""
    rows = select(CaseFile.id).where(
        CaseFile.case_id == case_id, CaseFile.id.in_(chosen), CaseFile.cleared_file_id.is_not(None)
    )
    known = set(session.scalars(rows))
    if known != set(chosen):
        raise NotCleared("所选证据有的还没有制作可以出示的副本，请先在案件中办理。", field="files")
    return sorted(known)


def _evaluations(session: Session, case_id: int, party: Party) -> list[int]:
    against = (
        Conclusion.agency_id == party.agency_id
        if party.agency_id is not None
        else Conclusion.applicant_id == party.applicant_id
    )
    kept = session.scalars(select(Conclusion.evaluation_ids).where(Conclusion.case_id == case_id, against))
    return sorted({number for ids in kept for number in ids})


def _against(party: Party) -> ColumnElement[bool]:
    if party.agency_id is not None:
        return Proceeding.agency_id == party.agency_id
    return Proceeding.applicant_id == party.applicant_id
