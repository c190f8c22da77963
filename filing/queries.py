"""Reading filings: one as seen by a user, with its check; what an agency has; whose turn it is."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session, aliased, contains_eager, selectinload

from accounts.models import User
from agency import naming
from agency.judgements import judgements_of
from agency.models import Agency, Judgement, Person, RosterClaim
from agency.particulars import Elsewhere, Particulars, from_json
from agency.persons import in_chunks
from agency.queries import agency_with_everything, claims_elsewhere, particulars_of
from core import clock
from core.db import db
from core.exports import Cell
from core.labels import Labelled
from core.law import Finding, jurisdiction
from core.paging import Page, page_of
from core.places import place_label
from core.uploads import StoredFile
from core.workdays import Term, add_working_days, calendar
from filing import checking
from filing.changes import SectionChanges, compare
from filing.checking import Check
from filing.models import EvasionMatch, Filing, ReturnItem, Step, Submission
from filing.rules import OPEN_STATES, Action, FilingKind, State
from filing.rules.evasion import Answer

REVIEWING = (Action.TAKE, Action.TAKE_OVER, Action.RETURN, Action.PASS)


def in_force(session: Session, agency_id: int) -> Filing | None:
    """The filing in force of an agency."""
    return session.scalar(select(Filing).where(Filing.agency_id == agency_id, Filing.state == State.FILED))


def filed_identities(session: Session, agency_id: int) -> frozenset[str]:
    """Who is on the roster of the filing in force, by keyed hash: asked at each registration, so read alone."""
    content = session.scalar(
        select(Submission.content)
        .join(Submission.filing)
        .where(Filing.agency_id == agency_id, Filing.state == State.FILED)
        .order_by(Submission.number.desc())
        .limit(1)
    )
    staff = content["staff"] if content else ()  # as agency.particulars.to_json writes it
    return frozenset(member["identity"] for member in staff if member["left_on"] is None)


def find_open(session: Session, agency_id: int) -> Filing | None:
    """The filing that an agency is preparing or has with the desk: one at most."""
    return session.scalar(select(Filing).where(Filing.agency_id == agency_id, Filing.state.in_(OPEN_STATES)))


def filings_of(session: Session, agency_id: int) -> list[Filing]:
    """All filings of an agency, newest first."""
    return list(session.scalars(select(Filing).where(Filing.agency_id == agency_id).order_by(Filing.id.desc())))


def filing_seen_by(user: User, filing_id: int) -> Filing | None:
    """A filing with its history: an agency sees its own, the department what was handed in."""
    session = cast(Session, db.session())
    filing = session.scalar(
        select(Filing)
        .where(Filing.id == filing_id)
        .options(
            selectinload(Filing.submissions),
            selectinload(Filing.steps),
            selectinload(Filing.return_items),
            selectinload(Filing.comments),
        )
    )
    if filing is None or user.is_department:
        return filing if filing and filing.submissions else None
    return filing if filing.agency_id == user.agency_id else None


def snapshot(filing: Filing) -> Particulars:
    """What was handed in last. LookupError before the first hand-in."""
    if filing.latest is None:
        raise LookupError(f"filing {filing.id} was never handed in")
    return snapshot_of(filing.latest)


def snapshot_of(submission: Submission) -> Particulars:
    """What was handed in, as it was."""
    return from_json(submission.content)


def facts_judged(session: Session, filing: Filing) -> Particulars:
    """What was handed in, with other agencies' claims on its staff as they are now, or were when it was decided.

    Those are not the agency's statement: a claim that is laid or dropped after the hand-in counts as well (reading 3).
    """
    facts = snapshot(filing)
    known = filing.elsewhere if filing.decided_at else _claimed_elsewhere(session, filing, facts)
    if known is None:
        return facts
    staff = (replace(each, elsewhere=Elsewhere(known.get(each.identity, Elsewhere.NOWHERE))) for each in facts.staff)
    return replace(facts, staff=tuple(staff))


def _claimed_elsewhere(session: Session, filing: Filing, facts: Particulars) -> dict[str, Elsewhere]:
    identities = [each.identity for each in facts.staff if each.left_on is None]
    people = {
        row.id: row.identity
        for some in in_chunks(identities)
        for row in session.execute(select(Person.id, Person.identity).where(Person.identity.in_(some)))
    }
    return {people[person]: bearing for person, bearing in claims_elsewhere(session, filing.agency, people).items()}


def check_of(session: Session, filing: Filing) -> Check:
    """The check on what was handed in, with the officers' judgements: by today, or by the day it was decided."""
    judgements = judgements_of(session, filing.agency_id, until=filing.decided_at)
    on = clock.day_of(filing.decided_at) if filing.decided_at else clock.today()
    return checking.check(session, facts_judged(session, filing), judgements, on=on)


def live_check(session: Session, agency_id: int) -> tuple[Particulars, Check]:
    """What an agency is and has now, and how that stands today."""
    agency = agency_with_everything(session, agency_id)
    if agency is None:
        raise LookupError(f"no agency {agency_id}")
    facts = particulars_of(session, agency)
    judgements = judgements_of(session, agency_id)
    return facts, checking.check(session, facts, judgements, on=clock.today())


def judgements_in(session: Session, filing: Filing) -> list[Judgement]:
    """The officers' judgements that are part of a filing, oldest first."""
    rows = select(Judgement).where(Judgement.filing_id == filing.id).order_by(Judgement.id)
    return list(session.scalars(rows))


def standing_judgements(session: Session, filing: Filing) -> dict[tuple[str, str], Judgement]:
    """Point and basis → the newest judgement on it, also of an earlier filing of the agency."""
    rows = select(Judgement).where(Judgement.agency_id == filing.agency_id).order_by(Judgement.id)
    return {(row.point, row.basis): row for row in session.scalars(rows)}


def reviewers_of(session: Session, filing: Filing) -> frozenset[int]:
    """Who had a hand in the review: none of them decides it."""
    steps = select(Step.by_id).where(Step.filing_id == filing.id, Step.action.in_(REVIEWING), Step.by_id.is_not(None))
    judges = select(Judgement.by_id).where(Judgement.filing_id == filing.id)
    return frozenset(session.scalars(steps.union(judges)))


def reviewed_by(user_id: int) -> ColumnElement[bool]:
    """Whether an officer is one of a filing's reviewers_of: to be asked of many filings at once."""
    steps = select(Step.id).where(Step.filing_id == Filing.id, Step.action.in_(REVIEWING), Step.by_id == user_id)
    judges = select(Judgement.id).where(Judgement.filing_id == Filing.id, Judgement.by_id == user_id)
    return or_(steps.exists(), judges.exists())


def names_of(session: Session, user_ids: Collection[int | None]) -> Mapping[int, str]:
    """Account id → the name of the officer."""
    rows = session.execute(select(User.id, User.display_name).where(User.id.in_([each for each in user_ids if each])))
    return {row.id: row.display_name for row in rows}


def previous_particulars(session: Session, filing: Filing) -> tuple[str, Particulars] | None:
    """What the latest hand-in is held against: the one before, else the version in force when it was made."""
    if len(filing.submissions) > 1:
        before = filing.submissions[-2]
        return f"第 {before.number} 次提交", snapshot_of(before)
    return base_particulars(session, filing)


def base_particulars(session: Session, filing: Filing) -> tuple[str, Particulars] | None:
    """The filed version that a change filing changes."""
    earlier = session.scalar(
        select(Filing)
        .where(
            Filing.agency_id == filing.agency_id,
            Filing.id < filing.id,
            Filing.state.in_((State.FILED, State.SUPERSEDED)),
        )
        .order_by(Filing.id.desc())
        .limit(1)
    )
    if filing.kind is not FilingKind.CHANGE or earlier is None:
        return None
    return f"备案 {earlier.number}（{earlier.filed_on} 起）", snapshot(earlier)


@dataclass(frozen=True, slots=True)
class AskedCorrection:
    """Something that was to be put right, and whether what it is tied to was changed since."""

    item: ReturnItem
    touched: bool


def corrections(filing: Filing, now: Particulars) -> tuple[AskedCorrection, ...]:
    """What the last return asked for, held against `now`: the next hand-in, or the agency as it is today."""
    number = max((item.submission_number for item in filing.return_items), default=0)
    found_in = next((each for each in filing.submissions if each.number == number), None)
    if found_in is None:
        return ()
    changed: set[str] = set()
    for section in compare(snapshot_of(found_in), now):
        changed |= section.targets
    return tuple(
        AskedCorrection(item, item.target in changed)
        for item in filing.return_items
        if item.submission_number == number
    )


def stored_findings(submission: Submission) -> tuple[Finding, ...]:
    """The check as it was on the day of a hand-in."""
    return tuple(Finding.read(row) for row in submission.findings)


def changes_of(before: Particulars | None, after: Particulars) -> tuple[SectionChanges, ...]:
    return compare(before, after) if before else ()


def rivals(session: Session, filing: Filing) -> Mapping[str, tuple[str, ...]]:
    """Identity of a person handed in → names of the other agencies that claim them; for officers only."""
    identities = [member.identity for member in snapshot(filing).staff]
    rows = session.execute(
        select(Person.identity, Agency.name)
        .join(RosterClaim, RosterClaim.person_id == Person.id)
        .join(Agency, Agency.id == RosterClaim.agency_id)
        .where(Person.identity.in_(identities), RosterClaim.agency_id != filing.agency_id)
        .order_by(Agency.id)
    )
    found: dict[str, tuple[str, ...]] = {}
    for identity, name in rows:
        found[identity] = (*found.get(identity, ()), name)
    return found


def files_of(session: Session, facts: Particulars) -> Mapping[int, StoredFile]:
    """File id → the stored file of the materials that were handed in."""
    rows = session.scalars(select(StoredFile).where(StoredFile.id.in_({each.file_id for each in facts.materials})))
    return {row.id: row for row in rows}


class Suspicion(Labelled):
    """How a filing stands that has something in common with a barred agency."""

    OPEN = "open", "待核实"
    NO_EVASION = Answer.NO_EVASION.value, Answer.NO_EVASION.label
    EVASION = Answer.EVASION.value, Answer.EVASION.label


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of the list of filings; "" and None: everything."""

    word: str = ""
    state: State | None = None
    kind: FilingKind | None = None
    bureau: str = ""
    year: int | None = None
    suspicion: Suspicion | None = None


def filings(session: Session, wanted: Wanted, *, cursor: str | None = None) -> Page[Filing]:
    """A page of what was handed in, the newest filing first; the agencies come along."""
    rows = _asked_for(session, wanted).options(contains_eager(Filing.agency))
    return page_of(session, rows, keys=(Filing.id,), cursor=cursor, descending=True)


def exported(session: Session, wanted: Wanted) -> Iterator[tuple[Cell, ...]]:
    """Every filing that is asked for, a row each for the spreadsheet."""
    reviewer, approver = aliased(User), aliased(User)
    rows = (
        _asked_for(session, wanted)
        .outerjoin(reviewer, reviewer.id == Filing.reviewer_id)
        .outerjoin(approver, approver.id == Filing.approver_id)
        .with_only_columns(
            Agency.name, Agency.credit_code, Agency.bureau, Agency.division, Filing.kind, Filing.state, Filing.number,
            Filing.submitted_at, Filing.taken_at, Filing.decided_at, Filing.filed_on, Filing.ended_on,
            reviewer.display_name, approver.display_name,
        )
        .order_by(Filing.id.desc())
        .execution_options(yield_per=500)
    )  # fmt: skip
    for name, code, bureau, division, kind, state, *rest in session.execute(rows):
        yield (name, code, place_label(bureau, division), kind.label, state.label, *rest)


def _asked_for(session: Session, wanted: Wanted) -> Select[Any]:
    rows = select(Filing).join(Filing.agency).where(Filing.submitted_at.is_not(None), *_conditions(wanted))
    return naming.named(session, rows, wanted.word)


def _conditions(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.state is not None:
        yield Filing.state == wanted.state
    if wanted.kind is not None:
        yield Filing.kind == wanted.kind
    if wanted.bureau:
        yield Agency.bureau == wanted.bureau
    if wanted.year is not None:
        yield Filing.submitted_at >= clock.start_of(date(wanted.year, 1, 1))
        yield Filing.submitted_at < clock.start_of(date(wanted.year + 1, 1, 1))
    if wanted.suspicion is not None:
        yield _suspected(wanted.suspicion)


def _suspected(suspicion: Suspicion) -> ColumnElement[bool]:
    rows = select(EvasionMatch.id).where(EvasionMatch.filing_id == Filing.id, EvasionMatch.lapsed_at.is_(None))
    if suspicion is Suspicion.OPEN:
        return rows.where(EvasionMatch.answer.is_(None)).exists()
    return rows.where(EvasionMatch.answer == suspicion.value).exists()


def suspicions(session: Session, filings: Collection[Filing]) -> Mapping[int, Suspicion]:
    """Filing id → the gravest that is known of it: found to evade, then not yet decided; for lists."""
    order = (Suspicion.NO_EVASION, Suspicion.OPEN, Suspicion.EVASION)
    rows = select(EvasionMatch.filing_id, EvasionMatch.answer).where(
        EvasionMatch.filing_id.in_([filing.id for filing in filings]), EvasionMatch.lapsed_at.is_(None)
    )
    found: dict[int, Suspicion] = {}
    for filing_id, answer in session.execute(rows):
        each = Suspicion(answer.value) if answer else Suspicion.OPEN
        found[filing_id] = max(found.get(filing_id, each), each, key=order.index)
    return found


def correction_term(session: Session, filing: Filing) -> Term | None:
    """By when a returned filing should come back: some working days after the day of the return; None: not returned."""
    if filing.state is not State.RETURNED:
        return None
    returned = max(clock.day_of(step.at) for step in filing.steps if step.action is Action.RETURN)
    days = jurisdiction().number("correction_workdays", on=returned)
    return add_working_days(returned, days, calendar(session))
