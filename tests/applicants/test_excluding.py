"""Facts of Article 11 are entered, lifted, annulled; parks and filters follow."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from applicants import queries
from applicants.entries import ExclusionEntry
from applicants.models import Applicant, Exclusion, Ground, Kind
from applicants.queries import register
from applicants.queries.register import Wanted, excluded_among, is_excluded
from applicants.services import excluding
from applicants.services.excluding import Done, EnteredBefore, NoSuchDay, NothingToLift
from core import clock
from core.audit import AuditEntry
from core.db import db
from core.errors import Refusals
from notices.models import Notice
from tests.factories import Make

pytestmark = [pytest.mark.usefixtures("context"), pytest.mark.clause("JL-11")]
DAY = timedelta(days=1)


def fact(**changed):
    values = {"ground": Ground.VIOLATION, "on": clock.today() - 30 * DAY, "source": "吉环决〔2026〕1 号", "facts": ""}
    return ExclusionEntry(**values | changed)


def standing(applicant, day=None):
    row = db.session.get(Applicant, applicant.id)
    return queries.exclusions_on(db.session(), row, day or clock.today())


@pytest.fixture
def officer(make: Make):
    return make.officer("municipal", bureau="changchun")


def test_a_fact_is_entered_with_its_source_and_told(make: Make, officer):
    applicant = make.applicant()
    excluding.enter(applicant.id, fact(), by=officer)
    (found,) = standing(applicant)
    assert (found.ground, found.source, found.whom) == (Ground.VIOLATION, "吉环决〔2026〕1 号", applicant.name)
    notices = db.session.scalars(select(Notice)).all()
    assert [(each.event, each.audience_id) for each in notices] == [("exclusion_entered", str(applicant.id))]
    assert db.session.scalar(select(AuditEntry.action).order_by(AuditEntry.number.desc())) == "exclusion.entered"


@pytest.mark.parametrize(
    ("changed", "kind", "field"),
    [
        ({"on": date(2099, 1, 1)}, NoSuchDay, "on"),
        ({"on": date(206, 1, 1)}, NoSuchDay, "on"),
        ({"lifted_on": date(2026, 1, 1)}, NothingToLift, "lifted_on"),
        (
            {"ground": Ground.ABNORMAL_LIST, "on": date(2025, 2, 1), "lifted_on": date(2025, 1, 1)},
            NoSuchDay,
            "lifted_on",
        ),
        ({"ground": Ground.ABNORMAL_LIST, "lifted_on": date(2099, 1, 1)}, NoSuchDay, "lifted_on"),
    ],
)
def test_days_that_cannot_be_are_refused(make: Make, officer, changed, kind, field):
    with pytest.raises(kind) as refusal:
        excluding.enter(make.applicant().id, fact(**changed), by=officer)
    assert refusal.value.field == field


def test_what_is_wrong_with_a_fact_is_told_at_once(make: Make, officer):
    with pytest.raises(Refusals):
        excluding.enter(make.applicant().id, fact(on=date(2099, 1, 1), lifted_on=date(2026, 1, 1)), by=officer)


def test_a_second_click_enters_nothing(make: Make, officer):
    applicant = make.applicant()
    first = excluding.enter(applicant.id, fact(), by=officer)
    with pytest.raises(EnteredBefore):
        excluding.enter(applicant.id, fact(), by=officer)
    excluding.annul(first, reason="误登记", by=officer)
    excluding.enter(applicant.id, fact(), by=officer)  # annulled, it may be entered again
    assert len(standing(applicant)) == 1


def test_leaving_the_abnormal_list_ends_it_from_that_day_on(make: Make, officer):
    applicant = make.applicant()
    on, lifted = clock.today() - 2000 * DAY, clock.today() - 5 * DAY
    row = make.exclusion(applicant, ground=Ground.ABNORMAL_LIST, on=on)
    assert standing(applicant)[0].until is None
    excluding.lift(row.id, lifted, reason="公示系统查询", by=officer)
    assert standing(applicant) == ()
    assert standing(applicant, lifted - DAY)
    with pytest.raises(Done, match=str(lifted)):
        excluding.lift(row.id, lifted, reason="再点一次", by=officer)


def test_nothing_else_is_lifted(make: Make, officer):
    applicant = make.applicant()
    row = make.exclusion(applicant, on=clock.today() - 9 * DAY)
    with pytest.raises(NothingToLift, match="三年"):
        excluding.lift(row.id, clock.today(), reason="已整改", by=officer)
    assert standing(applicant)


@pytest.mark.parametrize("days", [-100, 1])
def test_a_lifting_lies_between_the_listing_and_today(make: Make, officer, days):
    row = make.exclusion(make.applicant(), ground=Ground.ABNORMAL_LIST, on=clock.today() - 50 * DAY)
    with pytest.raises(NoSuchDay):
        excluding.lift(row.id, clock.today() + days * DAY, reason="查询", by=officer)


def test_what_was_entered_wrongly_is_annulled_and_stays_to_be_seen(make: Make, officer):
    applicant = make.applicant()
    row = make.exclusion(applicant)
    excluding.annul(row.id, reason="同名企业", by=officer)
    assert standing(applicant) == ()
    kept = db.session.get(Exclusion, row.id)
    assert (kept.annulled_reason, kept.annulled_by) == ("同名企业", officer.id)
    for again in (
        lambda: excluding.annul(row.id, reason="再点一次", by=officer),
        lambda: excluding.lift(row.id, clock.today(), reason="移出", by=officer),
    ):
        with pytest.raises(Done, match="撤销"):
            again()


def test_a_park_is_excluded_with_an_enterprise_inside(make: Make, officer):
    park = make.applicant(kind=Kind.PARK, name="某产业园")
    factory = make.applicant(park_id=park.id)
    elsewhere = make.applicant()
    excluding.enter(factory.id, fact(), by=officer)
    excluding.enter(elsewhere.id, fact(), by=officer)
    assert [each.whom for each in standing(park)] == [factory.name]
    assert [each.whom for each in standing(factory)] == [factory.name]
    told = set(db.session.scalars(select(Notice.audience_id).where(Notice.about_id == factory.id)))
    assert told == {str(factory.id), str(park.id)}


def test_an_enterprise_is_not_excluded_with_its_park(make: Make):
    park = make.applicant(kind=Kind.PARK)
    factory = make.applicant(park_id=park.id)
    make.exclusion(park)
    assert standing(factory) == ()


@pytest.mark.parametrize(
    "day", [date(2026, 6, 30), date(2027, 2, 28), date(2028, 2, 28), date(2028, 2, 29), date(2024, 11, 4)]
)
def test_the_filter_finds_exactly_those_whom_the_rule_excludes(make: Make, day):
    park = make.applicant(kind=Kind.PARK)
    offsets = (0, 1, 364, 365, 366, 1094, 1095, 1096, 1097, 2000, -1)
    everybody = [park]
    for offset in offsets:
        for ground, lifted in (
            (Ground.DEBTOR, None), (Ground.ABNORMAL_LIST, None), (Ground.ABNORMAL_LIST, day),
            (Ground.ABNORMAL_LIST, day + DAY),
        ):  # fmt: skip
            everybody.append(applicant := make.applicant())
            on = day - offset * DAY
            make.exclusion(applicant, ground=ground, on=on, lifted_on=max(lifted, on) if lifted else None)
    everybody.append(inside := make.applicant(park_id=park.id))
    make.exclusion(inside, on=day - DAY)
    everybody.append(annulled := make.applicant())
    make.exclusion(annulled, on=day, annulled_at=clock.now())
    expected = {each.id for each in everybody if standing(each, day)}
    assert set(db.session.scalars(select(Applicant.id).where(is_excluded(day)))) == expected
    assert excluded_among(db.session(), [each.id for each in everybody], on=day) == expected
    shown = register.listing(db.session(), Wanted(excluded=False), on=day).found
    assert shown == len(everybody) - len(expected)
