"""What every act of a proceeding does in its transaction: the row locked as shown, the step taken, people told."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import User
from agency.models import Agency
from core import audit, clock, law
from core.refs import Actor
from core.workdays import Term, add_working_days, calendar
from notices import outbox
from notices.outbox import Audience
from sanctions.entries import Party
from sanctions.models import Proceeding
from sanctions.rules import course
from sanctions.rules.course import Action, Established, Hearing, Part
from supervision import casework
from supervision.models import Case, CaseNote, CaseOfficer, CaseOutcome, CaseState, Conclusion


def shown(session: Session, proceeding_id: int, version: int) -> Proceeding:
    """The proceeding, locked, as the reader saw it. Raises NotPossibleNow."""
    row = session.get_one(Proceeding, proceeding_id, with_for_update={"of": Proceeding}, populate_existing=True)
    course.require_shown(shown=version, now=row.version)
    row.version += 1
    return row


def take(session: Session, row: Proceeding, action: Action, *, by: Actor | None) -> None:
    """One step of the course, into the log without a word of what the matter is about. Raises NotPossibleNow."""
    before = row.state
    row.state = course.next_state(before, action)
    if before in course.OPEN and row.state not in course.OPEN:  # the case may be closed again, or verified anew
        case = session.get_one(Case, row.case_id, with_for_update={"of": Case}, populate_existing=True)
        casework.release(session, case, row.number)
    audit.record(session, f"proceeding.{action.value}", row, by=by, before=before, after=row.state)


def party_of(row: Proceeding) -> Party:
    return Party(row.agency_id, row.applicant_id)


def other_side(row: Proceeding) -> Audience:
    if row.agency_id is not None:
        return Audience.agency(row.agency_id)
    return Audience.applicant(row.applicant_id or 0)


def tell_other_side(session: Session, event: str, row: Proceeding, **detail: str) -> None:
    outbox.post(session, event, to=other_side(row), about=row, detail=detail)


def tell_officers(session: Session, event: str, row: Proceeding, *, deciders: bool = False) -> None:
    """Who proposed it; and, where it is theirs now, those who may decide."""
    outbox.post(session, event, to=Audience.account(row.proposed_by), about=row)
    if deciders:
        outbox.post(session, event, to=Audience.role("approver"), about=row)


def established(session: Session, case_id: int, party: Party) -> list[Established]:
    """What the conclusions of a case say of a party."""
    rows = select(Conclusion.misconduct, Conclusion.result).where(
        Conclusion.case_id == case_id,
        Conclusion.agency_id == party.agency_id
        if party.agency_id is not None
        else Conclusion.applicant_id == party.applicant_id,
    )
    return [Established(misconduct, result) for misconduct, result in session.execute(rows)]


def part_in(session: Session, row: Proceeding) -> Part:
    """Who had a part in it before the decision.

    Who wrote in the course of the case investigated, assigned to it or not; so did who opened it on what they found.
    """
    handled = session.scalars(select(CaseOfficer.account_id).where(CaseOfficer.case_id == row.case_id))
    wrote = session.scalars(select(CaseNote.by_id).where(CaseNote.case_id == row.case_id, CaseNote.by_id.is_not(None)))
    concluded = session.scalars(select(Conclusion.by_id).where(Conclusion.case_id == row.case_id))
    opening, closing = session.execute(
        select(Case.opened_by, Case.concluded_by).where(Case.id == row.case_id)
    ).one()  # fmt: skip
    return Part(
        investigators=frozenset({*handled, *wrote, opening} - {None}),
        concluders=frozenset({*concluded, closing} - {None}),
        proposer=row.proposed_by,
    )


def hearing_of(row: Proceeding) -> Hearing:
    return Hearing(
        row.told_at,
        row.statement_due,
        stated=row.stated_at is not None and not row.waived,
        waived=row.waived,
        points=tuple(point.answer is not None for point in row.points),
    )


def statement_term(session: Session, served_on: date) -> Term:
    """The last day for the statement, so many working days after the service."""
    days = law.jurisdiction().number("statement_workdays", on=served_on)
    return add_working_days(served_on, days, calendar(session))


def instant_of(day: date) -> datetime:
    """When something of that day counts as done: now, today; else the beginning of the day."""
    return clock.now() if day == clock.today() else clock.start_of(day)


def consents(session: Session, row: Proceeding) -> bool:
    """Whether the other side agreed to electronic service: an agency does so in its registration."""
    if row.agency_id is None:
        return False
    return bool(session.scalar(select(Agency.service_address).where(Agency.id == row.agency_id)))


def close_case(session: Session, row: Proceeding, outcome: CaseOutcome, *, by: User) -> bool:
    """办结: the case ends with its proceeding, unless another one out of it is still open. Whether it was closed."""
    case = session.get_one(Case, row.case_id, with_for_update={"of": Case}, populate_existing=True)
    others = session.scalars(select(Proceeding.state).where(Proceeding.case_id == row.case_id, Proceeding.id != row.id))
    if case.state is CaseState.CLOSED or any(state in course.OPEN for state in others):
        return False
    casework.close(session, case, outcome, reason=f"{row.number}：{row.state.label}", by=by)
    return True
