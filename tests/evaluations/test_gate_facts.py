"""What is loaded for the gate: of the right days, of the right people, and no more than the reader may know."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from agency.models import Agency, Flag, FlagKind, NonAdoption, Representation, StaffMember
from agency.persons import find_or_add
from agency.queries import places
from applicants.models import Applicant, Ground, Kind
from core import clock
from core.db import db, transaction
from core.identifiers import IdNumber
from core.identity import Identity
from core.law import jurisdiction
from evaluations.entries import RegistrationEntry
from evaluations.queries import gate as queries
from evaluations.rules import gate
from evaluations.rules.facts import GateFacts, Period
from evaluations.rules.gate import Hindrance
from evaluations.rules.states import Level, Mode, State
from filing.models import Filing
from filing.rules import State as FilingState
from tests.factories import Make
from tests.factories.agencies import made_up_number

pytestmark = pytest.mark.usefixtures("context")
CountQueries = Callable[[], AbstractContextManager[list[str]]]
DAY = timedelta(days=1)


def loaded(entry: RegistrationEntry, *, desk: bool = False) -> GateFacts:
    db.session.rollback()
    db.session.expire_all()
    return queries.facts_of(db.session(), entry, on=clock.today(), desk=desk)


def in_the_way(facts: GateFacts) -> list[Hindrance]:
    return [each.what for each in gate.check(facts, jurisdiction()).in_the_way]


def change(row: Agency | Applicant | Filing | StaffMember, **values: object) -> None:
    with transaction() as session:
        kept = session.get_one(type(row), row.id)
        for name, value in values.items():
            setattr(kept, name, value)


def identity_of(agency: Agency) -> str:
    return next(iter(queries.representatives_on(db.session(), [agency.id], clock.today()).values())).identity or ""


def test_a_filed_agency_and_a_sound_applicant_pass(make: Make) -> None:
    agency, applicant = make.filed_agency(), make.applicant()
    facts = loaded(make.entry(agency, applicant, level=Level.NATIONAL))
    assert in_the_way(facts) == []
    (own,) = facts.agencies
    assert own.filed == (Period(clock.today(), None),)
    assert own.capabilities == frozenset(Kind)
    assert own.representative is not None
    assert own.representative.identity
    assert facts.applicant.codes == {applicant.credit_code}
    assert facts.intent.counted_on == facts.intent.begun_on == clock.today()
    assert [(each.used, each.shares) for each in facts.usage] == [(0, ()), (0, ())]


@pytest.mark.clause("JL-21-2")
@pytest.mark.parametrize("state", [FilingState.SUBMITTED, FilingState.REVIEWED, FilingState.REFUSED])
def test_a_filing_that_was_never_in_force_does_not_count(make: Make, state: FilingState) -> None:
    agency = make.filing(state).agency
    assert Hindrance.NOT_FILED in in_the_way(loaded(make.entry(agency)))


@pytest.mark.clause("JL-21-2")
def test_a_cancelled_filing_counts_for_its_days(make: Make) -> None:
    filing = make.filing(FilingState.CANCELLED)
    today = clock.today()
    change(filing, filed_on=today - 20 * DAY, ended_on=today - 10 * DAY)
    for begun_on, hindered in ((today - 21 * DAY, True), (today - 20 * DAY, False), (today - 10 * DAY, False)):
        entry = make.entry(filing.agency, begun_on=begun_on)
        assert (Hindrance.NOT_FILED in in_the_way(loaded(entry))) is hindered
    assert Hindrance.NOT_FILED in in_the_way(loaded(make.entry(filing.agency, begun_on=today - 9 * DAY)))


@pytest.mark.clause("JL-20-5")
def test_capability_is_what_was_accepted_and_not_what_is_being_edited(make: Make) -> None:
    agency = make.filing().agency
    change(agency, does_parks=False)
    park = make.applicant(kind=Kind.PARK)
    assert in_the_way(loaded(make.entry(agency, park, kind=Kind.PARK))) == []
    change(agency, does_parks=True, public_parks=False)
    assert in_the_way(loaded(make.entry(agency, park, kind=Kind.PARK))) == [Hindrance.NO_CAPABILITY]


@pytest.mark.clause("JL-21-2", "JL-22-3")
def test_what_stands_against_the_agency_today(make: Make) -> None:
    agency, officer, today = make.filing().agency, make.officer("reviewer"), clock.today()
    with transaction() as session:
        session.add(
            Flag(agency_id=agency.id, kind=FlagKind.CONDITIONS_NOT_MET, since=today, facts="中级及以上 9/10 人")
        )
        session.add(_period(agency, today, officer.id))
    facts = loaded(make.entry(agency))
    assert in_the_way(facts) == [Hindrance.CONDITIONS_NOT_MET, Hindrance.NON_ADOPTION]
    assert facts.agencies[0].conditions == "中级及以上 9/10 人"


@pytest.mark.clause("JL-21-2", "JL-22-3")
def test_what_was_cleared_or_annulled_does_not_stand(make: Make) -> None:
    agency, officer, today = make.filing().agency, make.officer("reviewer"), clock.today()
    kind = FlagKind.CONDITIONS_NOT_MET
    with transaction() as session:
        session.add(Flag(agency_id=agency.id, kind=kind, since=today - DAY, facts="无", cleared_on=today))
        session.add(_period(agency, today, officer.id, annulled_at=clock.now(), annulled_by=officer.id))
    assert in_the_way(loaded(make.entry(agency))) == []


def _period(agency: Agency, first: date, officer_id: int, **given: object) -> NonAdoption:
    return NonAdoption(
        agency_id=agency.id,
        first_day=first,
        last_day=first.replace(year=first.year + 3, day=min(first.day, 28)),
        document=f"吉工信告〔{first.year}〕1号",
        basis="经核实",
        entered_at=clock.now(),
        entered_by=officer_id,
        **given,
    )


@pytest.mark.clause("JL-11")
def test_an_applicant_s_exclusions_are_those_of_the_day(make: Make) -> None:
    applicant, today = make.applicant(), clock.today()
    make.exclusion(applicant, ground=Ground.DEBTOR, on=today - 30 * DAY)
    facts = loaded(make.entry(applicant=applicant))
    assert in_the_way(facts) == [Hindrance.EXCLUDED]
    assert facts.applicant.exclusions[0].ground == Ground.DEBTOR.label


@pytest.mark.clause("JL-22-1a")
def test_the_same_person_is_found_by_identity(make: Make) -> None:
    agency, other = make.filed_agency(), make.filing().agency
    applicant = make.applicant(representative="另写的名字", representative_identity=identity_of(agency))
    assert in_the_way(loaded(make.entry(agency, applicant))) == [Hindrance.SAME_REPRESENTATIVE]
    assert in_the_way(loaded(make.entry(other, applicant))) == []


@pytest.mark.clause("JL-22-1a")
def test_staff_who_left_are_no_conflict(make: Make) -> None:
    agency = make.filed_agency()
    number = made_up_number()
    member = make.staff_member(agency, number=number, name="贺在职")
    applicant = make.applicant(
        representative="贺在职", representative_identity=Identity.of_number(IdNumber.parse(number)).key
    )
    assert in_the_way(loaded(make.entry(agency, applicant))) == [Hindrance.STAFF_OF_APPLICANT]
    change(member, left_on=clock.today() - DAY)
    assert in_the_way(loaded(make.entry(agency, applicant))) == []


@pytest.mark.clause("JL-22-1a")
def test_a_contact_of_the_same_name_wants_a_word(make: Make) -> None:
    agency = make.filed_agency()
    make.staff_member(agency, name="贺同名")
    entry = make.entry(agency, make.applicant(contact_name="贺同名"))
    assert in_the_way(loaded(entry)) == [Hindrance.SAME_NAME]
    assert in_the_way(loaded(replace(entry, statement="不是同一人，已核对"))) == []


def test_the_representative_is_the_one_of_the_day(make: Make) -> None:
    agency, today = make.agency(), clock.today()
    with transaction() as session:
        old = session.get_one(Agency, agency.id).representations[0]
        old.since, old.until = today - 100 * DAY, today - 11 * DAY
        session.flush()
        session.add(_representation(session, agency, today - 10 * DAY))
    names = {
        days: queries.representatives_on(db.session(), [agency.id], today - days * DAY)[agency.id].name
        for days in (200, 100, 11, 10, 0)
    }
    assert (names[200], names[100], names[11]) == (old.name,) * 3
    assert (names[10], names[0]) == ("新任代表",) * 2


def _representation(session: Session, agency: Agency, since: date) -> Representation:
    return Representation(
        agency_id=agency.id,
        person=find_or_add(session, Identity.of_number(IdNumber.parse(made_up_number()))),
        name="新任代表",
        phone="13804310001",
        since=since,
        entered_at=clock.now(),
    )


@pytest.mark.clause("JL-22-2")
def test_other_agencies_are_named_to_the_desk_alone(make: Make) -> None:
    holder = places.HolderUsage(1, None, "沈知远", 15, ((7, "甲机构", 9), (8, "乙机构", 4), (9, "丙机构", 2)))
    assert queries.labelled(holder, own={7}).shares == (("甲机构", 9), ("同一法定代表人的其他机构", 6))
    assert queries.labelled(holder, own=None).shares == (("甲机构", 9), ("乙机构", 4), ("丙机构", 2))
    agency = places.HolderUsage(None, 7, "甲机构", 9, ((7, "甲机构", 9),))
    assert queries.labelled(agency, own={7}).shares == (("甲机构", 9),)
    assert (queries.labelled(holder, own={7}).holder, queries.labelled(agency, own={7}).holder) == (
        "法定代表人沈知远",
        "甲机构",
    )


@pytest.mark.clause("JL-22-2")
def test_places_are_counted_only_where_they_are_needed(make: Make) -> None:
    agency = make.filed_agency()
    make.evaluation(agency=agency, level=Level.NATIONAL)
    national = make.entry(agency, level=Level.NATIONAL)
    assert [each.used for each in loaded(national).usage] == [1, 1]
    assert loaded(make.entry(agency)).usage == ()
    assert loaded(replace(national, begun_on=jurisdiction().in_force_since - DAY)).usage == ()


def test_a_twin_is_one_of_the_same_kind_and_year_that_is_not_decided(make: Make) -> None:
    agency, applicant = make.filed_agency(), make.applicant(is_supply_chain=True)
    running = make.evaluation(agency=agency, applicant=applicant)
    make.evaluation(State.WITHDRAWN, agency=agency, applicant=applicant)
    make.evaluation(State.ADOPTED, agency=agency, applicant=applicant)
    make.evaluation(agency=agency, applicant=applicant, kind=Kind.SUPPLY_CHAIN)
    entry = make.entry(make.filing().agency, applicant)
    assert loaded(entry).running == (running.number,)
    assert loaded(replace(entry, year=entry.year + 1)).running == ()


@pytest.mark.clause("JL-12-1")
def test_a_self_evaluation_has_no_agency(make: Make) -> None:
    entry = replace(make.entry(level=Level.NATIONAL), agency_ids=(), team=(), leader_id=None)
    facts = loaded(entry)
    assert (facts.intent.mode, facts.agencies, facts.usage) == (Mode.SELF, (), ())


@pytest.mark.clause("JL-22-2")
def test_raising_is_judged_on_its_day_and_is_no_twin_of_itself(make: Make) -> None:
    begun_on = clock.today() - 40 * DAY
    evaluation = make.evaluation(level=Level.PROVINCIAL, begun_on=begun_on)
    with transaction() as session:
        row = session.get_one(type(evaluation), evaluation.id)
        facts = queries.facts_of_raising(session, row, on=clock.today(), desk=False, level=Level.NATIONAL)
    assert facts.intent.level is Level.NATIONAL
    assert (facts.intent.begun_on, facts.intent.counted_on) == (begun_on, clock.today())
    assert len(facts.usage) == 2
    assert facts.running == ()
    assert in_the_way(facts) == []


def test_the_questions_are_as_many_for_one_agency_as_for_three(make: Make, count_queries: CountQueries) -> None:
    agencies = [make.filed_agency(), make.agency(), make.agency()]
    entry = make.entry(agencies[0], level=Level.NATIONAL)
    asked = []
    for number in (1, 3):
        db.session.remove()
        with count_queries() as statements:
            queries.facts_of(
                db.session(),
                replace(entry, agency_ids=tuple(agency.id for agency in agencies[:number])),
                on=clock.today(),
                desk=False,
            )
        asked.append(len(statements))
    assert asked[0] == asked[1] <= 14
