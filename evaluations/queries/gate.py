"""The facts that the gate judges, in a fixed number of queries, as the reader may know them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Date, Text, cast, literal, null, or_, select, union_all
from sqlalchemy.orm import Session
from sqlalchemy.orm.util import identity_key

from agency.models import Agency, Flag, FlagKind, NonAdoption, Person, Representation, StaffMember
from agency.queries import places
from agency.queries.places import HolderUsage
from agency.rules.capping import InOffice, representative_on
from applicants.models import Applicant, Kind
from applicants.queries import exclusions_on
from core.law import jurisdiction
from evaluations.entries import RegistrationEntry
from evaluations.models import Evaluation
from evaluations.queries.working import agencies_of
from evaluations.rules.facts import (
    AgencyFacts,
    ApplicantFacts,
    ExclusionFacts,
    GateFacts,
    Intent,
    Period,
    PersonFacts,
    Usage,
)
from evaluations.rules.states import RUNNING, Level, Mode
from filing.models import Filing
from filing.rules import State as FilingState

WERE_IN_FORCE = (FilingState.FILED, FilingState.SUPERSEDED, FilingState.CANCELLED)


def facts_of(session: Session, entry: RegistrationEntry, *, on: date, desk: bool) -> GateFacts:
    """What the gate judges of an entry on the day it is registered; without agencies it is a self-evaluation.

    `desk`: agencies of the same representative are named; others read of them together, and don't read how those stand
    whom they name as partners. Raises NoResultFound for an applicant that isn't there.
    """
    intent = Intent(
        kind=entry.kind,
        level=entry.level,
        mode=Mode.THIRD_PARTY if entry.agency_ids else Mode.SELF,
        begun_on=entry.begun_on,
        counted_on=entry.begun_on,
        on=on,
    )
    applicant = session.get_one(Applicant, entry.applicant_id)
    return _facts(session, intent, applicant, entry.agency_ids, entry.year, desk=desk, statement=entry.statement)


def facts_of_raising(
    session: Session,
    evaluation: Evaluation,
    *,
    on: date,
    desk: bool,
    level: Level | None = None,
    year: int | None = None,
    statement: str | None = None,
) -> GateFacts:
    """What the gate judges of an evaluation that is raised on a day: to `level`, for `year`, with `statement`.

    What isn't given is as the evaluation has it.
    """
    intent = Intent(
        kind=evaluation.kind,
        level=level or evaluation.level,
        mode=evaluation.mode,
        begun_on=evaluation.begun_on,
        counted_on=on,
        on=on,
    )
    agency_ids = agencies_of(evaluation)
    return _facts(
        session,
        intent,
        evaluation.applicant,
        agency_ids,
        year or evaluation.year,
        desk=desk,
        statement=evaluation.statement if statement is None else statement,
        itself=evaluation.id,
    )


def _facts(
    session: Session,
    intent: Intent,
    applicant: Applicant,
    agency_ids: Sequence[int],
    year: int,
    *,
    desk: bool,
    statement: str,
    itself: int | None = None,
) -> GateFacts:
    return GateFacts(
        intent=intent,
        applicant=_applicant(session, applicant, intent.on),
        agencies=(
            _agencies(session, agency_ids, applicant, counted_on=intent.counted_on, desk=desk) if agency_ids else ()
        ),
        usage=_usage(session, intent, agency_ids, desk=desk),
        running=_running(session, applicant.id, intent.kind, year, itself),
        statement=statement,
    )


def _applicant(session: Session, applicant: Applicant, day: date) -> ApplicantFacts:
    representative = None
    if applicant.representative or applicant.representative_identity:
        representative = PersonFacts(applicant.representative, applicant.representative_identity)
    return ApplicantFacts(
        name=applicant.name,
        codes=frozenset(code for code in (applicant.credit_code, applicant.body_code) if code),
        kinds=frozenset(applicant.kinds),
        representative=representative,
        contact=applicant.contact_name,
        exclusions=tuple(
            ExclusionFacts(each.ground.label, each.on, each.until, each.source, each.whom)
            for each in exclusions_on(session, applicant, day)
        ),
    )


class _Fact(StrEnum):
    FILED = "filed"
    BARRED = "barred"
    UNMET = "unmet"


@dataclass(frozen=True, slots=True)
class _Standing:
    """What is read of several agencies at once, by agency."""

    filed: Mapping[int, list[Period]]
    barred: Mapping[int, list[Period]]
    unmet: Mapping[int, tuple[date, str]]
    representatives: Mapping[int, PersonFacts]
    staff: Mapping[int, list[PersonFacts]]


def _agencies(
    session: Session, agency_ids: Sequence[int], applicant: Applicant, *, counted_on: date, desk: bool
) -> tuple[AgencyFacts, ...]:
    rows = _rows(session, agency_ids)
    periods: dict[_Fact, defaultdict[int, list[Period]]] = {fact: defaultdict(list) for fact in _Fact}
    unmet: dict[int, tuple[date, str]] = {}
    for fact, agency_id, first, last, text in session.execute(_dated(agency_ids)):
        if fact == _Fact.UNMET:
            unmet[agency_id] = (first, text)
        else:
            periods[_Fact(fact)][agency_id].append(Period(first, last))
    standing = _Standing(
        filed=periods[_Fact.FILED],
        barred=periods[_Fact.BARRED],
        unmet=unmet,
        representatives=representatives_on(session, agency_ids, counted_on),
        staff=_staff(session, agency_ids, applicant),
    )
    partners = () if desk else agency_ids[1:]
    return tuple(_agency(rows[each], standing, is_partner=each in partners) for each in agency_ids)


def _rows(session: Session, agency_ids: Sequence[int]) -> Mapping[int, Agency]:
    """The agencies; whoever registers has them locked already, and isn't asked for them again."""
    held = {agency_id: session.identity_map.get(identity_key(Agency, agency_id)) for agency_id in agency_ids}
    absent = [agency_id for agency_id, row in held.items() if row is None]
    if absent:
        held |= {row.id: row for row in session.scalars(select(Agency).where(Agency.id.in_(absent)))}
    return {agency_id: row for agency_id, row in held.items() if isinstance(row, Agency)}


def _dated(agency_ids: Collection[int]) -> CompoundSelect[Any]:
    """In one question: each filing that is or was in force, the periods of non-adoption, the mark 条件不符 that stands.

    A change filing follows on the one it replaces.
    """
    filed = select(
        literal(_Fact.FILED.value), Filing.agency_id, Filing.filed_on, Filing.ended_on, literal("", Text)
    ).where(Filing.agency_id.in_(agency_ids), Filing.state.in_(WERE_IN_FORCE), Filing.filed_on.is_not(None))
    barred = select(
        literal(_Fact.BARRED.value),
        NonAdoption.agency_id,
        NonAdoption.first_day,
        NonAdoption.last_day,
        literal("", Text),
    ).where(NonAdoption.agency_id.in_(agency_ids), NonAdoption.annulled_at.is_(None))
    unmet = select(literal(_Fact.UNMET.value), Flag.agency_id, Flag.since, cast(null(), Date), Flag.facts).where(
        Flag.agency_id.in_(agency_ids), Flag.kind == FlagKind.CONDITIONS_NOT_MET, Flag.cleared_on.is_(None)
    )
    return union_all(filed, barred, unmet)


def _agency(agency: Agency, standing: _Standing, *, is_partner: bool) -> AgencyFacts:
    unmet = standing.unmet.get(agency.id)
    return AgencyFacts(
        name=agency.name,
        credit_code=agency.credit_code,
        representative=standing.representatives.get(agency.id),
        filed=tuple(standing.filed.get(agency.id, ())),
        conditions_lost_on=unmet[0] if unmet else None,
        non_adoption=tuple(standing.barred.get(agency.id, ())),
        capabilities=capabilities_of(agency),
        staff=tuple(standing.staff.get(agency.id, ())),
        conditions=unmet[1] if unmet else "",
        is_partner=is_partner,
    )


def capabilities_of(agency: Agency) -> frozenset[Kind]:
    """What it is able to evaluate: as accepted with its filing, not as it is being edited; before one, as it says."""
    if agency.first_filed_on is None:
        return frozenset(Kind(capability.value) for capability in agency.capabilities)
    held = {
        Kind.FACTORY: agency.public_factories,
        Kind.PARK: agency.public_parks,
        Kind.SUPPLY_CHAIN: agency.public_supply_chains,
    }
    return frozenset(kind for kind, has in held.items() if has)


def representatives_on(session: Session, agency_ids: Collection[int], day: date) -> Mapping[int, PersonFacts]:
    """Who was in office on a day, by agency: the same whom the places are counted for."""
    row = Representation
    rows = session.execute(
        select(row.agency_id, row.person_id, row.name, row.since, row.until, Person.identity)
        .join(Person, Person.id == row.person_id)
        .where(row.agency_id.in_(agency_ids))
        .order_by(row.since, row.id)
    )
    terms: defaultdict[int, list[InOffice]] = defaultdict(list)
    identities: dict[int, str] = {}
    for found in rows:
        terms[found.agency_id].append(InOffice(found.person_id, found.name, found.since, found.until))
        identities[found.person_id] = found.identity
    in_office = {agency_id: representative_on(history, day) for agency_id, history in terms.items()}
    return {
        agency_id: PersonFacts(office.name, identities[office.person_id])
        for agency_id, office in in_office.items()
        if office is not None
    }


def _staff(session: Session, agency_ids: Collection[int], applicant: Applicant) -> Mapping[int, list[PersonFacts]]:
    """Of the staff that is there, those who by name or identity may be the applicant's people."""
    names = {name for name in (applicant.representative, applicant.contact_name) if name}
    alike: list[ColumnElement[bool]] = [StaffMember.name.in_(names)] if names else []
    if applicant.representative_identity:
        alike.append(Person.identity == applicant.representative_identity)
    if not alike:
        return {}
    rows = session.execute(
        select(StaffMember.agency_id, StaffMember.name, Person.identity)
        .join(Person, Person.id == StaffMember.person_id)
        .where(StaffMember.agency_id.in_(agency_ids), StaffMember.left_on.is_(None), or_(*alike))
        .order_by(StaffMember.id)
    )
    found: defaultdict[int, list[PersonFacts]] = defaultdict(list)
    for row in rows:
        found[row.agency_id].append(PersonFacts(row.name, row.identity))
    return found


def _usage(session: Session, intent: Intent, agency_ids: Sequence[int], *, desk: bool) -> tuple[Usage, ...]:
    if not agency_ids or intent.level is not Level.NATIONAL or intent.counted_on < jurisdiction().in_force_since:
        return ()
    used = places.usage(session, agency_ids, counted_on=intent.counted_on)
    if desk:
        return tuple(labelled(each, own=None) for each in used)
    leading, named = agency_ids[0], {each.agency_id: each.name for each in used}
    return tuple(
        replace(
            labelled(each, own=(leading,)),
            partner="" if leading in each.asked else named[each.asked[0]],
        )
        for each in used
    )


def labelled(usage: HolderUsage, *, own: Collection[int] | None) -> Usage:
    """A holder's places as a reader may know them: `own` by name, the rest together; None: all by name (the desk)."""
    every = tuple((name, count) for _, name, count in usage.shares)
    holder = usage.name if usage.person_id is None else f"法定代表人{usage.name}"
    return Usage(holder, usage.used, every if own is None else usage.as_known_to(own))


def _running(session: Session, applicant_id: int, kind: Kind, year: int, itself: int | None) -> tuple[str, ...]:
    """Numbers of the applicant's other evaluations of this kind and year that aren't decided yet."""
    rows = select(Evaluation.number).where(
        Evaluation.applicant_id == applicant_id,
        Evaluation.year == year,
        Evaluation.kind == kind,
        Evaluation.state.in_(RUNNING),
    )
    if itself is not None:
        rows = rows.where(Evaluation.id != itself)
    return tuple(session.scalars(rows.order_by(Evaluation.id)))
