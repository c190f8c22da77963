"""Terms that end are told once at each day of notice, whenever the server was on; what ended by itself is told too."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from agency import reminding
from agency.models import Agency, Flag, FlagKind, NonAdoption, Office, StaffMember
from agency.services import reminding as services
from core import clock
from core.db import db, transaction
from filing.models import Filing
from notices.models import Notice
from scheduling.models import KnownJob, RunState
from scheduling.running import run_due, run_job
from tests.factories import Make
from tests.scheduling.conftest import at, shanghai

pytestmark = pytest.mark.every_zone
D = date


@pytest.mark.parametrize(
    ("left", "stage"), [(31, None), (30, 30), (8, 30), (7, 7), (0, 7), (-1, -1), (-31, -1), (-32, None)]
)
def test_a_term_reaches_its_stages_at_their_days(left: int, stage: int | None) -> None:
    on = D(2028, 2, 29)
    assert reminding.stage_reached(on + timedelta(days=left), on=on, stages=(30, 7, -1)) == stage


def told(app: Flask, event: str, kind: str = "agency") -> list[str]:
    with app.app_context():
        rows = select(Notice.text).where(Notice.event == event, Notice.audience_kind == kind).order_by(Notice.id)
        return list(db.session.scalars(rows))


@pytest.fixture
def agency(make: Make) -> Agency:
    with clock.frozen(shanghai(2027, 1, 4, 10)):
        return make.filing().agency


def lease_until(app: Flask, agency: Agency, day: date) -> None:
    with app.app_context(), transaction() as session:
        session.scalars(select(Office).where(Office.agency_id == agency.id)).one().leased_until = day


def test_a_lease_that_ends_is_told_of_once_at_each_day_of_notice(app: Flask, agency: Agency) -> None:
    lease_until(app, agency, D(2028, 3, 1))
    days = []
    for n in range(100):
        on = D(2028, 1, 1) + timedelta(days=n)
        with at(app, shanghai(2028, 6, 1)):
            days += [on] * (services.remind_of_expiry(on).terms + services.remind_of_expiry(on).terms)
    assert days == [D(2028, 1, 31), D(2028, 2, 23), D(2028, 3, 2)]
    assert told(app, "terms_expiring")[0] == (
        f"{agency.name} 有期限将满：1 处办公场所租约，到期日为 2028-03-01；续期后请更新资料和证明材料"
    )
    assert len(told(app, "terms_expired")) == 1


def test_many_contracts_are_one_notice_that_names_nobody(app: Flask, agency: Agency) -> None:
    with app.app_context(), transaction() as session:
        for row in session.scalars(select(StaffMember).where(StaffMember.agency_id == agency.id)):
            row.contract_until = D(2028, 2, 20)
            name = row.name
    with at(app, shanghai(2028, 2, 1)):
        assert services.remind_of_expiry(D(2028, 2, 1)) == services.Told(1, 11)
    (text,) = told(app, "terms_expiring")
    assert "11 份劳动合同，最早的到期日为 2028-02-20" in text
    assert name not in text


def test_a_renewed_lease_is_told_of_again_at_its_own_days(app: Flask, agency: Agency) -> None:
    lease_until(app, agency, D(2028, 3, 1))
    with at(app, shanghai(2028, 2, 1)):
        services.remind_of_expiry(D(2028, 2, 1))
        lease_until(app, agency, D(2028, 3, 2))
        assert services.remind_of_expiry(D(2028, 2, 1)).terms == 1


def test_who_has_no_filing_and_who_left_are_not_told(app: Flask, make: Make, agency: Agency) -> None:
    with clock.frozen(shanghai(2027, 1, 4, 10)):
        unfiled = make.qualified_agency()
    lease_until(app, unfiled, D(2028, 3, 1))
    with app.app_context(), transaction() as session:
        row = session.scalars(select(StaffMember).where(StaffMember.agency_id == agency.id)).first()
        assert row is not None
        row.contract_until, row.left_on = D(2028, 3, 1), D(2028, 1, 1)
    with at(app, shanghai(2028, 2, 20)):
        assert services.remind_of_expiry(D(2028, 2, 20)) == services.Told(0, 0)


def raise_flag(app: Flask, agency: Agency, mend_by: date) -> int:
    with app.app_context(), transaction() as session:
        kind = FlagKind.CONDITIONS_NOT_MET
        flag = Flag(agency_id=agency.id, kind=kind, since=D(2028, 1, 1), facts="人数不足", mend_by=mend_by)
        session.add(flag)
        session.flush()
        return flag.id


def test_a_term_to_mend_is_told_before_its_end_and_when_it_ran_out_to_agency_and_desk(
    app: Flask, agency: Agency
) -> None:
    raise_flag(app, agency, D(2028, 2, 29))
    seen = {}
    for n in range(45):
        on = D(2028, 2, 1) + timedelta(days=n)
        with at(app, shanghai(2028, 6, 1)):
            if services.remind_of_mending(on).terms:
                seen[on] = (len(told(app, "mending_due")), len(told(app, "mending_overdue")))
    assert seen == {D(2028, 2, 22): (1, 0), D(2028, 3, 1): (1, 1)}
    assert len(told(app, "mending_overdue", "role")) == 1


def test_who_mended_in_time_hears_nothing(app: Flask, agency: Agency) -> None:
    flag_id = raise_flag(app, agency, D(2028, 2, 29))
    with app.app_context(), transaction() as session:
        session.get_one(Flag, flag_id).mended_on = D(2028, 2, 10)
    with at(app, shanghai(2028, 3, 1)):
        assert services.remind_of_mending(D(2028, 3, 1)).terms == 0


@pytest.mark.clause("JL-22-3")
def test_the_end_of_a_non_adoption_is_told_the_day_after_its_last_day(app: Flask, make: Make, agency: Agency) -> None:
    with clock.frozen(shanghai(2024, 12, 2)):
        make.non_adoption(agency, D(2025, 3, 1))
        first = make.non_adoption(agency, D(2024, 12, 1))
        annulled = make.non_adoption(agency, D(2024, 12, 5))
    with app.app_context(), transaction() as session:
        session.get_one(NonAdoption, annulled.id).annulled_at = clock.now()
    assert first.last_day == D(2027, 11, 30) or first.last_day == D(2027, 12, 1)
    days = []
    for n in range(150):
        on = D(2027, 11, 15) + timedelta(days=n)
        with at(app, shanghai(2028, 6, 1)):
            days += [on] * services.tell_of_ended_non_adoption(on).terms
    last = max_last_day(app)
    assert days == [last + timedelta(days=1)]  # the earlier one ended inside the later one
    assert told(app, "non_adoption_ended") == told(app, "non_adoption_ended", "role")


def max_last_day(app: Flask) -> date:
    with app.app_context():
        return max(db.session.scalars(select(NonAdoption.last_day).where(NonAdoption.annulled_at.is_(None))))


def test_off_for_a_week_each_reminder_comes_once_and_none_is_lost(app: Flask, agency: Agency) -> None:
    lease_until(app, agency, D(2028, 3, 1))
    raise_flag(app, agency, D(2028, 2, 29))
    with at(app, shanghai(2028, 2, 20, 10)):
        run_due()
    before = len(told(app, "terms_expiring"))
    with at(app, shanghai(2028, 3, 3, 8)):
        ran = [(one.job, one.on) for one in run_due() if one.job in ("agency.expiring", "agency.mending")]
        assert not run_due()
        assert {one.state for one in (run_job(*work, again=True) for work in ran)} == {RunState.DONE}
        known = db.session.get_one(KnownJob, "agency.expiring").settled_through
    week = [D(2028, 2, 21) + timedelta(days=n) for n in range(12)]
    assert ran == [(job, on) for on in week for job in ("agency.mending", "agency.expiring")]
    assert known == D(2028, 3, 3)
    assert len(told(app, "terms_expiring")) == before + 1
    assert [len(told(app, event)) for event in ("terms_expired", "mending_due", "mending_overdue")] == [1, 1, 1]


def test_the_nightly_jobs_of_the_application_run_and_say_what_they_did(app: Flask, agency: Agency) -> None:
    with at(app, shanghai(2027, 1, 5, 10)):
        ran = run_due()
    names = [job.name for job in app.extensions["jobs"] if hasattr(job, "at")]
    assert {one.job for one in ran} == set(names)
    assert {one.state for one in ran} == {RunState.DONE}, ran
    assert any(one.told.startswith("核对 1 家") for one in ran)
    with app.app_context():
        assert db.session.scalars(select(Filing)).one().state.value == "filed"
