"""Reading proceedings: the desk's list, one of them with everything on its page, what a proposal starts from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from accounts.models import Role, User
from agency.models import Agency
from applicants.models import Applicant
from core import clock, law
from core.paging import Page, bounded_count, page_of
from core.search import contains, searchable
from core.uploads import StoredFile
from core.workdays import add_working_days, calendar
from evaluations.models import Evaluation, ListEntry
from sanctions import steps, wording
from sanctions.entries import Party
from sanctions.models import Measure, Proceeding, State, StatementFile
from sanctions.rules import course
from sanctions.wording import EvaluationLine
from supervision.models import Case, CaseFile, Conclusion


@dataclass(frozen=True, slots=True)
class WantedProceedings:
    """What is asked of the list; "" and None: everything."""

    word: str = ""
    measure: Measure | None = None
    state: State | None = None


@dataclass(frozen=True, slots=True)
class ClearedFile:
    """A piece of evidence that the other side may see, as the copy without metadata."""

    title: str
    file: StoredFile


@dataclass(frozen=True, slots=True)
class Shown:
    """A proceeding with everything on its page."""

    row: Proceeding
    name: str
    evaluations: Sequence[EvaluationLine]
    files: Sequence[ClearedFile]
    term_over: bool
    provisional: bool  # the term reaches into days that no notice has settled yet

    @property
    def may_be_decided(self) -> bool:
        """Whether the other side has been heard: answered, waived, or the term over without a word."""
        return self.row.state is State.ANSWERED or (self.row.state is State.TOLD and self.term_over)

    @property
    def standing(self) -> str:
        """The state in the words of today."""
        row = self.row
        if row.state is State.TOLD and self.term_over:
            return "陈述申辩期满，待决定"
        if row.state is State.ANSWERED and row.waived:
            return "已放弃陈述申辩，待决定"
        if row.state is State.DROPPED and row.told_at is None:
            return "提出后撤回"
        if row.state is State.PROPOSED and any(each.is_under_way for each in row.services):
            return "告知书已发出，待登记送达"
        return row.state.label


def find(session: Session, proceeding_id: int) -> Proceeding | None:
    """A proceeding with what hangs on it, in a fixed number of queries."""
    return session.scalar(
        select(Proceeding)
        .where(Proceeding.id == proceeding_id)
        .options(
            joinedload(Proceeding.case),
            joinedload(Proceeding.agency),
            joinedload(Proceeding.applicant),
            joinedload(Proceeding.entry),
            joinedload(Proceeding.non_adoption),
            selectinload(Proceeding.points),
            selectinload(Proceeding.services),
            selectinload(Proceeding.statement_files).joinedload(StatementFile.file),
        )
        .execution_options(populate_existing=not session.info.get("writing"))
    )


def was_annulled(session: Session, case_id: int) -> bool:
    """Whether a decision out of a case was annulled on review: the case keeps the outcome that it had."""
    rows = select(Proceeding.id).where(Proceeding.case_id == case_id, Proceeding.state == State.ANNULLED)
    return session.scalars(rows.limit(1)).first() is not None


def is_term_over(row: Proceeding) -> bool:
    """Whether the term for the statement is over now."""
    return row.statement_due is not None and course.term_over(row.statement_due, clock.now())


def shown(session: Session, row: Proceeding) -> Shown:
    provisional = row.statement_due is not None and not calendar(session).is_settled(row.statement_due)
    return Shown(
        row,
        wording.party_name(row),
        evaluations_of(session, row.evaluation_ids),
        files_of(session, row),
        is_term_over(row),
        provisional,
    )


def evaluations_of(session: Session, ids: Sequence[int]) -> list[EvaluationLine]:
    rows = (
        select(Evaluation.number, Applicant.name, Evaluation.kind)
        .join(Applicant, Applicant.id == Evaluation.applicant_id)
        .where(Evaluation.id.in_(ids))
        .order_by(Evaluation.id)
    )
    return [EvaluationLine(number, name, kind.label) for number, name, kind in session.execute(rows)] if ids else []


def files_of(session: Session, row: Proceeding) -> list[ClearedFile]:
    """The evidence that goes with the notice, in its order."""
    if not row.files:
        return []
    rows = (
        select(CaseFile)
        .where(CaseFile.id.in_(row.files), CaseFile.case_id == row.case_id, CaseFile.cleared_file_id.is_not(None))
        .options(joinedload(CaseFile.cleared))
        .order_by(CaseFile.id)
    )
    return [ClearedFile(each.title, each.cleared) for each in session.scalars(rows) if each.cleared is not None]


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file of a proceeding, with whom it belongs to."""

    row: Proceeding
    file: StoredFile
    title: str

    @property
    def agency_id(self) -> int | None:
        return self.row.agency_id

    @property
    def applicant_id(self) -> int | None:
        return self.row.applicant_id

    @property
    def case(self) -> Case:
        return self.row.case

    @property
    def applicant(self) -> Applicant | None:
        return self.row.applicant


def file_of(session: Session, row: Proceeding, file_id: int) -> FoundFile | None:
    """A cleared copy or a file of the statement, by its row; never what is in the case itself."""
    for each in files_of(session, row):
        if each.file.id == file_id:
            return FoundFile(row, each.file, each.title)
    for added in row.statement_files:
        if added.file_id == file_id:
            return FoundFile(row, added.file, added.file.name)
    return None


# ── the list ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def proceedings(
    session: Session, user: User, wanted: WantedProceedings, *, cursor: str | None
) -> tuple[Page[Proceeding], int | None]:
    """A page of those that are asked for and in the user's scope, the newest first, and how many they are."""
    rows = _asked_for(user, wanted)
    loaded = rows.options(
        joinedload(Proceeding.agency).load_only(Agency.name),
        joinedload(Proceeding.applicant).load_only(Applicant.name),
    )
    return page_of(session, loaded, keys=(Proceeding.id,), cursor=cursor, descending=True), bounded_count(session, rows)


def exported(session: Session, user: User, wanted: WantedProceedings) -> Iterator[tuple[Any, ...]]:
    """A row each for the spreadsheet: what anybody at the desk may know of it, no free text."""
    rows = _asked_for(user, wanted).with_only_columns(
        Proceeding.number, Agency.name, Applicant.name, Proceeding.measure, Proceeding.state, Proceeding.proposed_at,
        Proceeding.told_at, Proceeding.statement_due, Proceeding.document, Proceeding.dated, Proceeding.first_day,
        Proceeding.served_at, Proceeding.published_at,
    )  # fmt: skip
    for number, agency, applicant, measure, state, *rest in session.execute(rows.order_by(Proceeding.id.desc())):
        yield number, agency or applicant, measure.label, state.label, *rest


def _asked_for(user: User, wanted: WantedProceedings) -> Select[Any]:
    rows = (
        select(Proceeding)
        .outerjoin(Agency, Agency.id == Proceeding.agency_id)
        .outerjoin(Applicant, Applicant.id == Proceeding.applicant_id)
        .join(Case, Case.id == Proceeding.case_id)
        .where(in_scope(user))
    )
    if wanted.measure is not None:
        rows = rows.where(Proceeding.measure == wanted.measure)
    if wanted.state is not None:
        rows = rows.where(Proceeding.state == wanted.state)
    if wanted.word:
        plain = searchable(wanted.word)
        rows = rows.where(
            or_(
                contains(Agency.search_text, plain),
                contains(Applicant.search_text, plain),
                Proceeding.number.contains(wanted.word, autoescape=True),
                Proceeding.document.contains(wanted.word, autoescape=True),
            )
        )
    return rows


def in_scope(user: User) -> ColumnElement[bool]:
    """What an officer sees of them; the rows are joined with their case and applicant."""
    if user.is_provincial:
        return Proceeding.id.is_not(None)
    if Role.MUNICIPAL not in user.roles:
        return Proceeding.id.is_(None)
    return or_(Case.bureau == user.bureau, Applicant.bureau == user.bureau)


# ── proposing ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Starting:
    """What a proposal against a party starts from: the conclusions of the case and what was cleared."""

    party: Party
    name: str
    measures: Sequence[Measure]
    facts: str
    evidence: str
    files: Sequence[tuple[int, str]]  # case_file id, title
    entries: Sequence[ListEntry]
    evaluations: Sequence[EvaluationLine]


def parties_of(session: Session, case: Case) -> list[Party]:
    """Against whom something is established in a case, in the order of its conclusions."""
    rows = select(Conclusion.agency_id, Conclusion.applicant_id).where(
        Conclusion.case_id == case.id, Conclusion.result.in_(course.ESTABLISHED)
    )
    found = [
        Party(agency_id, None if agency_id is not None else applicant_id)
        for agency_id, applicant_id in session.execute(rows.order_by(Conclusion.id))
        if agency_id is not None or applicant_id is not None
    ]
    return list(dict.fromkeys(found))


def starting(session: Session, case: Case, party: Party) -> Starting:
    """The conclusions' words as the beginning of the notice's; an officer makes them fit to be told."""
    against = (
        Conclusion.agency_id == party.agency_id
        if party.agency_id is not None
        else Conclusion.applicant_id == party.applicant_id
    )
    rows = session.scalars(
        select(Conclusion)
        .where(Conclusion.case_id == case.id, Conclusion.result.in_(course.ESTABLISHED), against)
        .order_by(Conclusion.id)
    ).all()
    opened = course.measures_open(steps.established(session, case.id, party), listed_unit=party.is_unit)
    files = session.execute(
        select(CaseFile.id, CaseFile.title)
        .where(CaseFile.case_id == case.id, CaseFile.cleared_file_id.is_not(None))
        .order_by(CaseFile.id)
    )
    ids = sorted({number for row in rows for number in row.evaluation_ids})
    return Starting(
        party,
        _name_of(session, party),
        [each for each in Measure if each in opened],
        "\n".join(row.facts for row in rows),
        "\n".join(row.evidence for row in rows),
        [(each.id, each.title) for each in files],
        _entries(session, party),
        evaluations_of(session, ids),
    )


def _name_of(session: Session, party: Party) -> str:
    if party.agency_id is not None:
        return session.get_one(Agency, party.agency_id).name
    return session.get_one(Applicant, party.applicant_id).name


def _entries(session: Session, party: Party) -> Sequence[ListEntry]:
    if party.applicant_id is None:
        return ()
    rows = select(ListEntry).where(ListEntry.applicant_id == party.applicant_id, ListEntry.removed_on.is_(None))
    return session.scalars(rows.order_by(ListEntry.year.desc(), ListEntry.id)).all()


# ── what waits ────────────────────────────────────────────────────────────────────────────────────────────────────────


def to_decide(today: date) -> ColumnElement[bool]:
    """Heard, and not decided."""
    return or_(
        Proceeding.state == State.ANSWERED, and_(Proceeding.state == State.TOLD, Proceeding.statement_due < today)
    )


def publication_due(session: Session, row: Proceeding) -> date | None:
    """Until when a served decision is to be published."""
    if row.served_at is None:
        return None
    served_on = clock.day_of(row.served_at)
    days = law.jurisdiction().number("publication_workdays", on=served_on)
    return add_working_days(served_on, days, calendar(session)).day


def overlong_since(row: Proceeding) -> date | None:
    """The day since which the case has been open longer than it should without a decision; None: not so."""
    if row.state not in course.UNDECIDED:
        return None
    opened, today = clock.day_of(row.case.opened_at), clock.today()
    days = law.jurisdiction().number("proceeding_days", on=today)
    return opened + timedelta(days=days) if course.is_overlong(opened, today, days=days) else None
