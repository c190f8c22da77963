"""Entering an evaluation inside a running transaction: its rows, its number, its places, its sums, its first step.

What bars it is asked before: by the gate where an agency registers it (`evaluations.services.registering`); an
officer's record (reading 6) goes past the gate, which is said by `past_gate`.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from agency import places
from agency.models import Agency, StaffMember
from applicants.models import Applicant
from core import clock, law, numbers
from core.refs import Actor
from core.uploads import StoredFile
from evaluations import screenings, steps, tallies
from evaluations.entries import RegistrationEntry
from evaluations.models import Agreement, Evaluation, Party, TeamMember
from evaluations.rules import entering as rules
from evaluations.rules.states import Action, Consent, Level, Mode, State

SERIES = "evaluation"


def held(session: Session, agency_ids: Sequence[int], level: Level, *, counted_on: date) -> list[Agency]:
    """The agencies in the order given, locked: what is looked at of them stays so until it is acted on.

    At the national level their representatives too, so that who comes second reads how many places are used. They are
    locked in the order of their ids, whoever leads, and ahead of sums, numbers and log: nobody waits in a ring.
    """
    rows = session.scalars(
        select(Agency)
        .where(Agency.id.in_(agency_ids))
        .order_by(Agency.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    found = {agency.id: agency for agency in rows}
    if level is Level.NATIONAL and agency_ids:
        places.hold(session, agency_ids, counted_on=counted_on)
    return [found[agency_id] for agency_id in agency_ids]


def enter(
    session: Session,
    entry: RegistrationEntry,
    *,
    by: Actor | None,
    name: str,
    agreement: StoredFile | None,
    unfiled: bool = False,
    past_gate: bool = False,
    reason: str = "",
) -> Evaluation:
    """Put an evaluation in: `name` is who does it, as its history shows it. Without agencies it is a self-evaluation.

    Past the gate it takes what places are free and stays, over the cap, without those that aren't. Raises NoPlaceLeft.
    """
    today = clock.today()
    # shared: whoever gives the applicant to another bureau waits, and takes this evaluation along
    applicant = session.get_one(Applicant, entry.applicant_id, with_for_update={"read": True}, populate_existing=True)
    evaluation = Evaluation(
        number=f"评〔{today.year}〕{numbers.next_number(session, SERIES, today.year):05d}",
        applicant=applicant,
        kind=entry.kind,
        level=entry.level,
        mode=Mode.THIRD_PARTY if entry.agency_ids else Mode.SELF,
        year=entry.year,
        bureau=applicant.bureau,
        begun_on=entry.begun_on,
        standard=entry.standard,
        other_standard=entry.other_standard,
        planned_from=entry.planned_from,
        planned_until=entry.planned_until,
        statement=entry.statement,
        state=State.REGISTERED,
        unfiled=unfiled,
        entered_late=rules.entered_late(entry.begun_on, on=today, law=law.jurisdiction()),
        entered_at=clock.now(),
        entered_by=by.id if by else None,
    )
    consent = Consent.NOT_ASKED if past_gate else Consent.ASKED
    evaluation.parties.extend(
        Party(agency_id=agency_id, leads=place == 0, consent=consent if place else Consent.NOT_ASKED)
        for place, agency_id in enumerate(entry.agency_ids)
    )
    evaluation.team.extend(_team(session, entry))
    if entry.agency_ids:
        evaluation.agreements.append(_agreement(entry, agreement, by))
    session.add(evaluation)
    session.flush()
    take_places(session, evaluation, entry.level, counted_on=entry.begun_on, past_gate=past_gate)
    tallies.count(session, evaluation, 1)
    for each in evaluation.agreements:
        screenings.ask(session, evaluation, each)
    action = Action.RECORD if past_gate else Action.REGISTER
    steps.note(session, evaluation, action, before=None, by=by, name=name, reason=reason)
    return evaluation


def take_places(
    session: Session, evaluation: Evaluation, level: Level, *, counted_on: date, past_gate: bool = False
) -> None:
    """The places that it needs at a level; past the gate, those that are free. Raises NoPlaceLeft, PlacesMoved."""
    agency_ids = [party.agency_id for party in evaluation.parties]
    if level is not Level.NATIONAL or not agency_ids or not places.needs_places(law.jurisdiction(), counted_on):
        return
    take = places.take_what_is_free if past_gate else places.take
    take(session, evaluation.id, agency_ids, counted_on=counted_on)


def _agreement(entry: RegistrationEntry, file: StoredFile | None, by: Actor | None) -> Agreement:
    return Agreement(
        number=1,
        amount_fen=entry.amount_fen,
        file_id=file.id if file else None,
        entered_at=clock.now(),
        entered_by=by.id if by else None,
    )


def _team(session: Session, entry: RegistrationEntry) -> Iterator[TeamMember]:
    """Those named, by the names that the roster has for them. LookupError for who isn't on it."""
    names = names_of(session, entry.team)
    for agency_id, person_id in entry.team:
        yield TeamMember(
            agency_id=agency_id,
            person_id=person_id,
            name=names[agency_id, person_id],
            leads=person_id == entry.leader_id,
        )


def names_of(session: Session, members: tuple[tuple[int, int], ...]) -> dict[tuple[int, int], str]:
    """(agency, person) → the name on the agency's roster: the latest, where somebody came back under another."""
    staff = StaffMember
    rows = session.execute(
        select(staff.agency_id, staff.person_id, staff.name)
        .where(
            staff.agency_id.in_({agency_id for agency_id, _ in members}),
            staff.person_id.in_({person_id for _, person_id in members}),
        )
        .order_by(staff.id)
    )
    return {(row.agency_id, row.person_id): row.name for row in rows}
