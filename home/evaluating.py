"""What of evaluations waits for whom: the desk's sections, an agency's running ones, an applicant's to confirm."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, false, func, or_, select, true
from sqlalchemy.orm import Session, aliased, joinedload, load_only, selectinload

from accounts.models import Role, User
from agency.models import Agency, NonAdoption
from applicants.models import Applicant
from evaluations.models import (
    Agreement,
    AgreementMark,
    AgreementScreening,
    Confirmation,
    Evaluation,
    Hold,
    Party,
    Tally,
)
from evaluations.models.screening import STILL_UNDECIDED
from evaluations.queries.adopting import TAKEN_BACK
from evaluations.rules.states import RUNNING, Consent, HoldKind, Level, MarkStanding, Mode, Release, State
from evaluations.tallies import EVERYBODY
from sanctions.queries import impact
from supervision.models import Case, CaseState
from supervision.queries import agreements
from supervision.queries.cases import seen_by

SHOWN = 30  # rows of a section; the oldest come first
STANDS = and_(Hold.evaluation_id == Evaluation.id, Hold.closed_at.is_(None))
DISPUTED = select(Hold.id).where(STANDS, Hold.kind == HoldKind.DISPUTE).correlate(Evaluation).exists()
BLOCKED = select(Hold.id).where(STANDS, Hold.kind == HoldKind.BLOCK).correlate(Evaluation).exists()
# written out, so that the indexes of just these are found
HANDED_OVER = Evaluation.state == bindparam(None, State.HANDED_OVER, literal_execute=True)
RELEASE_ASKED = Evaluation.release == bindparam(None, Release.ASKED, literal_execute=True)
CONFIRMED = select(Confirmation.evaluation_id).where(Confirmation.evaluation_id == Evaluation.id, ~TAKEN_BACK).exists()
_LATER = aliased(Agreement)
MARKED = select(AgreementMark.id).where(AgreementMark.evaluation_id == Evaluation.id)
UNDECIDED = MARKED.where(STILL_UNDECIDED).correlate(Evaluation).exists()
TO_REPLACE = (  # a clause of the agreement in use is confirmed
    MARKED.join(AgreementMark.screening)
    .join(AgreementScreening.agreement)
    .where(AgreementMark.standing == MarkStanding.CONFIRMED)
    .where(~exists().where(_LATER.evaluation_id == Agreement.evaluation_id, _LATER.number > Agreement.number))
    .correlate(Evaluation)
    .exists()
)
UNREAD = (
    select(AgreementScreening.id)
    .where(AgreementScreening.evaluation_id == Evaluation.id, AgreementScreening.by_eye)
    .correlate(Evaluation)
    .exists()
)
REFUSED = select(Party.evaluation_id).where(Party.consent == bindparam(None, Consent.REFUSED, literal_execute=True))
RUNS = Evaluation.state.in_(RUNNING)
SHOWN_COLUMNS = (
    Evaluation.number, Evaluation.kind, Evaluation.level, Evaluation.mode, Evaluation.year, Evaluation.bureau,
    Evaluation.begun_on, Evaluation.state, Evaluation.handed_over_on, Evaluation.release, Evaluation.entered_at,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DeskEvaluations:
    """Whose turn it is, the oldest first. None: not this user's work."""

    disputes: Sequence[tuple[Evaluation, Hold]] | None
    blocked: Sequence[tuple[Evaluation, Hold]] | None
    refusals: Sequence[tuple[Evaluation, str]] | None  # by agencies named as making it jointly, with their reason
    to_adopt: Sequence[Evaluation] | None
    releases: Sequence[Evaluation]
    cases: Sequence[Case] | None
    screenings: Sequence[AgreementScreening]  # with marks to decide on, or to be read by eye
    rechecks: Sequence[tuple[NonAdoption, str, int]]  # periods in which something is to be looked at again


def desk(session: Session, user: User) -> DeskEvaluations:
    """What waits for an officer: disputes and adoptions for who decides at the level, releases, open cases."""
    decides, settles = decided_by(user), settled_by(user)
    is_decider = bool(user.roles & {Role.MUNICIPAL, Role.APPROVER})
    return DeskEvaluations(
        disputes=_held(session, decides, HoldKind.DISPUTE) if is_decider else None,
        blocked=_held(session, and_(decides, Evaluation.state.in_(RUNNING)), HoldKind.BLOCK) if is_decider else None,
        refusals=_refused(session, decides) if is_decider else None,
        to_adopt=(
            _of(session, and_(_handed_over(), decides), Evaluation.handed_over_on, Evaluation.id)
            if is_decider
            else None
        ),
        releases=_of(session, and_(RELEASE_ASKED, settles), Evaluation.id),
        cases=_cases(session, user) if user.is_provincial or user.bureau else None,
        screenings=agreements.waiting_of(session, settles, most=SHOWN),
        rechecks=impact.waiting(session, user),
    )


def decided_by(user: User, of: type[Evaluation] | type[Tally] = Evaluation) -> ColumnElement[bool]:
    """The evaluations that this officer adopts and decides on (evaluations.policies.may_decide_on, as a query)."""
    municipal = and_(of.level == Level.MUNICIPAL, of.bureau != "")
    if Role.MUNICIPAL in user.roles:
        return and_(municipal, of.bureau == (user.bureau or ""))
    return ~municipal if Role.APPROVER in user.roles else false()


def settled_by(user: User) -> ColumnElement[bool]:
    """Those whose withdrawals this officer confirms (evaluations.policies.may_settle)."""
    if Role.REVIEWER in user.roles:
        return or_(decided_by(user), Evaluation.level != Level.MUNICIPAL)
    return decided_by(user)


def counts_for_desk(user: User) -> list[Select[Any]]:
    """How many of each section, as queries: the navigation asks them with the rest."""
    decides, settles = decided_by(user), settled_by(user)
    disputed = (
        select(func.count(Hold.id))
        .join(Evaluation, Evaluation.id == Hold.evaluation_id)
        .where(Hold.kind == HoldKind.DISPUTE, Hold.closed_at.is_(None), decides)
    )
    handed_over = select(func.coalesce(func.sum(Tally.count), 0)).where(
        Tally.agency_id == EVERYBODY, Tally.state == State.HANDED_OVER, decided_by(user, Tally)
    )
    standing_still = disputed.where(Evaluation.state == State.HANDED_OVER)
    counts: list[Select[Any]] = [
        disputed,
        select(func.count(Evaluation.id)).where(Evaluation.id.in_(REFUSED), RUNS, decides),
        select(func.count(Evaluation.id)).where(RELEASE_ASKED, settles),
        agreements.count_waiting(settles),
        impact.count_waiting(user),
        select(handed_over.scalar_subquery() - standing_still.scalar_subquery()),
    ]
    if user.is_provincial or user.bureau:
        counts.append(select(func.count(Case.id)).where(Case.state != CaseState.CLOSED, seen_by(user)))
    return counts


def _handed_over() -> ColumnElement[bool]:
    return and_(HANDED_OVER, ~DISPUTED)


def _held(session: Session, scope: ColumnElement[bool], kind: HoldKind) -> Sequence[tuple[Evaluation, Hold]]:
    """What stands still by an open dispute or block, with that."""
    rows = _rows(true()).join(Hold, and_(STANDS, Hold.kind == kind)).add_columns(Hold).where(scope)
    found = session.execute(rows.order_by(Hold.opened_at, Hold.id).limit(SHOWN)).all()
    return [(evaluation, hold) for evaluation, hold in found]


def _refused(session: Session, scope: ColumnElement[bool]) -> Sequence[tuple[Evaluation, str]]:
    """What stands still because an agency says that it doesn't make it jointly, with its first reason."""
    found = _of(session, and_(Evaluation.id.in_(REFUSED), RUNS, scope), Evaluation.id)
    return [
        (each, next(party.consent_reason for party in each.parties if party.consent is Consent.REFUSED))
        for each in found
    ]


def _of(session: Session, where: ColumnElement[bool], *order: Any) -> Sequence[Evaluation]:
    return session.scalars(_rows(where).order_by(*order).limit(SHOWN)).all()


def _rows(where: ColumnElement[bool]) -> Select[Any]:
    return (
        select(Evaluation)
        .where(where)
        .options(
            load_only(*SHOWN_COLUMNS),
            joinedload(Evaluation.applicant).load_only(Applicant.name),
            selectinload(Evaluation.parties).joinedload(Party.agency).load_only(Agency.name),
        )
    )


def _cases(session: Session, user: User) -> Sequence[Case]:
    rows = select(Case).where(Case.state != CaseState.CLOSED, seen_by(user)).order_by(Case.id).limit(SHOWN)
    named = joinedload(Case.agency).load_only(Agency.name), joinedload(Case.applicant).load_only(Applicant.name)
    return session.scalars(rows.options(*named)).all()


# ── an agency ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Running:
    """An evaluation under way, what is to be done next with it, and whether that is the agency's to do."""

    evaluation: Evaluation
    next: str
    own: bool


def running_of(session: Session, agency_id: int) -> Sequence[Running]:
    """The agency's evaluations under way, what it has to do first, the oldest first."""
    to_do = or_(Party.leads, Party.consent == Consent.ASKED)
    mine = select(Party.evaluation_id).where(Party.agency_id == agency_id, to_do)
    rows = (
        _rows(and_(Evaluation.id.in_(mine), Evaluation.state.in_(RUNNING)))
        .add_columns(DISPUTED, BLOCKED, TO_REPLACE, UNDECIDED, UNREAD, CONFIRMED)
        .order_by(Evaluation.begun_on, Evaluation.id)
        .limit(SHOWN)
    )
    found = [
        Running(evaluation, *_next(evaluation.state, Facts(*facts)))
        if any(party.leads and party.agency_id == agency_id for party in evaluation.parties)
        else Running(evaluation, "确认是否联合参加", own=True)
        for evaluation, *facts in session.execute(rows)
    ]
    return sorted(found, key=lambda each: not each.own)


@dataclass(frozen=True, slots=True)
class Facts:
    """What an agency's next step depends on besides the state."""

    disputed: bool
    blocked: bool
    to_replace: bool
    undecided: bool
    unread: bool
    confirmed: bool


def _next(state: State, facts: Facts) -> tuple[str, bool]:
    """What comes next, and whether it is the agency's to do."""
    if facts.disputed:
        return "培育对象提出异议，等主管部门决定", False
    if facts.to_replace:  # the desk lifts no block before that
        return "现用协议有经认定的条款，请更换协议", True
    if state is State.REGISTERED:
        return "登记现场评价", True
    if state is State.IN_PROGRESS:
        return "完成内部技术复核，出具报告", True
    if facts.blocked:
        return "主管部门已中止，等其解除", False
    if facts.unread:
        return "协议没有全部读出，请更换协议，或等主管部门阅看", True
    if facts.undecided:
        return "协议的标记等主管部门核定，可以先作说明", False
    if state is State.REPORT_ISSUED:
        return "提交报告", True
    return ("等主管部门采信", False) if facts.confirmed else ("等培育对象确认委托，或上传其确认函", True)


# ── an applicant ──────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class ApplicantHome:
    applicant: Applicant
    to_confirm: Sequence[Evaluation]
    disputed: Sequence[Evaluation]
    recent: Sequence[Evaluation]


def applicant_home(session: Session, applicant: Applicant) -> ApplicantHome:
    """What waits for an applicant's word, what it disputes, and its latest evaluations."""
    own = Evaluation.applicant_id == applicant.id
    unsaid = and_(own, Evaluation.mode == Mode.THIRD_PARTY, Evaluation.state.in_(RUNNING), ~CONFIRMED, ~DISPUTED)
    return ApplicantHome(
        applicant=applicant,
        to_confirm=_of(session, unsaid, Evaluation.begun_on, Evaluation.id),
        disputed=_of(session, and_(own, DISPUTED), Evaluation.id),
        recent=_of(session, own, Evaluation.year.desc(), Evaluation.id.desc())[:8],
    )


def to_confirm(session: Session, user: User) -> int:
    """How many wait for the applicant's word: for its navigation."""
    own = and_(Evaluation.applicant_id == user.applicant_id, Evaluation.mode == Mode.THIRD_PARTY)
    counted = select(func.count(Evaluation.id)).where(own, Evaluation.state.in_(RUNNING), ~CONFIRMED, ~DISPUTED)
    return session.scalar(counted) or 0
