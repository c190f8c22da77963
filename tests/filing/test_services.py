"""What people do with a filing, on both databases."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from accounts.models import User
from agency.models import Agency, ClaimStanding, FilingStatus, Flag, Office, RosterClaim, StaffMember
from agency.particulars import Employment, TitleLevel
from core import clock
from core.audit import AuditEntry
from core.db import db, transaction
from core.errors import DomainError
from filing import queries, rules, services
from filing.models import Filing, Step, Submission
from filing.rules import Correction, Decision, FilingKind, State
from notices.models import Notice
from tests.factories import Make

pytestmark = pytest.mark.usefixtures("context")


def fresh(filing: Filing) -> Filing:
    db.session.rollback()
    return db.session.get_one(Filing, filing.id, populate_existing=True)


def agency_now(agency_id: int) -> Agency:
    db.session.rollback()
    return db.session.get_one(Agency, agency_id, populate_existing=True)


def events() -> list[tuple[str, str, str]]:
    db.session.rollback()
    rows = db.session.scalars(select(Notice).order_by(Notice.id))
    return [(row.event, row.audience_kind, row.audience_id) for row in rows]


def change_office(agency: Agency, area: float) -> None:
    with transaction() as session:
        office = session.scalars(select(Office).where(Office.agency_id == agency.id)).one()
        office.area_m2 = area


def area_in_force(agency: Agency) -> float:
    """What the filing in force says of the office."""
    filing = queries.in_force(db.session(), agency.id)
    assert filing is not None
    return queries.snapshot(filing).offices[0].area_m2


def claims_of(agency_id: int) -> dict[ClaimStanding, int]:
    db.session.rollback()
    rows = db.session.scalars(select(RosterClaim).where(RosterClaim.agency_id == agency_id)).all()
    return {standing: sum(row.standing is standing for row in rows) for standing in {row.standing for row in rows}}


@pytest.mark.clause("JL-21-2")
def test_a_filing_goes_from_draft_to_a_number(make: Make) -> None:
    agency, reviewer, approver = make.qualified_agency(), make.officer("reviewer"), make.officer("approver")
    filing = make.filing("filed", agency=agency, reviewer=reviewer, approver=approver)
    assert filing.number == f"〔{clock.today().year}〕001"
    assert filing.filed_on == clock.today()
    assert (filing.reviewer_id, filing.approver_id) == (reviewer.id, approver.id)
    assert [step.action for step in filing.steps] == ["open", "submit", "take", "pass", "approve"]
    now = agency_now(agency.id)
    assert (now.filing_status, now.filing_number, now.first_filed_on) == (
        FilingStatus.FILED, filing.number, clock.today(),
    )  # fmt: skip
    assert claims_of(agency.id) == {ClaimStanding.FILED: 11}
    assert events() == [
        ("filing_submitted", "role", "reviewer"),
        ("filing_taken", "agency", str(agency.id)),
        ("filing_reviewed", "role", "approver"),
        ("filing_approved", "agency", str(agency.id)),
    ]
    entries = db.session.scalars(
        select(AuditEntry).where(AuditEntry.object_kind == "filing").order_by(AuditEntry.number)
    )
    assert [(entry.action, entry.before, entry.after) for entry in entries] == [
        ("filing.open", "draft", "draft"),
        ("filing.submit", "draft", "submitted"),
        ("filing.take", "submitted", "under_review"),
        ("filing.pass", "under_review", "reviewed"),
        ("filing.approve", "reviewed", "filed"),
    ]


def test_numbers_run_on_without_gaps_and_begin_anew_each_year(make: Make) -> None:
    with clock.frozen(datetime(2026, 12, 31, 15, 59, tzinfo=UTC)):
        assert make.filing("filed").number == "〔2026〕001"
        make.filing("refused")
        assert make.filing("filed").number == "〔2026〕002"
    with clock.frozen(datetime(2026, 12, 31, 16, 0, tzinfo=UTC)):
        assert make.filing("filed").number == "〔2027〕001"


def test_one_filing_is_open_at_a_time(make: Make) -> None:
    filing = make.filing("draft")
    with pytest.raises(rules.AlreadyOpen):
        services.begin(filing.agency_id, by=make.user_of(filing.agency))
    assert len(queries.filings_of(db.session(), filing.agency_id)) == 1


@pytest.mark.clause("JL-21-2")
def test_too_few_specialists_keep_a_filing_a_draft(make: Make) -> None:
    agency = make.qualified_agency(seniors=4)
    filing = make.filing("draft", agency=agency)
    with pytest.raises(rules.NotReady, match="4/5"):
        services.submit(filing.id, version=filing.version, by=make.user_of(agency))
    assert fresh(filing).state is State.DRAFT
    assert fresh(filing).submissions == []
    assert claims_of(agency.id) == {}
    assert agency_now(agency.id).filing_status is FilingStatus.NONE


@pytest.mark.clause("JL-20-3")
def test_a_missing_proof_of_one_who_counts_keeps_a_filing_a_draft(make: Make) -> None:
    agency = make.qualified_agency()
    make.staff_member(agency, name="新来的")
    filing = make.filing("draft", agency=agency)
    with pytest.raises(rules.NotReady, match="新来的：劳动合同"):
        services.submit(filing.id, version=filing.version, by=make.user_of(agency))


def test_a_handed_in_filing_is_shown_as_pending(make: Make) -> None:
    filing = make.filing("submitted")
    assert agency_now(filing.agency_id).filing_status is FilingStatus.PENDING
    assert claims_of(filing.agency_id) == {ClaimStanding.SUBMITTED: 11}


@pytest.mark.parametrize(("state", "status"), [("withdrawn", FilingStatus.NONE), ("refused", FilingStatus.NONE)])
def test_after_an_end_without_filing_a_new_one_may_be_begun(make: Make, state: str, status: FilingStatus) -> None:
    filing = make.filing(state)
    assert agency_now(filing.agency_id).filing_status is status
    assert claims_of(filing.agency_id) == {}
    second = make.filing("filed", agency=filing.agency)
    assert second.kind is FilingKind.INITIAL
    assert agency_now(filing.agency_id).filing_status is FilingStatus.FILED


def test_the_snapshot_stays_what_it_was_when_the_agency_goes_on_editing(make: Make) -> None:
    filing = make.filing("submitted")
    change_office(filing.agency, 5.0)
    assert [office.area_m2 for office in queries.snapshot(fresh(filing)).offices] == [320.0]


@pytest.mark.parametrize("statement", ["UPDATE submission SET number = 9", "DELETE FROM submission",
                                       "UPDATE filing_step SET reason = ''", "DELETE FROM filing_step"])  # fmt: skip
def test_the_database_itself_keeps_what_was_handed_in(make: Make, statement: str) -> None:
    make.filing("submitted")
    with pytest.raises(DBAPIError, match="kept as it was"), db.engine.begin() as connection:
        connection.execute(text(statement))


def test_a_second_click_on_hand_in_is_told_that_it_is_done(make: Make) -> None:
    filing = make.filing("draft")
    own = make.user_of(filing.agency)
    services.submit(filing.id, version=filing.version, by=own)
    with pytest.raises(rules.NotPossibleNow):
        services.submit(filing.id, version=filing.version, by=own)
    assert len(fresh(filing).submissions) == 1


def test_a_returned_filing_is_handed_in_again_with_the_next_number_once_something_changed(make: Make) -> None:
    filing = make.filing("returned")
    own = make.user_of(filing.agency)
    assert [(item.target, item.submission_number) for item in filing.return_items] == [("clause:JL-20-2", 1)]
    with pytest.raises(rules.NothingChanged, match="上次提交"):
        services.submit(filing.id, version=filing.version, by=own)
    change_office(filing.agency, 400.0)
    services.submit(filing.id, version=filing.version, by=own)
    again = fresh(filing)
    assert (again.state, [each.number for each in again.submissions]) == (State.SUBMITTED, [1, 2])
    assert events()[-1] == ("filing_resubmitted", "role", "reviewer")
    (asked,) = queries.corrections(again, queries.snapshot(again))
    assert asked.touched


def test_a_return_needs_something_to_correct(make: Make) -> None:
    reviewer = make.officer("reviewer")
    filing = make.filing("under_review", reviewer=reviewer)
    with pytest.raises(rules.NothingToCorrect):
        services.return_(filing.id, version=filing.version, items=[], by=reviewer)
    assert fresh(filing).state is State.UNDER_REVIEW


def test_a_filing_can_be_returned_before_it_is_taken(make: Make) -> None:
    filing = make.filing("submitted")
    items = [Correction("material:office", "合同缺页"), Correction("clause:JL-20-5", "请补近五年业绩")]
    services.return_(filing.id, version=filing.version, items=items, by=make.officer("reviewer"))
    assert [item.target for item in fresh(filing).return_items] == ["material:office", "clause:JL-20-5"]


def test_another_reviewer_takes_a_filing_over_before_acting_on_it(make: Make) -> None:
    first, second = make.officer("reviewer", "approver"), make.officer("reviewer")
    filing = make.filing("under_review", reviewer=first)
    with pytest.raises(rules.NotTheReviewer):
        services.pass_(filing.id, version=filing.version, by=second, reason="齐全")
    services.take_over(filing.id, version=filing.version, by=second, reason="原审核人出差")
    services.pass_(filing.id, version=filing.version + 1, by=second, reason="齐全")
    with pytest.raises(rules.SameOfficer):  # who began the review doesn't approve it
        services.approve(filing.id, version=filing.version + 2, by=first, reason="同意")


@pytest.mark.parametrize("act", [services.approve, services.refuse, services.send_back])
def test_nobody_decides_what_they_reviewed(make: Make, act: object) -> None:
    officer = make.officer("reviewer", "approver")
    filing = make.filing("reviewed", reviewer=officer)
    with pytest.raises(rules.SameOfficer):
        act(filing.id, version=filing.version, by=officer, reason="同意")  # type: ignore[operator]
    assert fresh(filing).state is State.REVIEWED


def test_a_second_officer_sends_back_and_the_reviewer_goes_on(make: Make) -> None:
    reviewer = make.officer("reviewer")
    filing = make.filing("reviewed", reviewer=reviewer)
    services.send_back(filing.id, version=filing.version, by=make.officer("approver"), reason="请核对社保")
    assert fresh(filing).state is State.UNDER_REVIEW
    assert events()[-1] == ("filing_sent_back", "account", str(reviewer.id))
    services.pass_(filing.id, version=filing.version + 1, by=reviewer, reason="已核对")


def doubtful(make: Make) -> tuple[Agency, StaffMember]:
    """An agency whose fifth senior is re-employed after retirement."""
    agency = make.qualified_agency(seniors=5)
    with transaction() as session:
        member = session.scalars(select(StaffMember).where(StaffMember.agency_id == agency.id)).first()
        assert member is not None
        member.employment = Employment.REHIRED
    return agency, member


@pytest.mark.clause("JL-20-3")
def test_an_open_point_is_judged_before_the_review_is_passed(make: Make) -> None:
    agency, member = doubtful(make)
    reviewer = make.officer("reviewer")
    filing = make.filing("under_review", agency=agency, reviewer=reviewer)
    with pytest.raises(rules.JudgementMissing):
        services.pass_(filing.id, version=filing.version, by=reviewer, reason="齐全")
    point = f"staff:{member.id}:full_time"
    decision = Decision(point, True, "返聘合同约定全日制工作")
    services.judge(filing.id, version=filing.version, decisions=[decision], by=reviewer)
    services.pass_(filing.id, version=filing.version + 1, by=reviewer, reason="齐全")
    services.approve(filing.id, version=filing.version + 2, by=make.officer("approver"), reason="同意")
    (judged,) = queries.judgements_in(db.session(), fresh(filing))
    assert (judged.point, judged.accepted, judged.reason, judged.by_id) == (
        point, True, "返聘合同约定全日制工作", reviewer.id,
    )  # fmt: skip
    assert claims_of(agency.id) == {ClaimStanding.FILED: 10}


def test_a_point_judged_against_the_agency_stops_the_review(make: Make) -> None:
    agency, member = doubtful(make)
    reviewer = make.officer("reviewer")
    filing = make.filing("under_review", agency=agency, reviewer=reviewer)
    decision = Decision(f"staff:{member.id}:full_time", False, "每周只到岗一天")
    services.judge(filing.id, version=filing.version, decisions=[decision], by=reviewer)
    with pytest.raises(rules.NotReady, match="4/5"):
        services.pass_(filing.id, version=filing.version + 1, by=reviewer, reason="齐全")


def test_only_the_reviewer_judges_and_only_what_is_open(make: Make) -> None:
    agency, member = doubtful(make)
    reviewer = make.officer("reviewer")
    filing = make.filing("under_review", agency=agency, reviewer=reviewer)
    decision = Decision(f"staff:{member.id}:full_time", True, "全日制")
    refused: list[tuple[type[DomainError], Decision, User]] = [
        (rules.NotTheReviewer, decision, make.officer("reviewer")),
        (rules.NothingToJudge, Decision(f"staff:{member.id}:title", True, "是", TitleLevel.DEPUTY_SENIOR), reviewer),
    ]
    for refusal, tried, by in refused:
        with pytest.raises(refusal):
            services.judge(filing.id, version=filing.version, decisions=[tried], by=by)
    assert queries.judgements_in(db.session(), fresh(filing)) == []


@pytest.mark.clause("JL-21-2")
def test_a_change_keeps_number_and_first_day_and_the_filed_version_holds_meanwhile(make: Make) -> None:
    with clock.frozen(datetime(2026, 3, 1, 2, tzinfo=UTC)):
        first = make.filing("filed")
    agency = first.agency
    change = make.filing("draft", agency=agency)
    own = make.user_of(agency)
    assert change.kind is FilingKind.CHANGE
    with pytest.raises(rules.NothingChanged, match="现行备案"):
        services.submit(change.id, version=change.version, by=own)
    change_office(agency, 400.0)
    services.submit(change.id, version=change.version, by=own)
    assert agency_now(agency.id).filing_status is FilingStatus.FILED
    assert area_in_force(agency) == 320.0
    reviewer = make.officer("reviewer")
    services.take(change.id, version=change.version + 1, by=reviewer)
    services.pass_(change.id, version=change.version + 2, by=reviewer, reason="齐全")
    services.approve(change.id, version=change.version + 3, by=make.officer("approver"), reason="同意")
    assert fresh(change).number == first.number
    assert (fresh(first).state, fresh(first).ended_on) == (State.SUPERSEDED, clock.today())
    now = agency_now(agency.id)
    assert (now.filing_number, now.first_filed_on) == (first.number, first.filed_on)
    assert area_in_force(agency) == 400.0


def test_a_withdrawn_change_leaves_the_filing_and_its_claims_in_force(make: Make) -> None:
    first = make.filing("filed")
    change_office(first.agency, 400.0)
    make.filing("withdrawn", agency=first.agency)
    assert agency_now(first.agency_id).filing_status is FilingStatus.FILED
    assert claims_of(first.agency_id) == {ClaimStanding.FILED: 11}
    assert fresh(first).state is State.FILED


def test_cancelling_ends_the_filing_and_lets_its_people_go(make: Make) -> None:
    filing = make.filing("cancelled")
    now = agency_now(filing.agency_id)
    assert (now.filing_status, now.filing_ended_on) == (FilingStatus.CANCELLED, clock.today())
    assert claims_of(filing.agency_id) == {}
    second = make.filing("filed", agency=filing.agency)
    assert second.kind is FilingKind.INITIAL
    assert second.number != filing.number
    assert agency_now(filing.agency_id).filing_ended_on is None


def test_a_filing_under_change_is_not_cancelled(make: Make) -> None:
    first = make.filing("filed")
    change_office(first.agency, 400.0)
    make.filing("submitted", agency=first.agency)
    with pytest.raises(rules.NothingToCancel):
        services.cancel(first.id, version=first.version, by=make.user_of(first.agency), reason="停业")


def test_a_change_begun_before_the_cancelling_becomes_a_first_filing(make: Make) -> None:
    first = make.filing("filed")
    own = make.user_of(first.agency)
    draft = make.filing("draft", agency=first.agency)
    services.cancel(first.id, version=first.version, by=own, reason="停业")
    services.submit(draft.id, version=draft.version, by=own)
    assert fresh(draft).kind is FilingKind.INITIAL


def share_person(make: Make, first: Agency, second: Agency) -> None:
    """A senior of the first agency is on the roster of the second as well, with every proof."""
    with transaction() as session:
        there = session.scalars(select(StaffMember).where(StaffMember.agency_id == first.id)).first()
        here = session.scalars(select(StaffMember).where(StaffMember.agency_id == second.id)).first()
        assert there is not None
        assert here is not None
        here.person_id = there.person_id


def test_a_person_filed_elsewhere_counts_here_only_once_an_officer_says_so(make: Make) -> None:
    first = make.filing("filed", agency=make.qualified_agency(seniors=5))
    later = make.qualified_agency(seniors=5)
    share_person(make, first.agency, later)
    reviewer = make.officer("reviewer")
    filing = make.filing("under_review", agency=later, reviewer=reviewer)
    assert ("staff_claimed_elsewhere", "agency", str(first.agency_id)) in events()
    (point,) = queries.check_of(db.session(), fresh(filing)).points
    with pytest.raises(rules.JudgementMissing):
        services.pass_(filing.id, version=filing.version, by=reviewer, reason="齐全")
    services.judge(filing.id, version=filing.version, decisions=[Decision(point.point, True, "已转入")], by=reviewer)
    services.pass_(filing.id, version=filing.version + 1, by=reviewer, reason="齐全")
    assert db.session.scalars(select(Flag)).all() == []  # until it is decided, the person counts there
    services.approve(filing.id, version=filing.version + 2, by=make.officer("approver"), reason="同意")
    assert ("staff_counts_elsewhere", "agency", str(first.agency_id)) in events()
    assert fresh(first).state is State.FILED  # never cancelled by the system


def test_a_condition_lost_since_the_review_stops_the_approval(make: Make) -> None:
    filing = make.filing("reviewed")
    later = clock.now() + timedelta(days=800)  # the lease has run out
    with clock.frozen(later), pytest.raises(rules.NotReady):
        services.approve(filing.id, version=filing.version, by=make.officer("approver"), reason="同意")
    assert fresh(filing).state is State.REVIEWED


def test_a_comment_stays_within_the_desk_and_moves_nothing(make: Make) -> None:
    filing = make.filing("under_review")
    services.comment(filing.id, target="material:office", text="第 3 页看不清", by=make.officer("reviewer"))
    now = fresh(filing)
    assert [(each.target, each.text, each.submission_number) for each in now.comments] == [
        ("material:office", "第 3 页看不清", 1)
    ]
    assert now.version == filing.version
    assert not [event for event in events() if event[0] == "filing_commented"]


def test_a_comment_said_twice_is_one(make: Make) -> None:
    filing, officer = make.filing("under_review"), make.officer("reviewer")
    for _ in range(2):
        services.comment(filing.id, target="material:office", text="第 3 页看不清", by=officer)
    services.comment(filing.id, target="material:office", text="第 3 页看不清", by=make.officer("approver"))
    assert len(fresh(filing).comments) == 2


def test_history_tells_who_did_what_to_which_hand_in(make: Make) -> None:
    filing = make.filing("returned")
    steps = db.session.scalars(select(Step).where(Step.filing_id == filing.id).order_by(Step.id)).all()
    assert [(step.action, step.submission_number) for step in steps] == [
        ("open", 0), ("submit", 1), ("take", 1), ("return", 1),
    ]  # fmt: skip
    stored = db.session.scalars(select(Submission)).one()
    assert {finding.clause for finding in queries.stored_findings(stored)} == set(rules.CHECKED)
