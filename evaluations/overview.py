"""An evaluation as its page shows it: what it is, how far along, what is next, what it holds, what happened."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from agency.models import Place
from agency.queries.places import terms_of
from agency.rules.capping import representative_on
from core import law
from evaluations import makers, standards
from evaluations.flags import flags_of
from evaluations.models import AgreementScreening, Evaluation, Party
from evaluations.next_steps import NextStep, next_step
from evaluations.queries import adopting, screening
from evaluations.queries import working as queries
from evaluations.rules.adopting import Objection, halting, hindrances
from evaluations.rules.states import EvaluationFlag, HoldKind, Outcome, State


@dataclass(frozen=True, slots=True)
class HeldPlace:
    """A place of the cap: whose it is, and its number; None: none was free. `agency_ids`: for which of its makers."""

    holder: str
    year: int
    number: int | None
    agency_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """An item of components/steps.html."""

    label: str
    status: str
    note: str = ""
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Happening:
    """An entry of components/timeline.html."""

    at: datetime
    title: str
    text: str
    by: str


@dataclass(frozen=True, slots=True)
class Overview:
    evaluation: Evaluation
    flags: tuple[EvaluationFlag, ...]
    standard: str
    leading: Party | None
    joining: tuple[Party, ...]
    places: tuple[HeldPlace, ...]
    against: tuple[Objection, ...]  # handing over, or adopting what was handed over
    next: NextStep
    progress: tuple[Progress, ...]
    history: tuple[Happening, ...]
    has_login: bool  # of the applicant
    screenings: tuple[AgreementScreening, ...]  # of its agreements, the one in use first

    @property
    def screening_of(self) -> Mapping[int, AgreementScreening]:
        """By the agreement that was screened."""
        return {each.agreement_id: each for each in self.screenings}

    @property
    def started_on(self) -> date | None:
        """The first day on site."""
        return min((visit.on for visit in self.evaluation.visits), default=None)

    @property
    def reported_on(self) -> date | None:
        return self.evaluation.reports[0].issued_on if self.evaluation.reports else None


def overview_of(session: Session, evaluation: Evaluation, *, on: date) -> Overview:
    """Everything its page shows; asks a fixed number of queries."""
    places = tuple(_places(session, evaluation))
    has_login = queries.has_login(session, evaluation.applicant_id)
    against = _against(session, evaluation, on)
    held = any(place.number is not None for place in places)
    return Overview(
        evaluation=evaluation,
        flags=flags_of(session, [evaluation])[evaluation.id],
        standard=standards.title_of(evaluation.standard, evaluation.other_standard),
        leading=makers.leading(evaluation),
        joining=makers.joining(evaluation),
        places=places,
        against=against,
        next=next_step(evaluation, against=against, has_login=has_login, holds_places=held, today=on),
        progress=tuple(_progress(evaluation)),
        history=tuple(sorted(_happenings(evaluation), key=lambda each: each.at, reverse=True)),
        has_login=has_login,
        screenings=screening.screenings_of(session, evaluation),
    )


def _against(session: Session, evaluation: Evaluation, on: date) -> tuple[Objection, ...]:
    if evaluation.state not in (State.REPORT_ISSUED, State.HANDED_OVER):
        return ()
    facts = adopting.facts_of(session, evaluation, on=on)
    if evaluation.state is State.REPORT_ISSUED:
        return tuple(halting(facts, law.jurisdiction()))
    return hindrances(facts, law.jurisdiction())


def _places(session: Session, evaluation: Evaluation) -> Iterator[HeldPlace]:
    """Persons by the name they have as representative of one of its agencies."""
    agencies = {party.agency_id: party.agency.name for party in evaluation.parties}
    if not agencies:
        return
    terms = terms_of(session, agencies)
    for row in session.scalars(select(Place).where(Place.evaluation_id == evaluation.id).order_by(Place.id)):
        if row.agency_id is not None:
            yield HeldPlace(agencies.get(row.agency_id, ""), row.year, row.number, (row.agency_id,))
            continue
        offices = ((agency_id, representative_on(terms[agency_id], row.counted_on)) for agency_id in agencies)
        whose = {
            agency_id: office.name for agency_id, office in offices if office and office.person_id == row.person_id
        }
        yield HeldPlace(f"法定代表人 {next(iter(whose.values()), '')}", row.year, row.number, tuple(whose))


COURSE = ("登记", "现场评价和复核", "出具报告", "提交", "采信")
DONE = {  # how many of these are behind it
    State.REGISTERED: 1,
    State.IN_PROGRESS: 1,
    State.REPORT_ISSUED: 3,
    State.HANDED_OVER: 4,
    State.ADOPTED: 5,
    State.NOT_ADOPTED: 5,
}


def _progress(evaluation: Evaluation) -> Iterator[Progress]:
    """How far along; of a withdrawn one, how far it came."""
    withdrawn = evaluation.state is State.WITHDRAWN
    state = (evaluation.withdrawn_from or State.REGISTERED) if withdrawn else evaluation.state
    done = DONE[state]
    days = (
        evaluation.begun_on,
        min((visit.on for visit in evaluation.visits), default=None),
        evaluation.reports[0].issued_on if evaluation.reports else None,
        evaluation.handed_over_on,
        evaluation.adoptions[-1].on if evaluation.adoptions and done == len(COURSE) else None,
    )
    for place, (label, day) in enumerate(zip(COURSE, days, strict=True)):
        status = "done" if place < done else "now" if place == done and not withdrawn else "todo"
        not_adopted = place == len(COURSE) - 1 and state is State.NOT_ADOPTED
        yield Progress("未采信" if not_adopted else label, status, day.isoformat() if day else "")


def _happenings(evaluation: Evaluation) -> Iterator[Happening]:
    for step in evaluation.steps:
        yield Happening(step.at, step.action.label, step.reason, step.by)
    for hold in evaluation.holds:
        opened = "培育对象提出异议" if hold.kind is HoldKind.DISPUTE else "主管部门中止"
        yield Happening(hold.opened_at, opened, hold.reason, "")
        if hold.closed_at is not None and hold.outcome is not None:
            closed = "解除中止" if hold.outcome is Outcome.LIFTED else hold.outcome.label
            yield Happening(hold.closed_at, closed, hold.outcome_reason or "", "主管部门")
    if evaluation.confirmation is not None:
        letter = evaluation.confirmation.file_id is not None
        said = "上传培育对象确认函" if letter else "培育对象确认委托"
        yield Happening(evaluation.confirmation.at, said, "", evaluation.confirmation.by)
