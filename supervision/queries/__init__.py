"""Reading cases, as the desk sees them."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, joinedload, load_only, selectinload

from accounts.models import User
from agency import naming
from agency.models import Agency
from applicants import naming as applicant_naming
from applicants.models import Applicant
from core import clock, law
from core.db import LARGEST_INTEGER
from core.errors import Collected
from core.paging import Page, bounded_count, page_of
from evaluations.entries import RegistrationEntry
from evaluations.models import Evaluation
from evaluations.queries import screening
from evaluations.queries.gate import facts_of
from evaluations.queries.partners import NoSuchPartner
from evaluations.rules import gate, standing_still
from evaluations.rules.gate import Refusal
from supervision import rules
from supervision.models import Case, CaseKind, CaseState

FOUND = 12  # shown of a search that chooses one


@dataclass(frozen=True, slots=True)
class WantedCases:
    """What is asked of the list; "" and None: everything."""

    word: str = ""
    kind: CaseKind | None = None
    state: CaseState | None = None


@dataclass(frozen=True, slots=True)
class Happening:
    """An entry of a timeline."""

    at: datetime
    title: str
    text: str
    by: str


def find_case(session: Session, case_id: int) -> Case | None:
    """A case with everything on its page, in a fixed number of queries."""
    return session.scalar(
        select(Case)
        .where(Case.id == case_id)
        .options(
            joinedload(Case.agency).load_only(Agency.name, Agency.credit_code, Agency.standing),
            joinedload(Case.evaluation).joinedload(Evaluation.applicant).load_only(Applicant.name),
            selectinload(Case.notes),
        )
        .execution_options(populate_existing=not session.info.get("writing"))
    )


def cases(session: Session, wanted: WantedCases, *, cursor: str | None) -> tuple[Page[Case], int | None]:
    """A page of the cases that are asked for, the newest first, and how many they are (None: too many to count)."""
    rows = _asked_for(session, wanted)
    shown = rows.options(
        joinedload(Case.agency).load_only(Agency.name),
        joinedload(Case.evaluation)
        .load_only(Evaluation.number)
        .joinedload(Evaluation.applicant)
        .load_only(Applicant.name),
    )
    return page_of(session, shown, keys=(Case.id,), cursor=cursor, descending=True), bounded_count(session, rows)


def cases_exported(session: Session, wanted: WantedCases) -> Iterator[tuple[Any, ...]]:
    """Every case that is asked for, a row each for the spreadsheet."""
    rows = (
        _asked_for(session, wanted)
        .outerjoin(Evaluation, Evaluation.id == Case.evaluation_id)
        .outerjoin(Applicant, Applicant.id == Evaluation.applicant_id)
        .with_only_columns(
            Case.number, Case.kind, Case.state, Agency.name, Evaluation.number, Applicant.name, Case.facts,
            Case.opened_at, Case.closed_at, Case.outcome, Case.outcome_reason,
        )
        .order_by(Case.id.desc())
        .execution_options(yield_per=500)
    )  # fmt: skip
    for number, kind, state, *named, outcome, reason in session.execute(rows):
        yield number, kind.label, state.label, *named, outcome.label if outcome else "", reason


def _asked_for(session: Session, wanted: WantedCases) -> Select[Any]:
    rows = select(Case).outerjoin(Agency, Agency.id == Case.agency_id)
    if wanted.kind is not None:
        rows = rows.where(Case.kind == wanted.kind)
    if wanted.state is not None:
        rows = rows.where(Case.state == wanted.state)
    return naming.named(session, rows, wanted.word)


def timeline_of(case: Case, names: dict[int, str]) -> list[Happening]:
    """What happened in a case, newest first."""
    opened = Happening(case.opened_at, "立案", "", names.get(case.opened_by or 0, ""))
    notes = [Happening(note.at, "办理记录", note.text, note.by) for note in case.notes]
    closed = []
    if case.closed_at is not None and case.outcome is not None:
        title = f"办结：{case.outcome.label}"
        closed = [Happening(case.closed_at, title, case.outcome_reason or "", names.get(case.closed_by or 0, ""))]
    return [*closed, *reversed(notes), opened]


def names_of(session: Session, *user_ids: int | None) -> dict[int, str]:
    """Account id → the officer's name."""
    rows = session.execute(select(User.id, User.display_name).where(User.id.in_([each for each in user_ids if each])))
    return {row.id: row.display_name for row in rows}


def open_cases_of(session: Session, evaluation_id: int) -> Sequence[Case]:
    """The cases about an evaluation that are still handled."""
    rows = select(Case).where(Case.evaluation_id == evaluation_id, Case.state == CaseState.OPEN)
    return session.scalars(rows.order_by(Case.id)).all()


def lacking_for_correction(session: Session, case: Case) -> str:
    """What still keeps the case about an agreement from being closed as corrected; "" where nothing does."""
    if case.evaluation is None:
        return ""
    try:
        standing_still.require_liftable(screening.facts_of(session, case.evaluation), ever_confirmed=True)
    except standing_still.NotClean as refusal:
        return refusal.message
    return ""


# ── recording past the gate ───────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Chosen:
    """What has been chosen so far of an evaluation to record."""

    agency: Agency | None
    applicant: Applicant | None


def chosen(session: Session, agency_id: int | None, applicant_id: int | None) -> Chosen:
    """Whom the ids in the address bar mean, if anybody."""
    return Chosen(
        session.get(Agency, agency_id) if _is_id(agency_id) else None,
        session.get(Applicant, applicant_id) if _is_id(applicant_id) else None,
    )


def _is_id(number: int | None) -> bool:
    return number is not None and 0 < number <= LARGEST_INTEGER


def agencies_named(session: Session, word: str) -> Sequence[Agency]:
    """The first agencies that are called so, those only known from a ledger too; none without a word."""
    if not word:
        return ()
    rows = naming.named(session, select(Agency), word).order_by(Agency.sort_key, Agency.id).limit(FOUND)
    return session.scalars(rows.options(load_only(Agency.name, Agency.credit_code, Agency.standing))).all()


def partners_of(session: Session, agency_id: int, lines: Sequence[str]) -> tuple[int, ...]:
    """The agencies that made it with this one, by credit code or full name, in the order given.

    Those too that are only known from a ledger. Raises NoSuchPartner with everything that is wrong.
    """
    if not lines:
        return ()
    codes = {line: unicodedata.normalize("NFKC", line).upper() for line in lines}  # typed in full width as well
    meant = or_(Agency.credit_code.in_(codes.values()), Agency.name.in_(lines))
    found: defaultdict[str, list[int]] = defaultdict(list)
    for row in session.execute(select(Agency.id, Agency.credit_code, Agency.name).where(meant).order_by(Agency.id)):
        for known in {row.credit_code, row.name} - {None}:
            found[known].append(row.id)
    ids = [found[line] or found[codes[line]] for line in lines]
    refusals = Collected()
    for line, known in zip(lines, ids, strict=True):
        with refusals.attempt():
            if len(known) != 1:
                told = "没有这家机构，请核对代码或全称" if not known else "有几家机构都叫这个名称，请填统一社会信用代码"
                raise NoSuchPartner(f"“{line[:40]}”：{told}。", field="partners")
            if known[0] == agency_id:
                raise NoSuchPartner("这里只填联合评价的其他机构，不填牵头机构。", field="partners")
    refusals.settle()
    return tuple(dict.fromkeys(each for (each,) in ids))


def applicants_named(session: Session, word: str) -> Sequence[Applicant]:
    """The first applicants that are called so; none without a word."""
    if not word:
        return ()
    rows = applicant_naming.named(session, select(Applicant), word).order_by(Applicant.sort_key, Applicant.id)
    shown = load_only(Applicant.name, Applicant.credit_code, Applicant.bureau)
    return session.scalars(rows.limit(FOUND).options(shown)).all()


def against(session: Session, entry: RegistrationEntry) -> tuple[Refusal, ...]:
    """What the gate has against an entry today, for the desk. Raises DomainError for an unsound one, NothingAgainst."""
    today, in_force = clock.today(), law.jurisdiction()
    rules.require_sound_record(entry, today=today, law=in_force)
    found = gate.check(facts_of(session, entry, on=today, desk=True), in_force).refusals
    rules.require_hindered(found)
    return found
