"""Reading cases: the list, one of them, its course. Of a restricted one only its officers see more than that it is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true
from sqlalchemy.orm import Session, joinedload, selectinload

from accounts.models import Role, User
from agency import naming
from agency.models import Agency
from applicants.models import Applicant
from core.db import db
from core.paging import Page, bounded_count, page_of
from evaluations import flagging
from evaluations.models import AgreementScreening, Evaluation
from evaluations.queries import screening
from evaluations.rules import standing_still
from evaluations.rules.states import HoldKind
from supervision import policies
from supervision.models import Case, CaseKind, CaseNote, CaseOfficer, CaseState, StepKind

UNRESTRICTED = Case.kind != CaseKind.COMPLAINT  # Case.is_restricted, as a query


@dataclass(frozen=True, slots=True)
class WantedCases:
    """What is asked of the list; "" and None: everything."""

    word: str = ""
    kind: CaseKind | None = None
    state: CaseState | None = None
    mine: bool = False


@dataclass(frozen=True, slots=True)
class Happening:
    """An entry of a timeline."""

    at: datetime
    title: str
    text: str
    by: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A case in a list; `is_open`: whether the reader sees more of it than number, kind and state."""

    case: Case
    is_open: bool


# ── who sees what ─────────────────────────────────────────────────────────────────────────────────────────────────────


def own(user: User) -> ColumnElement[bool]:
    """Those whose officer the user is."""
    rows = select(CaseOfficer.id).where(CaseOfficer.case_id == Case.id, CaseOfficer.account_id == user.id)
    return rows.where(CaseOfficer.until.is_(None)).exists()


def listed_for(user: User) -> ColumnElement[bool]:
    """Those that stand in the user's list: all for the province, a bureau's its own."""
    if user.is_provincial:
        return true()
    if Role.MUNICIPAL in user.roles and user.bureau:
        return Case.bureau == user.bureau
    return false()


def seen_by(user: User) -> ColumnElement[bool]:
    """Those of which the user sees the content: policies.may_see_case, as a query."""
    return and_(listed_for(user), or_(UNRESTRICTED, own(user)))


# ── one ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


def case_for(user: User, case_id: int) -> Case | None:
    """For guards: any case to an officer (the policy refuses, so that a try is known of), none to anybody else."""
    return find_case(db.session(), case_id) if policies.may_see_cases(user, None) else None


def find_case(session: Session, case_id: int) -> Case | None:
    """A case with everything on its page, in a fixed number of queries."""
    return session.scalar(
        select(Case)
        .where(Case.id == case_id)
        .options(
            joinedload(Case.agency).load_only(Agency.name, Agency.credit_code, Agency.standing),
            joinedload(Case.applicant).load_only(Applicant.name, Applicant.credit_code),
            joinedload(Case.evaluation).joinedload(Evaluation.applicant).load_only(Applicant.name),
            selectinload(Case.notes),
            selectinload(Case.officers),
        )
        .execution_options(populate_existing=not session.info.get("writing"))
    )


TITLES = {StepKind.EVIDENCE: "增加证据"}


def timeline_of(case: Case, names: dict[int, str]) -> list[Happening]:
    """What happened in a case, newest first."""
    opened = Happening(case.opened_at, "立案", "", names.get(case.opened_by or 0, ""))
    notes = [Happening(note.at, title_of(note), note.text, note.by) for note in case.notes]
    closed = []
    if case.closed_at is not None and case.outcome is not None:
        title = f"办结：{case.outcome.label}"
        closed = [Happening(case.closed_at, title, case.outcome_reason or "", names.get(case.closed_by or 0, ""))]
    return [*closed, *reversed(notes), opened]


def title_of(note: CaseNote) -> str:
    return TITLES.get(note.kind, note.kind.label)


def names_of(session: Session, *user_ids: int | None) -> dict[int, str]:
    """Account id → the officer's name."""
    rows = session.execute(select(User.id, User.display_name).where(User.id.in_([each for each in user_ids if each])))
    return {row.id: row.display_name for row in rows}


def open_cases_of(session: Session, evaluation_id: int) -> Sequence[Case]:
    """The cases about an evaluation that are still handled, without the restricted ones."""
    rows = select(Case).where(Case.evaluation_id == evaluation_id, Case.state != CaseState.CLOSED, UNRESTRICTED)
    return session.scalars(rows.order_by(Case.id)).all()


def undecided_in(session: Session, case: Case) -> int | None:
    """The screening of the evaluation's agreement that holds marks nobody has decided on yet."""
    if case.kind is not CaseKind.AGREEMENT or case.evaluation_id is None:
        return None
    rows = select(AgreementScreening).where(AgreementScreening.evaluation_id == case.evaluation_id)
    latest = session.scalars(rows.order_by(AgreementScreening.id.desc()).limit(1)).first()
    return latest.id if latest is not None and latest.undecided else None


def is_blocked(case: Case) -> bool:
    """Whether its evaluation stands still."""
    return case.evaluation is not None and flagging.open_hold(case.evaluation, HoldKind.BLOCK) is not None


def lacking_for_correction(session: Session, case: Case) -> str:
    """What still keeps the case about an agreement from being closed as corrected; "" where nothing does."""
    if case.evaluation is None:
        return ""
    try:
        standing_still.require_liftable(screening.facts_of(session, case.evaluation), ever_confirmed=True)
    except standing_still.NotClean as refusal:
        return refusal.message
    return ""


# ── many ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def cases(
    session: Session, wanted: WantedCases, *, user: User, cursor: str | None
) -> tuple[Page[Case], list[Listed], int | None]:
    """A page of the cases that are asked for, the newest first, and how many they are (None: too many to count)."""
    rows = _asked_for(session, wanted, user)
    shown = rows.options(
        joinedload(Case.agency).load_only(Agency.name),
        joinedload(Case.applicant).load_only(Applicant.name),
        joinedload(Case.evaluation)
        .load_only(Evaluation.number)
        .joinedload(Evaluation.applicant)
        .load_only(Applicant.name),
        selectinload(Case.officers),
    )
    page = page_of(session, shown, keys=(Case.id,), cursor=cursor, descending=True)
    listed = [Listed(case, policies.may_see_case(user, case)) for case in page.items]
    return page, listed, bounded_count(session, rows)


def cases_exported(session: Session, wanted: WantedCases, *, user: User) -> Iterator[tuple[Any, ...]]:
    """Every case that is asked for, a row each for the spreadsheet; of a restricted one only that it is there."""
    rows = (
        _asked_for(session, wanted, user)
        .outerjoin(Evaluation, Evaluation.id == Case.evaluation_id)
        .outerjoin(Applicant, Applicant.id == func.coalesce(Case.applicant_id, Evaluation.applicant_id))
        .with_only_columns(
            Case.number, Case.kind, Case.state, Case.opened_at, Case.closed_at, Agency.name, Evaluation.number,
            Applicant.name, Case.facts, Case.outcome, Case.outcome_reason,
        )
        .order_by(Case.id.desc())
        .execution_options(yield_per=500)
    )  # fmt: skip
    for number, kind, state, opened_at, closed_at, *named, facts, outcome, reason in session.execute(rows):
        if kind is CaseKind.COMPLAINT:
            yield number, kind.label, state.label, None, None, None, None, opened_at, closed_at, None, None
        else:
            told = outcome.label if outcome else ""
            yield number, kind.label, state.label, *named, facts, opened_at, closed_at, told, reason


def _asked_for(session: Session, wanted: WantedCases, user: User) -> Select[Any]:
    rows = select(Case).outerjoin(Agency, Agency.id == Case.agency_id).where(listed_for(user))
    if wanted.kind is not None:
        rows = rows.where(Case.kind == wanted.kind)
    if wanted.state is not None:
        rows = rows.where(Case.state == wanted.state)
    if wanted.mine:
        rows = rows.where(own(user))
    if wanted.word:  # or who is not its officer would learn by asking whom it is about
        rows = rows.where(seen_by(user))
    return naming.named(session, rows, wanted.word)
