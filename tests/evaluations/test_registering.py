"""Registering an evaluation: what gets in, what is refused where, and that a refusal leaves nothing behind."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from accounts.models import User
from agency.models import Agency, Flag, FlagKind, NonAdoption, Place, StaffMember
from applicants.models import Kind
from core import clock
from core.audit import AuditEntry
from core.db import db, transaction
from core.documents import DocumentRefused
from core.errors import DomainError, Refusals
from core.numbers import NumberSequence
from core.uploads import StoredFile
from evaluations.entries import RegistrationEntry, Upload
from evaluations.models import Evaluation, Tally
from evaluations.rules.states import Action, Level, State
from evaluations.services import registering as services
from notices.models import Notice
from tests.factories import Make
from tests.factories.agencies import made_up_number
from tests.factories.evaluations import AGREEMENT
from tests.filing.test_races import at_once

pytestmark = pytest.mark.usefixtures("context")


def register(make: Make, entry: RegistrationEntry, agreement: Upload = AGREEMENT, by: User | None = None) -> Evaluation:
    user = by or make.user_of(make.filed_agency())
    return make.evaluation_now(services.register(entry, agreement, by=user))


def refused(make: Make, entry: RegistrationEntry, agreement: Upload = AGREEMENT) -> dict[str | None, list[str]]:
    """Field → what is said there."""
    with pytest.raises(DomainError) as caught:
        register(make, entry, agreement)
    error = caught.value
    told: dict[str | None, list[str]] = {}
    for each in error.refusals if isinstance(error, Refusals) else (error,):
        told.setdefault(each.field, []).append(each.message)
    return told


def left_behind() -> list[int]:
    """What a registration writes: rows of each kind, and the last number given."""
    db.session.rollback()
    counted = [db.session.scalar(select(func.count()).select_from(m)) or 0 for m in (Evaluation, Place, StoredFile)]
    told = [db.session.scalar(select(func.count()).select_from(m)) or 0 for m in (Notice, AuditEntry)]
    number = db.session.scalar(select(NumberSequence.last).where(NumberSequence.series == "evaluation"))
    return [*counted, *told, number or 0, db.session.scalar(select(func.sum(Tally.count))) or 0]


def test_a_registered_evaluation_has_its_number_its_parts_and_its_first_step(make: Make) -> None:
    agency, applicant = make.filed_agency(), make.applicant()
    applicants_user = make.user_of_applicant(applicant)
    found = register(make, make.entry(agency, applicant))
    assert found.number == f"评〔{clock.today().year}〕00001"
    assert (found.state, found.bureau, found.entered_late) == (State.REGISTERED, "changchun", False)
    assert [(party.agency_id, party.leads) for party in found.parties] == [(agency.id, True)]
    assert [(member.name, member.leads) for member in found.team] == [("高职员01", True), ("高职员02", False)]
    assert [(kept.number, kept.amount_fen) for kept in found.agreements] == [(1, 80_000_00)]
    assert found.agreements[0].file is not None
    assert found.agreements[0].file.name == "评价协议.pdf"
    assert [(step.action, step.before, step.by) for step in found.steps] == [(Action.REGISTER, None, agency.name)]
    told = db.session.scalars(select(Notice).where(Notice.about_id == found.id, Notice.about_kind == "evaluation"))
    assert [(row.audience_kind, row.audience_id) for row in told] == [("applicant", str(applicant.id))]
    assert applicants_user.applicant_id == applicant.id


def test_the_kept_sums_count_it_for_its_agency_and_for_all(make: Make) -> None:
    found = register(make, make.entry(level=Level.PROVINCIAL))
    rows = db.session.execute(select(Tally.agency_id, Tally.level, Tally.state, Tally.count)).all()
    assert sorted(map(tuple, rows)) == [
        (0, Level.PROVINCIAL, State.REGISTERED, 1),
        (found.parties[0].agency_id, Level.PROVINCIAL, State.REGISTERED, 1),
    ]


@pytest.mark.clause("JL-22-2")
def test_a_national_one_takes_a_place_of_the_representative_and_one_of_the_agency(make: Make) -> None:
    found = register(make, make.entry(level=Level.NATIONAL))
    places = db.session.scalars(select(Place).where(Place.evaluation_id == found.id)).all()
    assert sorted((place.number, place.person_id is None) for place in places) == [(1, False), (1, True)]
    municipal = register(make, make.entry())
    assert not db.session.scalars(select(Place).where(Place.evaluation_id == municipal.id)).all()


def test_a_joint_one_is_told_to_the_other_agency_and_takes_its_place_too(make: Make) -> None:
    own, other = make.filed_agency(), make.filing().agency
    entry = replace(make.entry(own, level=Level.NATIONAL), agency_ids=(own.id, other.id))
    found = register(make, entry)
    assert [(party.agency_id, party.leads) for party in found.parties] == [(own.id, True), (other.id, False)]
    assert len(db.session.scalars(select(Place).where(Place.evaluation_id == found.id)).all()) == 4
    told = select(Notice).where(Notice.event == "partner_asked", Notice.audience_kind == "agency")
    assert [row.audience_id for row in db.session.scalars(told)] == [str(other.id)]


def test_what_began_long_ago_is_marked_as_entered_late_and_counts_where_it_began(make: Make) -> None:
    today = clock.today()
    begun_on = date(today.year - 1, 12, 20)
    make.evaluation(begun_on=begun_on)  # sets the filing back
    found = register(make, make.entry(begun_on=begun_on, level=Level.NATIONAL))
    assert found.entered_late
    years = db.session.scalars(select(Place.year).where(Place.evaluation_id == found.id))
    assert set(years) == {today.year - 1}
    assert found.number.startswith(f"评〔{today.year}〕")


@pytest.mark.clause("JL-12-2", "JL-11", "JL-20-5", "JL-21-2", "JL-22-3")
def test_everything_that_is_wrong_is_told_at_once_each_at_its_field(make: Make) -> None:
    agency, applicant, today = make.filed_agency(), make.applicant(), clock.today()
    make.exclusion(applicant)
    with transaction() as session:
        row = session.get_one(Agency, agency.id)
        row.public_factories = False
        officer = make_officer(session)
        session.add(Flag(agency_id=agency.id, kind=FlagKind.CONDITIONS_NOT_MET, since=today, facts="少一人"))
        session.add(
            NonAdoption(
                agency_id=agency.id, first_day=today, last_day=today + timedelta(days=9), document="吉工信〔1〕号",
                basis="弄虚作假", entered_at=clock.now(), entered_by=officer,
            )
        )  # fmt: skip
    entry = replace(
        make.entry(agency, applicant),
        begun_on=today - timedelta(days=5),  # before the filing
        year=today.year + 3,
        amount_fen=-1,
        leader_id=None,
        standard="unheard-of",
        planned_until=today - timedelta(days=6),
    )
    before = left_behind()
    told = refused(make, entry, Upload(b"not a document", "协议.pdf"))
    assert set(told) == {
        "agreement", "amount_fen", "year", "leader_id", "standard", "planned_until", "begun_on", "agency_ids",
        "applicant_id", "kind",
    }  # fmt: skip
    assert len(told["agency_ids"]) == 2  # conditions, and non-adoption
    assert "第十一条" in told["applicant_id"][0]
    assert "第二十一条" in told["begun_on"][0]
    assert left_behind() == before


def make_officer(session: Any) -> int:
    return session.scalars(select(User.id).order_by(User.id)).first() or 0


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"begun_on": clock.today() + timedelta(days=1)}, "begun_on"),
        ({"year": clock.today().year - 1}, "year"),
        ({"year": clock.today().year + 2}, "year"),
        ({"amount_fen": -100}, "amount_fen"),
        ({"team": (), "leader_id": None}, "team"),
        ({"leader_id": None}, "leader_id"),
        ({"kind": Kind.PARK}, "kind"),
        ({"standard": "other", "other_standard": " "}, "other_standard"),
    ],
)
def test_bad_input_is_refused_with_its_field_and_leaves_nothing_behind(
    make: Make, changed: dict[str, Any], field: str
) -> None:
    entry = replace(make.entry(), **changed)
    before = left_behind()
    assert field in refused(make, entry)
    assert left_behind() == before


def test_a_file_that_is_none_is_refused_before_the_database_is_asked(make: Make) -> None:
    with pytest.raises(DocumentRefused) as caught:
        register(make, make.entry(), Upload(b"PK\x03\x04word/document", "协议.docx"))
    assert caught.value.field == "agreement"


@pytest.mark.clause("JL-21-2")
def test_nobody_who_left_or_was_never_filed_is_put_on_the_team(make: Make) -> None:
    agency = make.filed_agency()
    entry = make.entry(agency)
    stranger = make.staff_member(agency)  # on the roster of today, not on the filed one
    told = refused(make, replace(entry, team=(*entry.team, (agency.id, stranger.person_id))))
    assert "1 人不在机构的在案人员名单" in told["team"][0]
    with transaction() as session:
        left = session.scalars(select(StaffMember).where(StaffMember.person_id == entry.team[1][1])).one()
        left.left_on = clock.today()
    assert "已离职" in refused(make, entry)["team"][0]


def test_one_agreement_is_registered_once(make: Make) -> None:
    entry = make.entry()
    first = register(make, entry)
    with pytest.raises(services.AlreadyRegistered, match="没有再次登记") as caught:
        register(make, replace(entry, statement="不是重复", level=Level.PROVINCIAL))
    assert caught.value.evaluation_id == first.id
    assert first.number in caught.value.message
    another_day = clock.today() - timedelta(days=1)
    make.evaluation(begun_on=another_day)
    told = refused(make, replace(entry, begun_on=another_day))
    assert first.number in told["statement"][0]  # a caution, which a word of explanation lifts
    register(make, replace(entry, begun_on=another_day, statement="上一份协议已解除，另行签订"))


def test_what_a_partner_has_registered_alone_is_not_told_to_who_names_it(make: Make) -> None:
    partner = make.filing(agency=make.qualified_agency()).agency
    its_own = make.evaluation(agency=partner)
    entry = make.entry(applicant=its_own.applicant, statement="另一份协议")
    found = register(make, replace(entry, agency_ids=(*entry.agency_ids, partner.id)))
    assert [party.agency_id for party in found.parties] == [*entry.agency_ids, partner.id]


def test_the_same_form_sent_twice_at_once_is_registered_once(make: Make) -> None:
    user, entry = make.user_of(make.filed_agency()), make.entry()
    results = at_once(make.app, *[lambda: services.register(entry, AGREEMENT, by=user)] * 2)
    assert sorted(type(result).__name__ for result in results) == ["AlreadyRegistered", "int"]
    assert left_behind()[0] == 1


@pytest.mark.clause("JL-22-2")
def test_of_two_who_reach_for_the_last_place_one_gets_it_and_the_other_is_told_how_many_are_used(make: Make) -> None:
    """Two agencies of one representative: neither holds a lock that the other waits for before it looks."""
    number = made_up_number()
    own = make.filing(agency=make.qualified_agency(representative_number=number)).agency
    other = make.filing(agency=make.qualified_agency(representative_number=number)).agency
    for agency, count in ((own, 8), (other, 6)):
        for _ in range(count):
            make.evaluation(agency=agency, level=Level.NATIONAL)
    entries = [(make.entry(agency, level=Level.NATIONAL), make.user_of(agency)) for agency in (own, other)]
    results = at_once(
        make.app,
        *(lambda entry=entry, user=user: services.register(entry, AGREEMENT, by=user) for entry, user in entries),
    )
    refusal = next(result for result in results if isinstance(result, DomainError))
    assert sum(isinstance(result, int) for result in results) == 1
    assert (refusal.clause, refusal.field) == ("JL-22-2", "level")
    loser, winner = (own, other) if isinstance(results[0], DomainError) else (other, own)
    used = {own.id: 8, other.id: 6}
    assert f"{loser.name} {used[loser.id]} 项" in refusal.message
    assert f"同一法定代表人的其他机构 {used[winner.id] + 1} 项" in refusal.message
    assert winner.name not in refusal.message
    assert "第二十二条第二款" in refusal.message
    numbers = db.session.scalars(select(Place.number).where(Place.person_id.is_not(None)))
    assert sorted(number or 0 for number in numbers) == list(range(1, 16))


@pytest.mark.clause("JL-22-2")
def test_a_sixteenth_is_refused_and_leaves_no_file_no_place_and_no_number(make: Make) -> None:
    for _ in range(15):
        make.evaluation(level=Level.NATIONAL)
    before = left_behind()
    told = refused(make, make.entry(level=Level.NATIONAL))
    assert "15" in told["level"][0]
    assert "第二十二条第二款" in told["level"][0]
    after = left_behind()
    assert after == before
    register(make, make.entry(level=Level.PROVINCIAL))  # the cap is of the national level alone


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    begun=st.integers(-3, 2), year=st.integers(-2, 3), amount=st.integers(-2, 10), level=st.sampled_from(Level),
    kind=st.sampled_from(Kind), led=st.booleans(), standard=st.sampled_from(["gbt-36132-2025", "other", "none"]),
    is_file=st.booleans(),
)  # fmt: skip
def test_either_all_of_it_is_there_or_nothing(
    make: Make,
    begun: int,
    year: int,
    amount: int,
    level: Level,
    kind: Kind,
    led: bool,
    standard: str,
    is_file: bool,
) -> None:
    entry, today = make.entry(), clock.today()
    entry = replace(
        entry,
        begun_on=today + timedelta(days=begun),
        year=today.year + year,
        amount_fen=amount,
        level=level,
        kind=kind,
        leader_id=entry.leader_id if led else None,
        standard=standard,
    )
    before = left_behind()
    try:
        register(make, entry, AGREEMENT if is_file else Upload(b"", "空.pdf"))
    except DomainError:
        assert left_behind() == before
    else:
        grown = [after - was for after, was in zip(left_behind(), before, strict=True)]
        assert grown == [1, 2 if level is Level.NATIONAL else 0, 1, 1, 1, 1, 2]
