"""Measures that wait for an officer: what to serve, answer, decide, publish."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, not_, or_, select
from sqlalchemy.orm import Session, joinedload

from accounts.models import Role, User
from agency.models import Agency
from applicants.models import Applicant
from core import clock
from sanctions.models import Measure, Proceeding, State
from sanctions.queries.proceedings import in_scope, to_decide
from supervision.models import Case, CaseOfficer, Conclusion

SHOWN = 50


@dataclass(frozen=True, slots=True)
class MeasureTask:
    row: Proceeding
    name: str
    what: str


def tasks(session: Session, user: User) -> Sequence[MeasureTask]:
    """Whose next step is this officer's, the oldest first."""
    today = clock.today()
    rows = _joined(select(Proceeding), user, today).options(
        joinedload(Proceeding.agency).load_only(Agency.name), joinedload(Proceeding.applicant).load_only(Applicant.name)
    )
    found = session.scalars(rows.order_by(Proceeding.id).limit(SHOWN)).all()
    return [MeasureTask(row, _name(row), _what(row)) for row in found]


def count(user: User) -> Select[int]:
    return _joined(select(func.count(Proceeding.id)), user, clock.today())


def _joined(rows: Select[Any], user: User, today: date) -> Select[Any]:
    joined = rows.join(Case, Case.id == Proceeding.case_id)
    joined = joined.outerjoin(Applicant, Applicant.id == Proceeding.applicant_id)
    return joined.where(in_scope(user), or_(*_own(user, today)))


def _own(user: User, today: date) -> list[ColumnElement[bool]]:
    own: list[ColumnElement[bool]] = []
    if Role.REVIEWER in user.roles or Role.MUNICIPAL in user.roles:
        own.append(Proceeding.state.in_((State.PROPOSED, State.STATED, State.DECIDED)))
        own.append(
            and_(to_decide(today), Proceeding.measure == Measure.NON_ADOPTION, Proceeding.legal_reviewed_at.is_(None))
        )
    if Role.APPROVER in user.roles:
        took_part = or_(
            Proceeding.proposed_by == user.id,
            Case.concluded_by == user.id,
            select(CaseOfficer.id)
            .where(CaseOfficer.case_id == Proceeding.case_id, CaseOfficer.account_id == user.id)
            .exists(),
            select(Conclusion.id).where(Conclusion.case_id == Proceeding.case_id, Conclusion.by_id == user.id).exists(),
        )
        own.append(and_(to_decide(today), not_(took_part)))
        own.append(Proceeding.state == State.SERVED)
        waits_for_list = and_(Proceeding.measure == Measure.REMOVAL, Proceeding.removed_on.is_(None))
        own.append(and_(Proceeding.state == State.PUBLISHED, waits_for_list))
    return own or [Proceeding.id.is_(None)]


def _name(row: Proceeding) -> str:
    if row.agency is not None:
        return row.agency.name
    return row.applicant.name if row.applicant is not None else ""


def _what(row: Proceeding) -> str:
    if row.state in (State.TOLD, State.ANSWERED):
        unreviewed = row.measure is Measure.NON_ADOPTION and row.legal_reviewed_at is None
        return "法制审核，再作出决定" if unreviewed else "作出决定"
    return {
        State.PROPOSED: "送达事先告知书",
        State.STATED: "逐点答复陈述、申辩",
        State.DECIDED: "送达决定",
        State.SERVED: "公布",
        State.PUBLISHED: "登记移出名单",
    }[row.state]
