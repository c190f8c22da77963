"""Conditions hold at filing and continuously (reading 5), and a person counts at one agency (reading 3)."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from agency import recheck
from agency.models import (
    Agency,
    ClaimStanding,
    FilingStatus,
    Flag,
    Office,
    QualificationCheck,
    RosterClaim,
    StaffMember,
)
from agency.services import awarding, rechecking
from core import clock
from core.db import db, transaction
from core.identifiers import IdNumber
from core.law import Verdict
from notices.models import Notice
from tests.factories import Make
from tests.factories.agencies import made_up_number

pytestmark = pytest.mark.clause("JL-20-3")


def check(app: Flask, agency: Agency, *, on: date | None = None) -> recheck.LiveCheck:
    with app.app_context(), transaction() as session:
        return recheck.run(session, session.get_one(Agency, agency.id), on=on)


def leave(app: Flask, agency: Agency, *, how_many: int) -> None:
    """Some of the first (senior) people leave, and the agency is checked."""
    with app.app_context(), transaction() as session:
        rows = select(StaffMember).where(StaffMember.agency_id == agency.id, StaffMember.left_on.is_(None))
        for row in session.scalars(rows.order_by(StaffMember.id).limit(how_many)):
            row.left_on = clock.today() - timedelta(days=1)
        recheck.run(session, session.get_one(Agency, agency.id))


def come_back(app: Flask, agency: Agency) -> None:
    with app.app_context(), transaction() as session:
        for row in session.scalars(select(StaffMember).where(StaffMember.agency_id == agency.id)):
            row.left_on = None
        recheck.run(session, session.get_one(Agency, agency.id))


def flags(app: Flask, agency: Agency) -> Sequence[Flag]:
    with app.app_context():
        return db.session.scalars(select(Flag).where(Flag.agency_id == agency.id).order_by(Flag.id)).all()


def notices(app: Flask, agency: Agency, event: str) -> list[str]:
    with app.app_context():
        rows = select(Notice.audience_kind).where(Notice.event == event, Notice.about_id == agency.id)
        return sorted(db.session.scalars(rows))


def test_an_agency_that_has_not_filed_is_judged_and_not_flagged(app: Flask, make: Make) -> None:
    agency = make.qualified_agency()
    leave(app, agency, how_many=5)
    assert flags(app, agency) == []
    with app.app_context():
        kept = db.session.get_one(QualificationCheck, agency.id)
        assert (kept.verdict, kept.intermediate, kept.senior) == (Verdict.NOT_MET, 6, 1)


def test_a_filed_agency_below_the_threshold_is_flagged_and_told_once(app: Flask, make: Make) -> None:
    agency = make.qualified_agency()
    make.filing(agency=agency)
    leave(app, agency, how_many=2)
    (flag,) = flags(app, agency)
    assert (flag.since, flag.mend_by, flag.cleared_on) == (clock.today(), None, None)
    assert "高级 4/5" in flag.facts
    leave(app, agency, how_many=1)
    (flag,) = flags(app, agency)
    assert "高级 3/5" in flag.facts
    assert notices(app, agency, "conditions_lost") == ["agency", "role"]
    filed = make.in_force(agency)
    assert filed is not None
    assert filed.state == "filed"


def test_mending_is_noted_and_never_clears_the_flag_by_itself(app: Flask, make: Make) -> None:
    agency = make.qualified_agency()
    make.filing(agency=agency)
    leave(app, agency, how_many=2)
    come_back(app, agency)
    check(app, agency)
    (flag,) = flags(app, agency)
    assert flag.mended_on == clock.today()
    assert flag.cleared_on is None
    assert notices(app, agency, "conditions_mended") == ["agency", "role"]
    leave(app, agency, how_many=2)
    (flag,) = flags(app, agency)
    assert flag.mended_on is None
    assert len(notices(app, agency, "conditions_lost")) == 4


def test_days_that_pass_are_found_by_the_nightly_check(app: Flask, make: Make) -> None:
    sound, leasing = make.qualified_agency(), make.qualified_agency()
    make.filing(agency=sound)
    make.filing(agency=leasing)
    tomorrow = clock.today() + timedelta(days=1)
    with app.app_context(), transaction() as session:
        session.scalars(select(Office).where(Office.agency_id == leasing.id)).one().leased_until = clock.today()
    with app.app_context():
        assert rechecking.recheck_all(on=clock.today()) == rechecking.Rechecked(agencies=2, unmet=0)
        assert rechecking.recheck_all(on=tomorrow) == rechecking.Rechecked(agencies=2, unmet=1)
    assert [flag.since for flag in flags(app, leasing)] == [tomorrow]
    assert flags(app, sound) == []


def test_the_command_says_how_many_are_below(app: Flask, make: Make) -> None:
    make.filing(agency=make.qualified_agency())
    later = clock.today() + timedelta(days=3000)
    answer = app.test_cli_runner().invoke(args=["agency", "recheck", "--on", later.isoformat()])
    assert answer.exit_code == 0
    assert answer.output == "已核对 1 家，其中 1 家有条件不符\n"


# a person at two agencies (reading 3)


class Shared:
    """One person on the rosters of two agencies with exactly ten and five."""

    def __init__(self, app: Flask, make: Make) -> None:
        self.app = app
        number = made_up_number()
        self.agencies = tuple(make.qualified_agency(seniors=5, intermediates=4) for _ in range(2))
        for agency in self.agencies:
            make.staff_member(agency, number=number)
        with app.app_context(), transaction() as session:
            rows = select(StaffMember.person_id).where(StaffMember.agency_id == self.agencies[0].id)
            self.person = max(session.scalars(rows))
        self.number = IdNumber.parse(number)

    def claim(
        self, place: int, standing: ClaimStanding, *, since: datetime | None = None, awarded_at: datetime | None = None
    ) -> None:
        with self.app.app_context(), transaction() as session:
            session.add(
                RosterClaim(
                    agency_id=self.agencies[place].id,
                    person_id=self.person,
                    standing=standing,
                    since=since or clock.now(),
                    awarded_at=awarded_at,
                )
            )

    def counts(self) -> tuple[int, int]:
        return tuple(check(self.app, agency).intermediate for agency in self.agencies)  # type: ignore[return-value]

    def verdicts(self) -> tuple[Verdict, ...]:
        return tuple(check(self.app, agency).verdict for agency in self.agencies)


@pytest.fixture
def shared(app: Flask, make: Make) -> Shared:
    return Shared(app, make)


def test_drafts_affect_nobody(shared: Shared) -> None:
    assert shared.counts() == (10, 10)


def test_a_claim_handed_in_keeps_the_person_from_a_draft_elsewhere(shared: Shared) -> None:
    shared.claim(0, ClaimStanding.SUBMITTED)
    assert shared.counts() == (10, 9)
    assert shared.verdicts() == (Verdict.MET, Verdict.NEEDS_JUDGEMENT)


def test_between_two_claims_not_yet_filed_the_person_counts_for_neither(shared: Shared) -> None:
    shared.claim(0, ClaimStanding.SUBMITTED)
    shared.claim(1, ClaimStanding.SUBMITTED)
    assert shared.counts() == (9, 9)


def test_on_a_filing_in_force_the_person_goes_on_counting(shared: Shared) -> None:
    shared.claim(0, ClaimStanding.FILED)
    shared.claim(1, ClaimStanding.SUBMITTED)
    assert shared.counts() == (10, 9)


def test_of_two_filings_in_force_the_earlier_keeps_the_person(shared: Shared) -> None:
    shared.claim(1, ClaimStanding.FILED, since=clock.now() - timedelta(days=9))
    shared.claim(0, ClaimStanding.FILED)
    assert shared.counts() == (9, 10)


def test_an_award_decides_also_against_a_filing_in_force(shared: Shared) -> None:
    shared.claim(0, ClaimStanding.FILED)
    shared.claim(1, ClaimStanding.SUBMITTED, awarded_at=clock.now())
    assert shared.counts() == (9, 10)


def test_who_was_awarded_elsewhere_is_no_longer_an_open_point(shared: Shared) -> None:
    shared.claim(0, ClaimStanding.FILED, since=clock.now() - timedelta(days=9))
    shared.claim(1, ClaimStanding.SUBMITTED, awarded_at=clock.now())
    assert shared.verdicts() == (Verdict.NOT_MET, Verdict.MET)


def test_a_claim_handed_in_after_the_award_may_be_judged_anew(shared: Shared) -> None:
    shared.claim(1, ClaimStanding.FILED, awarded_at=clock.now() - timedelta(days=9))
    shared.claim(0, ClaimStanding.SUBMITTED)
    assert shared.verdicts() == (Verdict.NEEDS_JUDGEMENT, Verdict.MET)


def test_the_later_of_two_awards_decides(shared: Shared) -> None:
    shared.claim(0, ClaimStanding.SUBMITTED, awarded_at=clock.now())
    shared.claim(1, ClaimStanding.SUBMITTED, awarded_at=clock.now() - timedelta(days=1))
    assert shared.counts() == (10, 9)


def test_who_left_is_no_longer_held_against_another_agency(shared: Shared) -> None:
    shared.claim(0, ClaimStanding.SUBMITTED)
    with shared.app.app_context(), transaction() as session:
        session.delete(session.scalars(select(RosterClaim)).one())
    assert shared.counts() == (10, 10)


def test_an_agency_reads_only_that_the_person_is_claimed_elsewhere(shared: Shared) -> None:
    shared.claim(0, ClaimStanding.FILED)
    finding = check(shared.app, shared.agencies[1]).findings[2]
    told = dict(finding.not_counted)["中职员100"]
    assert "该人员另有任职申报，待核" in told
    assert shared.agencies[0].name not in str(finding)


def test_an_award_checks_every_agency_that_claimed_the_person(shared: Shared, app: Flask, make: Make) -> None:
    officer = make.officer("reviewer")
    shared.claim(0, ClaimStanding.FILED)
    shared.claim(1, ClaimStanding.SUBMITTED)
    with app.app_context(), transaction() as session:
        session.get_one(Agency, shared.agencies[0].id).filing_status = FilingStatus.FILED
    with app.app_context():
        awarding.award(shared.person, shared.agencies[1].id, reason="核对了社会保险记录", by=officer)
    with app.app_context():
        kept = [db.session.get_one(QualificationCheck, agency.id) for agency in shared.agencies]
        assert [row.intermediate for row in kept] == [9, 10]
    assert notices(app, shared.agencies[0], "person_awarded") == ["agency"]
    (flag,) = flags(app, shared.agencies[0])
    assert "中级及以上 9/10" in flag.facts
    with app.app_context(), pytest.raises(awarding.NothingToDecide, match="已经核定"):
        awarding.award(shared.person, shared.agencies[1].id, reason="再按一次", by=officer)


def test_nothing_is_decided_about_a_person_whom_one_agency_claims(shared: Shared, app: Flask, make: Make) -> None:
    shared.claim(0, ClaimStanding.FILED)
    officer = make.officer("approver")
    with app.app_context(), pytest.raises(awarding.NothingToDecide, match="不再有多家"):
        awarding.award(shared.person, shared.agencies[0].id, reason="核对", by=officer)
