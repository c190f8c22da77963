"""Officers for whom a complaint may be: who is at work, who is registered as standing aside, who had it before."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, load_only

from accounts.models import PROVINCIAL_ROLES, Role, RoleGrant, User
from agency.models import Agency
from applicants.models import Applicant
from complaints.models import Assignment, Complaint, Recusal
from complaints.rules import handling
from complaints.rules.course import HANDLED
from complaints.rules.handling import NoSuchParty, NotTheirs, Officer
from core.db import LARGEST_INTEGER
from supervision import queries as finding

NOWHERE = "-"  # the desk of somebody who can't be given it


@dataclass(frozen=True, slots=True)
class PartyIds:
    """An agency or an applicant."""

    agency_id: int | None
    applicant_id: int | None


@dataclass(frozen=True, slots=True)
class Found:
    """One of those that are called so; `about` tells names alike apart."""

    party: PartyIds
    name: str
    about: str

    @property
    def key(self) -> str:
        """As a form carries it."""
        return f"agency:{self.party.agency_id}" if self.party.agency_id else f"unit:{self.party.applicant_id}"


@dataclass(frozen=True, slots=True)
class Registered:
    """A line of the register."""

    row: Recusal
    officer: str
    party: str
    by: str
    may_end: bool  # nobody lifts their own


def at_work(session: Session, bureau: str | None) -> Sequence[User]:
    """Everybody of a desk (None: the province) who is at work, in the order of their accounts."""
    roles = PROVINCIAL_ROLES if bureau is None else {Role.MUNICIPAL}
    found = select(User).where(
        User.active, User.id.in_(select(RoleGrant.user_id).where(RoleGrant.role.in_(sorted(roles))))
    )
    if bureau is not None:
        found = found.where(User.bureau == bureau)
    return session.scalars(found.options(load_only(User.display_name, User.bureau)).order_by(User.id)).all()


def texts_of(complaint: Complaint) -> tuple[str, ...]:
    """What the reporters wrote, in which an officer may be named."""
    return tuple(
        text
        for each in (complaint, *complaint.joined)
        for text in (each.facts, each.target_name, each.happened, *_said_later(each))
        if text
    )


def _said_later(complaint: Complaint) -> list[str]:
    """In answers and additions."""
    answers = [question.answer or "" for question in complaint.questions]
    return [*answers, *(step.text for step in complaint.steps if step.by_id is None), complaint.review_reason or ""]


def officer_of(session: Session, complaint: Complaint, account_id: int, *, bureau: str | None) -> Officer:
    """What rules ask about somebody who might be given it. Raises NotTheirs for who is not of that desk, or gone."""
    user = next((each for each in at_work(session, bureau) if each.id == account_id), None)
    if user is None:
        raise NotTheirs("该人员不属于办理这件举报的部门，或者账号已停用，请另选一名。", field="account_id")
    return _officer(user, bureau, recused_ids(session, complaint), before_ids(session, complaint))


def candidates(session: Session, complaint: Complaint, *, bureau: str | None, review: bool = False) -> list[User]:
    """Who may be given it; for a review nobody who handled it before."""
    recused, before, texts = recused_ids(session, complaint), before_ids(session, complaint), texts_of(complaint)
    return [
        user
        for user in at_work(session, bureau)
        if handling.is_free(_officer(user, bureau, recused, before), bureau=bureau, texts=texts)
        and not (review and user.id in before)
    ]


def _officer(user: User, bureau: str | None, recused: set[int], before: set[int]) -> Officer:
    return Officer(user.id, user.display_name, bureau, user.id in recused, user.id in before)


def recused_ids(session: Session, complaint: Complaint) -> set[int]:
    """Who stands aside from it: for itself, for one that was joined to it, or for whom it is about."""
    about: list[ColumnElement[bool]] = [
        Recusal.complaint_id.in_([complaint.id, *(each.id for each in complaint.joined)])
    ]
    for each in (complaint, *complaint.joined):
        about += _parties(each)
    found = select(Recusal.account_id).where(Recusal.until.is_(None), or_(*about))
    return set(session.scalars(found))


def _parties(complaint: Complaint) -> list[ColumnElement[bool]]:
    parties: list[ColumnElement[bool]] = []
    if complaint.agency_id is not None:
        parties.append(Recusal.agency_id == complaint.agency_id)
    if complaint.applicant_id is not None:
        parties.append(Recusal.applicant_id == complaint.applicant_id)
    return parties


def before_ids(session: Session, complaint: Complaint) -> set[int]:
    """Who has handled it, or does; of what was joined to another one also who handled that one: they replied."""
    ids = [each for each in (complaint.id, complaint.joined_to_id) if each is not None]
    return set(session.scalars(select(Assignment.account_id).where(Assignment.complaint_id.in_(ids))))


def registered(session: Session, user: User, *, everybody: bool) -> list[Registered]:
    """The register of those who stand aside for a party, the latest first: one's own lines, or everybody's."""
    rows = select(Recusal).where(Recusal.complaint_id.is_(None)).order_by(Recusal.until.is_not(None), Recusal.id.desc())
    if not everybody:
        rows = rows.where(Recusal.account_id == user.id)
    found = session.scalars(rows.limit(500)).all()
    ids = {row.account_id for row in found} | {row.entered_by for row in found}
    agency_ids, unit_ids = [row.agency_id for row in found], [row.applicant_id for row in found]
    names = _named(session, select(User.id, User.display_name).where(User.id.in_(ids)))
    agencies = _named(session, select(Agency.id, Agency.name).where(Agency.id.in_(filter(None, agency_ids))))
    units = _named(session, select(Applicant.id, Applicant.name).where(Applicant.id.in_(filter(None, unit_ids))))
    return [
        Registered(
            row=row,
            officer=names.get(row.account_id, ""),
            party=agencies.get(row.agency_id or 0) or units.get(row.applicant_id or 0, ""),
            by=names.get(row.entered_by, ""),
            may_end=everybody and row.until is None and row.account_id != user.id,
        )
        for row in found
    ]


def _named(session: Session, rows: Select[int, str]) -> dict[int, str]:
    return dict(session.execute(rows).all())


def find_recusal(session: Session, recusal_id: int) -> Recusal | None:
    """A line of the register; what was declared for one complaint alone is none."""
    row = session.get(Recusal, recusal_id) if recusal_id <= LARGEST_INTEGER else None
    return row if row is not None and row.complaint_id is None else None


def party_named(session: Session, word: str) -> PartyIds:
    """The agency or applicant of a full name or a credit code. Raises NoSuchParty."""
    wanted = unicodedata.normalize("NFKC", word).strip()
    agencies = select(Agency.id).where(or_(Agency.name == wanted, Agency.credit_code == wanted.upper()))
    units = select(Applicant.id).where(or_(Applicant.name == wanted, Applicant.credit_code == wanted.upper()))
    found = [PartyIds(each, None) for each in session.scalars(agencies.limit(2))]
    found += [PartyIds(None, each) for each in session.scalars(units.limit(2))]
    if len(found) != 1:
        told = "系统里没有这个单位，请核对全称或者代码" if not found else "有几个单位叫这个名称，请填代码"
        raise NoSuchParty(f"{told}。", field="party")
    return found[0]


def parties_named(session: Session, word: str) -> list[Found]:
    """Agencies, also those that are not filed, and applicants whose name or code contains the word."""
    agencies = [
        Found(PartyIds(each.id, None), each.name, "、".join(("第三方机构", each.credit_code or "无代码")))
        for each in finding.agencies_named(session, word)
    ]
    units = [
        Found(PartyIds(None, each.id), each.name, "、".join(("培育对象或名单单位", each.credit_code or "无代码")))
        for each in finding.applicants_named(session, word)
    ]
    return agencies + units


def is_recused(session: Session, account_id: int, party: PartyIds) -> bool:
    """Whether that is registered already."""
    about = _about(Recusal, party)
    found = select(Recusal.id).where(Recusal.account_id == account_id, Recusal.until.is_(None), about)
    return session.scalar(found.limit(1)) is not None


def _about(model: type[Recusal] | type[Complaint], party: PartyIds) -> ColumnElement[bool]:
    return (
        model.agency_id == party.agency_id if party.agency_id is not None else model.applicant_id == party.applicant_id
    )


def described(user: User) -> str:
    """An officer in a list of many desks."""
    return f"{user.display_name}（{user.bureau_name or '省厅'}）"


def count_in_hand(session: Session, account_id: int, party: PartyIds) -> int:
    """How many complaints about a party an officer has in hand."""
    about = _about(Complaint, party)
    found = select(func.count(Complaint.id)).where(
        Complaint.handler_id == account_id, Complaint.state.in_(HANDLED), about
    )
    return session.scalar(found) or 0


def desk_accounts(session: Session) -> Sequence[User]:
    """Everybody who may be given a complaint, of whichever desk."""
    roles = sorted({*PROVINCIAL_ROLES, Role.MUNICIPAL})
    found = select(User).where(User.active, User.id.in_(select(RoleGrant.user_id).where(RoleGrant.role.in_(roles))))
    return session.scalars(found.options(load_only(User.display_name, User.bureau)).order_by(User.id)).all()
