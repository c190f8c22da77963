"""What rests on an agency's reports: its evaluations, and the list entries that were made on their strength."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from agency.models import Agency, FormerName, NonAdoption, Spelling
from agency.models.ledgers import parts
from applicants.entries import JILIN
from applicants.models import Applicant
from evaluations.models import Adoption, Evaluation, ListEntry, Party
from evaluations.rules.states import RUNNING, Consent, Level, State
from sanctions.models import TaskKind
from sanctions.rules import impact as rules

MADE_BY = (Consent.NOT_ASKED, Consent.GIVEN)  # it leads, was recorded by an officer, or agreed to make it jointly


@dataclass(frozen=True, slots=True)
class Resting:
    """An evaluation or a list entry; `label` is what its applicant knows it by."""

    kind: TaskKind
    applicant_id: int
    evaluation_id: int | None
    list_entry_id: int | None
    bureau: str | None  # who looks again; None: the province
    applicants_bureau: str  # whom the applicant may ask
    label: str


def resting_on(session: Session, period: NonAdoption) -> list[Resting]:
    """Everything that a period touches, in a fixed number of queries."""
    return [*_evaluations(session, period), *_entries(session, period)]


def _evaluations(session: Session, period: NonAdoption) -> Iterator[Resting]:
    newest = select(func.max(Adoption.id)).where(Adoption.adopted).group_by(Adoption.evaluation_id)
    rows = (
        select(
            Evaluation.id, Evaluation.number, Evaluation.state, Evaluation.level, Evaluation.bureau,
            Evaluation.applicant_id, Adoption.on, Adoption.in_spite_of,
        )
        .join(Party, Party.evaluation_id == Evaluation.id)
        .outerjoin(Adoption, and_(Adoption.evaluation_id == Evaluation.id, Adoption.id.in_(newest)))
        .where(Party.agency_id == period.agency_id, Party.consent.in_(MADE_BY))
        .where(Evaluation.state.in_((*RUNNING, State.ADOPTED)))
        .order_by(Evaluation.id)
    )  # fmt: skip
    for id_, number, state, level, bureau, applicant_id, on, in_spite_of in session.execute(rows):
        kind = rules.resting(
            state, on, first_day=period.first_day, last_day=period.last_day, reasoned=bool(in_spite_of)
        )
        if kind is not None:
            competent = rules.competent_bureau(level, bureau)
            yield Resting(kind, applicant_id, id_, None, competent, bureau, f"评价 {number}")


def _entries(session: Session, period: NonAdoption) -> Iterator[Resting]:
    rows = (
        select(ListEntry, Applicant.bureau)
        .join(Applicant, Applicant.id == ListEntry.applicant_id)
        .where(at_home(), ListEntry.removed_on.is_(None), _made_on(session, period))
        .order_by(ListEntry.id)
    )
    for entry, bureau in session.execute(rows):
        competent = rules.competent_bureau(entry.level, bureau)
        label = f"{entry.name}（{entry.list_name}）"
        yield Resting(TaskKind.LIST_ENTRY, entry.applicant_id, None, entry.id, competent, bureau, label)


def at_home() -> ColumnElement[bool]:
    """On a list of this province, or from it on a national one: whom other provinces sent is looked after there."""
    return or_(ListEntry.level != Level.NATIONAL, ListEntry.region.startswith(JILIN))


def elsewhere(session: Session, agency_id: int) -> int:
    """How many entries of other provinces name the agency: told beside the map, no task of ours."""
    rows = select(func.count(ListEntry.id)).where(
        ~at_home(), ListEntry.removed_on.is_(None), ListEntry.agency.in_(names_of(session, agency_id))
    )
    return session.scalar(rows) or 0


def _made_on(session: Session, period: NonAdoption) -> ColumnElement[bool]:
    """The entry names the agency, in whichever spelling; or it names none, and rests on an evaluation by the agency
    that was adopted for the same applicant, kind and level, for that year or the one before."""
    names = names_of(session, period.agency_id)
    adopted = exists().where(
        Evaluation.applicant_id == ListEntry.applicant_id,
        Evaluation.kind == ListEntry.kind,
        Evaluation.year.in_((ListEntry.year, ListEntry.year - 1)),
        Party.evaluation_id == Evaluation.id,
        Party.agency_id == period.agency_id,
        Party.consent.in_(MADE_BY),
        Adoption.evaluation_id == Evaluation.id,
        Adoption.adopted,
        Adoption.level == ListEntry.level,
        Adoption.on < period.first_day,
    )
    unnamed = or_(ListEntry.agency.is_(None), ListEntry.agency == "")
    return or_(ListEntry.agency.in_(names), and_(unnamed, adopted))


def names_of(session: Session, agency_id: int) -> Sequence[str]:
    """Every published name that means the agency: spellings joined to it, cells divided among it and others, and its
    own names past and present, unless an officer found that such a spelling means somebody else."""
    part = aliased(Spelling)
    joined = session.scalars(select(Spelling.text).where(Spelling.agency_id == agency_id))
    divided = session.scalars(
        select(Spelling.text)
        .join(parts, parts.c.spelling_id == Spelling.id)
        .join(part, part.id == parts.c.part_id)
        .where(part.agency_id == agency_id)
    )
    found = {*joined, *divided}
    former = select(FormerName.name).where(FormerName.agency_id == agency_id)
    own = {*session.scalars(select(Agency.name).where(Agency.id == agency_id)), *session.scalars(former)}
    taken = session.scalars(
        select(Spelling.text).where(
            Spelling.text.in_(own), Spelling.agency_id.is_not(None), Spelling.agency_id != agency_id
        )
    )
    return sorted(found | own.difference(taken))
