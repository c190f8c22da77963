"""Cases inside a running transaction: opened, assigned, written into, closed."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import PROVINCIAL_ROLES, User
from agency.models import Agency
from applicants.models import Applicant
from core import audit, clock, numbers
from core.refs import Actor
from evaluations.models import AgreementMark, Evaluation
from evaluations.rules.states import Level
from notices import outbox
from notices.outbox import Audience
from supervision import rules, telling
from supervision.models import (
    Case,
    CaseKind,
    CaseNote,
    CaseOfficer,
    CaseOutcome,
    CaseState,
    Conclusion,
    Inquiry,
    StepKind,
)
from supervision.rules import verifying

SERIES = "case"
UNTOLD = frozenset({CaseKind.COMPLAINT, CaseKind.INSPECTION})  # the other side never knows which of them it was


def open_case(
    session: Session,
    kind: CaseKind,
    facts: Sequence[str],
    *,
    by: Actor,
    agency_id: int | None = None,
    applicant_id: int | None = None,
    evaluation_id: int | None = None,
    bureau: str | None = None,
    officers: Sequence[int] = (),
    draw_id: int | None = None,
) -> Case:
    """立案: a numbered case with what was found, a line each; the desk that handles it is told, and its officers.

    A restricted one is told to its officers alone. `bureau`: which one handles it, None for the province.
    """
    case = Case(
        number=next_case_number(session),
        kind=kind,
        agency_id=agency_id,
        applicant_id=applicant_id,
        evaluation_id=evaluation_id,
        bureau=bureau,
        draw_id=draw_id,
        facts="\n".join(facts),
        opened_at=clock.now(),
        opened_by=by.id,
    )
    session.add(case)
    session.flush()
    audit.record(session, "case.opened", case, by=by, after=CaseState.OPEN)
    if not case.is_restricted:
        province = [Audience.role(role) for role in sorted(PROVINCIAL_ROLES)]
        desk = province if bureau is None else [Audience.bureau(bureau)]
        for audience in desk:
            outbox.post(session, "case_opened", to=audience, about=case)
    assign(session, case, officers, by=by)
    return case


def assign(session: Session, case: Case, account_ids: Sequence[int], *, by: Actor) -> None:
    """指派: these handle it too, from now on; who already does stays as they are. Each new one is told."""
    handling = {each.account_id for each in case.officers if each.until is None}
    for account_id in dict.fromkeys(account_ids):
        if account_id in handling:
            continue
        officer = session.get_one(User, account_id)
        case.officers.append(CaseOfficer(account_id=account_id, since=clock.now(), assigned_by=by.id))
        audit.record(session, "case.assigned", case, by=by, after=officer.username)
        outbox.post(session, "case_assigned", to=Audience.account(account_id), about=case)


def unassign(session: Session, case: Case, account_id: int, *, by: Actor) -> None:
    """They handle it no more; that they did stays: who investigated decides on no measure."""
    for each in case.officers:
        if each.account_id == account_id and each.until is None:
            each.until = clock.now()
            officer = session.get_one(User, account_id)
            audit.record(session, "case.unassigned", case, by=by, after=officer.username)


def close(session: Session, case: Case, outcome: CaseOutcome, *, reason: str, by: User) -> None:
    """办结: how it ended and why. An agency is told of what it knows about; of a complaint or inspection nothing here.

    Whoever was asked hears that the matter is closed, whatever opened the case.
    """
    before = case.state
    case.version += 1
    case.pending = None
    case.state, case.outcome, case.outcome_reason = CaseState.CLOSED, outcome, reason
    case.closed_at, case.closed_by = clock.now(), by.id
    audit.record(
        session, "case.closed", case, by=by, before=before, after=CaseState.CLOSED,
        reason=None if case.is_restricted else reason,
    )  # fmt: skip
    end_inquiries(session, case)
    for inquiry in _last_asked(session, case):
        telling.other_side(session, inquiry, "inquiry_ended")
    if case.agency_id is not None and case.kind not in UNTOLD:
        outbox.post(session, "case_closed", to=Audience.agency(case.agency_id), about=case)


def end_inquiries(session: Session, case: Case) -> None:
    """What was not answered is not waited for any longer."""
    rows = select(Inquiry).where(Inquiry.case_id == case.id, Inquiry.closed_at.is_(None))
    for inquiry in session.scalars(rows.order_by(Inquiry.id)):
        inquiry.closed_at = clock.now()
        inquiry.version += 1


def _last_asked(session: Session, case: Case) -> list[Inquiry]:
    """The last inquiry to each side: what it knows the matter by."""
    rows = select(Inquiry).where(Inquiry.case_id == case.id).order_by(Inquiry.id)
    return list({(each.agency_id, each.applicant_id): each for each in session.scalars(rows)}.values())


def hold(session: Session, case: Case, number: str) -> None:
    """A proceeding runs out of it: until it ends, the case is neither closed nor reopened. `number`: 告〔2026〕0001."""
    case.pending = "、".join(filter(None, (case.pending, number)))
    case.version += 1


def release(session: Session, case: Case, number: str) -> None:
    """The proceeding ended without closing the case."""
    running = [each for each in (case.pending or "").split("、") if each and each != number]
    case.pending = "、".join(running) or None
    case.version += 1


def name_party(session: Session, case: Case, party: Agency | Applicant, *, by: User) -> None:
    """写明涉及的单位: whom it concerns, once it is known, or put right. Who was named before hears nothing of it.

    Raises NotPossibleNow once somebody was asked.
    """
    verifying.require_nameable(
        case.state, was_asked=_has(session, Inquiry, case), has_points=_has(session, Conclusion, case)
    )
    case.version += 1
    case.agency, case.applicant = (party, None) if isinstance(party, Agency) else (None, party)
    write(session, case, f"案件涉及的单位：{party.name}（{party.credit_code or '无代码'}）", by=by, kind=StepKind.NOTE)
    audit.record(session, "case.party_named", case, by=by)


def _has(session: Session, what: type[Inquiry] | type[Conclusion], case: Case) -> bool:
    return session.scalar(select(what.id).where(what.case_id == case.id).limit(1)) is not None


def held_on_agreement(session: Session, evaluation: Evaluation) -> Case | None:
    """The open case about an evaluation's agreements, locked: before the log's one row is, as whoever acts on it does.

    The evaluation is locked by whoever calls: no other one is opened meanwhile.
    """
    return session.scalar(
        select(Case)
        .where(Case.evaluation_id == evaluation.id, Case.kind == CaseKind.AGREEMENT, Case.state == CaseState.OPEN)
        .with_for_update(of=Case, key_share=True)
        .execution_options(populate_existing=True)
    )


def note_agreement(
    session: Session, evaluation: Evaluation, mark: AgreementMark, case: Case | None, *, number: int, by: User
) -> tuple[Case, bool]:
    """A confirmed mark in the open case about an evaluation's agreements, or in a new one; and whether it is new.

    One case holds all that is found in an evaluation's agreements while it is open: a further mark is a note in it.
    `case`: as `held_on_agreement` found it. `number`: which version of the agreement the mark stands in.
    """
    facts = rules.facts_of_mark(mark, evaluation.number, number)
    if case is None:
        leading = next((party.agency_id for party in evaluation.parties if party.leads), None)
        # whose marks they are to decide handles what is found by them
        bureau = evaluation.bureau or None if evaluation.level is Level.MUNICIPAL else None
        kind, evaluation_id = CaseKind.AGREEMENT, evaluation.id
        return open_case(
            session, kind, facts, by=by, agency_id=leading, evaluation_id=evaluation_id, bureau=bureau
        ), True
    add_note(session, case, "又认定一处条款：\n" + "\n".join(facts), by=by)
    return case, False


def add_note(session: Session, case: Case, text: str, *, by: User, kind: StepKind = StepKind.NOTE) -> CaseNote:
    """Write into an open case what another act has found or done."""
    case.version += 1
    note = write(session, case, text, by=by, kind=kind)
    audit.record(session, "case.noted", case, by=by, after=kind.label)
    return note


def write(session: Session, case: Case, text: str, *, by: User | None, kind: StepKind) -> CaseNote:
    """A line of the case's course, for acts with words of their own in the log. None: the clock, or the other side."""
    note = CaseNote(
        case_id=case.id, kind=kind, text=text, at=clock.now(),
        by_id=by.id if by else None, by=by.display_name if by else "",
    )  # fmt: skip
    session.add(note)
    return note


def next_case_number(session: Session) -> str:
    """案〔2026〕0001."""
    year = clock.today().year
    return f"案〔{year}〕{numbers.next_number(session, SERIES, year):04d}"
