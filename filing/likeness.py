"""What a filing has in common with agencies that are not adopted (第二十二条第三款): facts for the rule, rows to keep.

A filing with the desk is held against the barred agencies as it was handed in, one in force as the agency is today.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from agency.models import Agency, NonAdoption, Office, Person, Representation, StaffMember
from agency.particulars import Particulars, to_json
from agency.persons import in_chunks
from agency.queries import agency_with_everything
from core import audit, clock
from core.law import jurisdiction
from core.refs import Actor
from core.traces import phone_mark, read_address
from filing import queries
from filing.models import EvasionMatch, Filing, Submission
from filing.rules import PENDING_STATES, State
from filing.rules.evasion import Answer, Barred, Body, Likeness, Phone, Place, Presence, Terms, likenesses
from notices import outbox
from notices.outbox import Audience

HELD = (State.FILED, State.SUPERSEDED, State.CANCELLED)
CONTACT, REPRESENTATIVE = "机构联系电话", "法定代表人电话"


@dataclass(frozen=True, slots=True)
class Standing:
    """A likeness as it is now, and what was decided on these very facts."""

    likeness: Likeness
    decision: EvasionMatch | None

    @property
    def is_open(self) -> bool:
        return self.decision is None

    @property
    def is_evasion(self) -> bool:
        return self.decision is not None and self.decision.answer is Answer.EVASION


@dataclass(frozen=True, slots=True)
class Found:
    """All barred agencies that a filing is like."""

    each: tuple[Standing, ...] = ()

    @property
    def undecided(self) -> tuple[Likeness, ...]:
        return tuple(standing.likeness for standing in self.each if standing.is_open)

    @property
    def evading(self) -> tuple[Likeness, ...]:
        return tuple(standing.likeness for standing in self.each if standing.is_evasion)


def found_in(session: Session, filing: Filing) -> Found:
    """What a filing has in common with barred agencies now; nothing for one that came to an end."""
    if filing.state not in PENDING_STATES and filing.state is not State.FILED:
        return Found()
    on = clock.today()
    periods = barring(session, on=on, but=filing.agency_id)
    if not periods:
        return Found()
    body = _body_of(session, filing)
    barred = _barred(session, periods, {each.identity for each in (*body.representatives, *body.staff)}, on=on)
    found = likenesses(body, barred, Terms.of(jurisdiction(), on=on))
    decided = _decisions(session, filing.agency_id)
    return Found(tuple(Standing(each, decided.get((each.barred.agency_id, each.basis))) for each in found))


def barring(session: Session, *, on: date, but: int | None = None) -> Mapping[int, Sequence[NonAdoption]]:
    """Agency id → its periods of non-adoption that run, are to come, or ended within the setting; not `but`'s own."""
    over = on - timedelta(days=jurisdiction().number("evasion_after_days", on=on))
    rows = select(NonAdoption).where(NonAdoption.annulled_at.is_(None), NonAdoption.last_day >= over)
    found = defaultdict(list)
    for row in session.scalars(rows.order_by(NonAdoption.agency_id, NonAdoption.first_day, NonAdoption.id)):
        if row.agency_id != but:
            found[row.agency_id].append(row)
    return found


def _decisions(session: Session, agency_id: int) -> dict[tuple[int, str], EvasionMatch]:
    """Barred agency and basis → the newest decision on them, also one made on an earlier filing."""
    rows = select(EvasionMatch).where(EvasionMatch.agency_id == agency_id, EvasionMatch.answer.is_not(None))
    rows = rows.order_by(EvasionMatch.answered_at, EvasionMatch.id).execution_options(populate_existing=True)
    return {(row.barred_id, row.basis): row for row in session.scalars(rows)}


# ── facts of both sides ───────────────────────────────────────────────────────────────────────────────────────────────


def _body_of(session: Session, filing: Filing) -> Body:
    """What is handed in; of a filing in force what the agency is today."""
    if filing.state is State.FILED:
        facts, check = queries.live_check(session, filing.agency_id)
    else:
        facts, check = queries.snapshot(filing), queries.check_of(session, filing)
    phones = facts.phones or _living_phones(session, filing.agency_id)  # handed in before they were kept
    person, counted = facts.representative, frozenset(check.counted)
    return Body(
        representatives=(Presence(person.identity, person.name, person.since, None),) if person else (),
        staff=tuple(
            Presence(each.identity, each.name, each.joined_on, None, counts=each.identity in counted)
            for each in facts.staff
            if each.left_on is None
        ),
        places=_places_in(facts),
        phones=_phones_in(phones),
    )


def _places_in(facts: Particulars) -> tuple[Place, ...]:
    told = [("住所", facts.address), *(("办公场所", office.address) for office in facts.offices)]
    return tuple(Place(what, text, read_address(text)) for what, text in told if text)


def _phones_in(marks: Sequence[str]) -> tuple[Phone, ...]:
    named = zip((CONTACT, REPRESENTATIVE), marks, strict=True)
    return tuple(Phone(what, mark) for what, mark in named if mark)


def _living_phones(session: Session, agency_id: int) -> tuple[str, ...]:
    agency = agency_with_everything(session, agency_id)
    representative = agency.representation if agency else None
    return phone_mark(agency.contact_phone if agency else ""), phone_mark(
        representative.phone if representative else ""
    )


def _barred(
    session: Session, periods: Mapping[int, Sequence[NonAdoption]], identities: Collection[str], *, on: date
) -> list[Barred]:
    """Barred agencies with their past as far back as it counts, of their staff only who is asked about."""
    terms, ids = Terms.of(jurisdiction(), on=on), list(periods)
    handed_in = _handed_in(session, periods, terms)
    names = {row.id: row.name for row in session.execute(select(Agency.id, Agency.name).where(Agency.id.in_(ids)))}
    representatives, staff = _representatives(session, ids), _staff(session, ids, identities)
    places, phones = _places(session, ids), _phones(session, ids)
    found = []
    for agency_id, rows in periods.items():
        past = handed_in[agency_id]
        body = Body(
            representatives=(*representatives[agency_id], *(each for facts, day in past for each in _then(facts, day))),
            staff=(*staff[agency_id], *(each for facts, day in past for each in _roster(facts, day, identities))),
            places=(*places[agency_id], *(each for facts, _ in past for each in _places_in(facts))),
            phones=(*phones[agency_id], *(each for facts, _ in past for each in _phones_in(facts.phones or ("", "")))),
        )
        dated = tuple((row.first_day, row.last_day, row.document) for row in rows)
        found.append(Barred(agency_id, names[agency_id], dated, body))
    return found


def _handed_in(
    session: Session, periods: Mapping[int, Sequence[NonAdoption]], terms: Terms
) -> Mapping[int, list[tuple[Particulars, date]]]:
    """What the barred agencies had filed: kept whole, so that no later change of their entries hides anything."""
    found = defaultdict(list)
    rows = select(Submission, Filing.agency_id, Filing.ended_on).join(Submission.filing)
    rows = rows.where(Filing.agency_id.in_(list(periods)), Filing.state.in_(HELD)).order_by(Submission.id)
    for row, agency_id, ended_on in session.execute(rows):
        back = min(each.first_day for each in periods[agency_id]) - timedelta(days=terms.lookback_days)
        if ended_on is None or ended_on >= back:
            found[agency_id].append((queries.snapshot_of(row), clock.day_of(row.at)))
    return found


def _then(facts: Particulars, day: date) -> Iterator[Presence]:
    if facts.representative is not None:
        yield Presence(facts.representative.identity, facts.representative.name, facts.representative.since, day)


def _roster(facts: Particulars, day: date, identities: Collection[str]) -> Iterator[Presence]:
    for each in facts.staff:
        if each.identity in identities and each.left_on is None:
            yield Presence(each.identity, each.name, each.joined_on, day)


def _representatives(session: Session, ids: Sequence[int]) -> Mapping[int, list[Presence]]:
    found = defaultdict(list)
    rows = select(Representation).where(Representation.agency_id.in_(ids)).order_by(Representation.id)
    for row in session.scalars(rows):
        found[row.agency_id].append(Presence(row.person.identity, row.name, row.since, row.until))
    return found


def _staff(session: Session, ids: Sequence[int], identities: Collection[str]) -> Mapping[int, list[Presence]]:
    found = defaultdict(list)
    member = StaffMember
    columns = (member.agency_id, Person.identity, member.name, member.joined_on, member.left_on)
    rows = select(*columns).join(Person, Person.id == member.person_id).where(member.agency_id.in_(ids))
    for some in in_chunks(sorted(identities)):
        for row in session.execute(rows.where(Person.identity.in_(some)).order_by(member.id)):
            found[row.agency_id].append(Presence(row.identity, row.name, row.joined_on, row.left_on))
    return found


def _places(session: Session, ids: Sequence[int]) -> Mapping[int, list[Place]]:
    found = defaultdict(list)
    told = [("住所", *row) for row in session.execute(select(Agency.id, Agency.address).where(Agency.id.in_(ids)))]
    offices = select(Office.agency_id, Office.address).where(Office.agency_id.in_(ids)).order_by(Office.id)
    told += [("办公场所", *row) for row in session.execute(offices)]
    for what, agency_id, text in told:
        if text:
            found[agency_id].append(Place(what, text, read_address(text)))
    return found


def _phones(session: Session, ids: Sequence[int]) -> Mapping[int, list[Phone]]:
    found = defaultdict(list)
    contacts = session.execute(select(Agency.id, Agency.contact_phone).where(Agency.id.in_(ids)))
    told = [(CONTACT, *row) for row in contacts]
    rows = select(Representation.agency_id, Representation.phone).where(Representation.agency_id.in_(ids))
    told += [(REPRESENTATIVE, *row) for row in session.execute(rows.order_by(Representation.id))]
    for what, agency_id, number in told:
        if mark := phone_mark(number):
            found[agency_id].append(Phone(what, mark))
    return found


# ── what stays of it ──────────────────────────────────────────────────────────────────────────────────────────────────


def note(session: Session, filing: Filing, *, to: Collection[str], by: Actor | None) -> int:
    """Keep what was found now; who must decide on something new is told, once. Returns how many are new.

    What is no longer found lapses.
    """
    found, now = found_in(session, filing), clock.now()
    rows = select(EvasionMatch).where(EvasionMatch.filing_id == filing.id)
    known = {(row.barred_id, row.basis): row for row in session.scalars(rows)}
    current = {(each.likeness.barred.agency_id, each.likeness.basis): each for each in found.each}
    for key, row in known.items():
        row.lapsed_at = None if key in current else row.lapsed_at or now
    new = [row_of(session, filing, each) for key, each in current.items() if key not in known]
    if new:
        audit.record(session, "filing.match_found", filing, by=by, after=f"{len(new)}")
    if any(row.answer is None for row in new):
        for role in to:
            outbox.post(session, "filing_resembles", to=Audience.role(role), about=filing)
    return len(new)


def row_of(session: Session, filing: Filing, standing: Standing) -> EvasionMatch:
    """The row of something found for the first time in this filing; a decision on the same facts comes along."""
    likeness, before = standing.likeness, standing.decision
    row = EvasionMatch(
        filing_id=filing.id,
        agency_id=filing.agency_id,
        barred_id=likeness.barred.agency_id,
        submission_number=filing.latest.number if filing.latest else 0,
        basis=likeness.basis,
        weight=likeness.weight,
        summary=likeness.summary,
        matches=[to_json(match) for match in likeness.matches],
        found_at=clock.now(),
    )
    if before is not None:
        row.answer, row.reason, row.answered_at = before.answer, before.reason, before.answered_at
        row.answered_by, row.answerer = before.answered_by, before.answerer
    session.add(row)
    return row


def is_being_looked_at(session: Session, filing: Filing) -> bool:
    """Whether something about a filing with the desk waits to be cleared up: all that the agency is told."""
    open_ones = select(EvasionMatch.id).where(
        EvasionMatch.filing_id == filing.id, EvasionMatch.answer.is_(None), EvasionMatch.lapsed_at.is_(None)
    )
    return filing.state in PENDING_STATES and session.scalar(open_ones.limit(1)) is not None
