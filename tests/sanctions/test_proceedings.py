"""What people do with a proceeding, from its proposal to its end, on both databases."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from accounts.models import User
from agency.models import Agency, NonAdoption
from applicants.models import Exclusion
from core import clock
from core.audit import AuditEntry
from core.db import db, transaction
from core.errors import DomainError, Refusals
from evaluations.entries import Upload
from evaluations.models import ListEntry
from evaluations.rules.states import Level
from notices.models import Notice
from sanctions.entries import DecisionEntry, Party, ProposalEntry, PublicationEntry, ServiceEntry
from sanctions.models import Channel, Measure, Proceeding, RemovalGround, Served, State
from sanctions.rules import course
from sanctions.services import barring, deciding, hearing, proposing, publishing, serving
from supervision import casework
from supervision.models import Case, CaseKind, CaseOutcome, CaseState, Misconduct
from supervision.rules import verifying
from tests.evaluations import lists
from tests.factories import Make
from tests.factories.agencies import TINY_PDF

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)  # a Friday in Shanghai
TEXT = ProposalEntry(Measure.NON_ADOPTION, "报告所列用电量与账单不符", "供电公司账单")
PAPER = ServiceEntry(Channel.IN_PERSON, date(2026, 11, 20), "张某签收")


def now_of(proceeding_id: int) -> Proceeding:
    return db.session.get_one(Proceeding, proceeding_id, populate_existing=True)


def version_of(proceeding_id: int) -> int:
    return now_of(proceeding_id).version


def decision(measure: Measure = Measure.NON_ADOPTION, first_day: date | None = None) -> DecisionEntry:
    day = (first_day or clock.today()) if measure is Measure.NON_ADOPTION else None
    return DecisionEntry(measure, "事实清楚", "吉工信节能〔2026〕15号", clock.today(), day)


@pytest.fixture
def officer(make: Make) -> User:
    return make.officer("reviewer")


@pytest.fixture
def approver(make: Make) -> User:
    return make.officer("approver")


@pytest.mark.usefixtures("context")
@pytest.mark.clause("JL-22-3")
def test_from_the_proposal_to_three_years(make: Make, officer: User, approver: User) -> None:
    agency = make.agency(service_address="office@example.com")
    case = make.concluded_case(agency=agency, by=officer)
    with clock.frozen(AT):
        row_id = proposing.propose(case.id, Party(agency_id=agency.id), TEXT, by=officer)
        assert now_of(row_id).number == "告〔2026〕0001"
        serving.send(row_id, Served.NOTICE, ServiceEntry(Channel.ELECTRONIC), version=1, by=officer)
    row = now_of(row_id)
    assert (row.state, row.told_at, row.statement_due) == (State.TOLD, AT, date(2026, 11, 27))
    own = make.user_of(agency)
    with clock.frozen(AT + timedelta(hours=3)):
        serving.open_document(row_id, row.services[0].id, by=own)
        serving.open_document(row_id, row.services[0].id, by=own)  # only the first counts
        assert now_of(row_id).services[0].opened_at == AT + timedelta(hours=3)
        files = [Upload(TINY_PDF, "台账.pdf")]
        hearing.state_case(row_id, "数据出自企业。\n\n请延长期限。", files, version=version_of(row_id), by=own)
        assert [point.text for point in now_of(row_id).points] == ["数据出自企业。", "请延长期限。"]
        for point in now_of(row_id).points:
            hearing.answer(row_id, point.id, "经核不成立", accepted=False, version=version_of(row_id), by=officer)
        hearing.send_answers(row_id, version=version_of(row_id), by=officer)
        hearing.review(row_id, "同意", version=version_of(row_id), by=approver)
        deciding.decide(row_id, decision(), version=version_of(row_id), by=approver)
        assert db.session.scalars(select(NonAdoption)).all() == []  # it holds once it is served
        serving.send(row_id, Served.DECISION, ServiceEntry(Channel.ELECTRONIC), version=version_of(row_id), by=officer)
        publishing.publish(row_id, PublicationEntry("通报"), version=version_of(row_id), by=officer)
    row = now_of(row_id)
    assert row.non_adoption is not None
    assert (row.state, row.non_adoption.first_day, row.non_adoption.last_day) == (
        State.PUBLISHED,
        date(2026, 11, 20),
        date(2029, 11, 20),
    )
    closed = db.session.get_one(Case, case.id)
    assert (closed.state, closed.outcome) == (CaseState.CLOSED, CaseOutcome.NOT_ADOPTED)
    assert {"proceeding_told", "proceeding_answered", "proceeding_served", "proceeding_published"} <= set(
        db.session.scalars(select(Notice.event).where(Notice.audience_kind == "agency"))
    )
    logged = " ".join(
        f"{each.reason} {each.before} {each.after}"
        for each in db.session.scalars(select(AuditEntry).where(AuditEntry.object_kind == "proceeding"))
    )
    assert "用电量" not in logged
    assert "数据出自企业" not in logged


@pytest.mark.usefixtures("context")
def test_only_a_concluded_case_with_the_right_conclusion_carries_a_measure_and_only_once(
    make: Make, officer: User
) -> None:
    agency = make.agency()
    honest = make.concluded_case(agency=agency, misconduct=Misconduct.INACCURATE, by=officer)
    with pytest.raises(course.NotGrounded):
        proposing.propose(honest.id, Party(agency_id=agency.id), TEXT, by=officer)
    with pytest.raises(course.NotGrounded):  # the conclusion is about another one
        proposing.propose(honest.id, Party(agency_id=make.agency().id), TEXT, by=officer)
    with pytest.raises(course.NotPossibleNow, match="还没有作出核实结论"):
        proposing.propose(make.case(agency=agency).id, Party(agency_id=agency.id), TEXT, by=officer)
    mild = ProposalEntry(Measure.CIRCULAR, "数据有误", "台账")
    row_id = proposing.propose(honest.id, Party(agency_id=agency.id), mild, by=officer)
    with pytest.raises(course.NotPossibleNow, match="已经提出过"):
        proposing.propose(honest.id, Party(agency_id=agency.id), mild, by=officer)
    uncleared = ProposalEntry(Measure.CIRCULAR, "数据有误", "台账", files=(7,))
    with pytest.raises(proposing.NotCleared):
        proposing.edit(row_id, uncleared, version=1, by=officer)
    with pytest.raises(course.NotGrounded):
        proposing.edit(row_id, TEXT, version=1, by=officer)
    proposing.withdraw(row_id, reasons="另行处理", version=1, by=officer)
    assert now_of(row_id).state is State.DROPPED
    assert db.session.get_one(Case, honest.id).state is CaseState.CONCLUDED


@pytest.mark.usefixtures("context")
@pytest.mark.clause("JL-22-3")
def test_who_ever_handled_the_case_decides_nothing_of_it(make: Make, officer: User, approver: User) -> None:
    agency = make.agency()
    row = make.proceeding(State.ANSWERED, agency=agency, measure=Measure.CIRCULAR, by=officer)
    both = [officer, approver]
    with pytest.raises(course.TookPart):
        deciding.decide(row.id, decision(Measure.CIRCULAR), version=row.version, by=officer)
    with pytest.raises(course.TookPart):
        deciding.drop(row.id, reasons="不采取", version=row.version, by=officer)
    past = make.concluded_case(agency=agency, officers=both, by=officer)
    with transaction() as session:
        casework.unassign(session, session.get_one(Case, past.id), approver.id, by=officer)
    row_id = proposing.propose(past.id, Party(agency_id=agency.id), TEXT, by=officer)
    serving.send(row_id, Served.NOTICE, ServiceEntry(Channel.IN_PERSON, clock.today()), version=1, by=officer)
    hearing.waive(row_id, version=2, by=make.user_of(agency))
    with pytest.raises(course.TookPart, match="办理过"):
        hearing.review(row_id, "同意", version=3, by=approver)
    with pytest.raises(course.TookPart, match="办理过"):
        deciding.decide(row_id, decision(), version=3, by=approver)


@pytest.mark.every_zone
@pytest.mark.usefixtures("context")
def test_the_other_side_has_until_the_last_second_and_the_decider_waits_for_it(
    make: Make, officer: User, approver: User
) -> None:
    agency = make.agency()
    own = make.user_of(agency)
    with clock.frozen(AT):
        first = make.proceeding(State.TOLD, agency=agency, measure=Measure.CIRCULAR, by=officer)
        second = make.proceeding(State.TOLD, agency=agency, measure=Measure.CIRCULAR, by=officer)
    due = now_of(first.id).statement_due
    assert due == date(2026, 11, 27)
    end = clock.end_of(due)
    with clock.frozen(end - timedelta(microseconds=1)):
        with pytest.raises(course.NotHeard):
            deciding.decide(second.id, decision(Measure.CIRCULAR), version=1, by=approver)
        hearing.state_case(first.id, "没有编造", (), version=1, by=own)
    with clock.frozen(end):
        with pytest.raises(course.TermOver):
            hearing.state_case(second.id, "没有编造", (), version=1, by=own)
        with pytest.raises(course.TermOver):
            hearing.record_statement(
                second.id, "没有编造", (), received_on=due + timedelta(days=1), version=1, by=officer
            )
        hearing.extend(second.id, due + timedelta(days=3), reason="材料在外地", version=1, by=officer)
        with pytest.raises(course.NotHeard):
            deciding.decide(second.id, decision(Measure.CIRCULAR), version=2, by=approver)
    with clock.frozen(clock.end_of(due + timedelta(days=3))):
        hearing.record_statement(second.id, "没有编造", (), received_on=due, version=2, by=officer)  # came in time
    assert (now_of(second.id).state, now_of(second.id).on_paper) == (State.STATED, True)


@pytest.mark.usefixtures("context")
def test_service_needs_consent_for_the_electronic_way_and_waits_for_the_receipt_of_the_post(
    make: Make, officer: User
) -> None:
    row = make.proceeding(State.PROPOSED, agency=make.agency(service_address=""), by=officer)
    with pytest.raises(DomainError, match="没有同意电子送达"):
        serving.send(row.id, Served.NOTICE, ServiceEntry(Channel.ELECTRONIC), version=1, by=officer)
    tomorrow = clock.today() + timedelta(days=1)
    with pytest.raises(DomainError, match="不能晚于今天"):
        serving.send(row.id, Served.NOTICE, ServiceEntry(Channel.LEFT, tomorrow), version=1, by=officer)
    serving.send(row.id, Served.NOTICE, ServiceEntry(Channel.POST, None, "EMS 1"), version=1, by=officer)
    assert (now_of(row.id).state, now_of(row.id).statement_due) == (State.PROPOSED, None)
    with pytest.raises(course.NotPossibleNow, match="正在途中"):
        serving.send(row.id, Served.NOTICE, ServiceEntry(Channel.POST), version=2, by=officer)
    with pytest.raises(course.NotPossibleNow, match="已经发出"):
        proposing.withdraw(row.id, reasons="", version=2, by=officer)
    service_id = now_of(row.id).services[0].id
    serving.record_receipt(row.id, service_id, clock.today(), note="收发室签收", version=2, by=officer)
    assert (now_of(row.id).state, now_of(row.id).services[0].note) == (State.TOLD, "EMS 1\n收发室签收")
    with pytest.raises(course.NotPossibleNow, match="已经登记"):
        serving.record_receipt(row.id, service_id, clock.today(), note="", version=3, by=officer)


@pytest.mark.usefixtures("context")
def test_a_decision_that_comes_after_its_first_day_is_put_right_before_it_is_served(
    make: Make, officer: User, approver: User
) -> None:
    with clock.frozen(AT):
        row = make.proceeding(State.DECIDED, by=officer, decider=approver)
    later = AT + timedelta(days=3)
    with clock.frozen(later):
        entry = ServiceEntry(Channel.IN_PERSON, clock.today())
        with pytest.raises(DomainError, match="先更正起始日"):
            serving.send(row.id, Served.DECISION, entry, version=1, by=officer)
        again = {"document": row.document or "", "dated": clock.today(), "first_day": clock.today()}
        with pytest.raises(course.TookPart):
            deciding.restate(row.id, **again, version=1, by=officer)  # type: ignore[arg-type]
        deciding.restate(row.id, **again, version=1, by=approver)  # type: ignore[arg-type]
        serving.send(row.id, Served.DECISION, entry, version=2, by=officer)
    period = now_of(row.id).non_adoption
    assert period is not None
    assert period.first_day == date(2026, 11, 23)


@pytest.mark.usefixtures("context")
def test_what_came_back_is_sent_another_way(make: Make, officer: User) -> None:
    row = make.proceeding(State.PROPOSED, agency=make.agency(service_address=""), by=officer)
    serving.send(row.id, Served.NOTICE, ServiceEntry(Channel.POST, None, "EMS 1"), version=1, by=officer)
    post = now_of(row.id).services[0].id
    serving.record_failure(row.id, post, note="原址查无此单位", version=2, by=officer)
    with pytest.raises(course.NotPossibleNow):
        serving.record_receipt(row.id, post, clock.today(), note="", version=3, by=officer)
    proposing.edit(row.id, TEXT, version=3, by=officer)  # nobody was told
    serving.send(row.id, Served.NOTICE, ServiceEntry(Channel.IN_PERSON, clock.today()), version=4, by=officer)
    assert now_of(row.id).state is State.TOLD


@pytest.mark.usefixtures("context")
def test_a_corrected_decision_is_sent_anew(make: Make, officer: User, approver: User) -> None:
    with clock.frozen(AT):
        row = make.proceeding(State.DECIDED, by=officer, decider=approver)
        serving.send(row.id, Served.DECISION, ServiceEntry(Channel.POST), version=1, by=officer)
    old = now_of(row.id).services[-1].id
    with clock.frozen(AT + timedelta(days=3)):
        with pytest.raises(DomainError, match="先更正起始日"):
            serving.record_receipt(row.id, old, clock.today(), note="", version=2, by=officer)
        again = {"document": row.document or "", "dated": clock.today(), "first_day": clock.today()}
        deciding.restate(row.id, **again, version=2, by=approver)  # type: ignore[arg-type]
        with pytest.raises(course.NotPossibleNow):  # it says the old day
            serving.record_receipt(row.id, old, clock.today(), note="", version=3, by=officer)
        entry = ServiceEntry(Channel.IN_PERSON, clock.today())
        serving.send(row.id, Served.DECISION, entry, version=3, by=officer)
    assert now_of(row.id).state is State.SERVED


@pytest.mark.usefixtures("context")
def test_a_number_of_a_document_serves_once(make: Make, officer: User, approver: User) -> None:
    for _ in range(2):
        make.proceeding(State.ANSWERED, measure=Measure.CIRCULAR, by=officer)
    first, second = db.session.scalars(select(Proceeding).order_by(Proceeding.id)).all()
    deciding.decide(first.id, decision(Measure.CIRCULAR), version=1, by=approver)
    with pytest.raises(DomainError) as refused:
        deciding.decide(second.id, decision(Measure.CIRCULAR), version=1, by=approver)
    assert refused.value.field == "document"


@pytest.mark.usefixtures("context")
def test_what_a_decision_of_non_adoption_lacks_is_told_together(make: Make, approver: User) -> None:
    row = make.proceeding(State.TOLD)
    with pytest.raises(Refusals) as refused:
        deciding.decide(row.id, decision(first_day=date(2026, 1, 1)), version=1, by=approver)
    told = refused.value.message
    assert "24 时止" in told
    assert "法制审核" in told
    assert "起始日不能早于今天" in told


@pytest.mark.usefixtures("context")
@pytest.mark.clause("JL-22-3")
def test_of_several_periods_annulling_one_ends_only_its_own(make: Make, officer: User, approver: User) -> None:
    agency = make.agency()
    make.non_adoption(agency, clock.today() - timedelta(days=30))
    row = make.proceeding(State.PUBLISHED, agency=agency, by=officer)
    publishing.annul(row.id, document="吉政复决〔2026〕3号", reason="证据不足", version=1, by=approver)
    standing = {each.id: each.annulled_at for each in db.session.scalars(select(NonAdoption))}
    assert sum(at is not None for at in standing.values()) == 1
    assert standing[row.non_adoption_id or 0] is not None
    assert now_of(row.id).state is State.ANNULLED
    with pytest.raises(course.NotPossibleNow):
        publishing.annul(row.id, document="再撤", reason="再撤", version=2, by=approver)


@pytest.mark.usefixtures("context")
def test_a_period_that_came_out_of_a_proceeding_is_annulled_there(make: Make, approver: User) -> None:
    row = make.proceeding(State.SERVED)
    with pytest.raises(barring.OutOfProceeding, match=row.number):
        barring.annul(row.non_adoption_id or 0, reason="证据不足", by=approver)
    assert now_of(row.id).state is State.SERVED


def test_who_annuls_such_a_period_is_led_to_its_proceeding(
    make: Make, approver: User, sign_in: Callable[[User], FlaskClient]
) -> None:
    row = make.proceeding(State.SERVED)
    page = sign_in(approver).get(f"/desk/sanctions/non-adoptions/{row.non_adoption_id}/annul")
    assert page.location == f"/desk/sanctions/{row.id}/annul"


@pytest.mark.usefixtures("context")
def test_annulling_leaves_an_entry_alone_that_was_taken_off_again_since(
    make: Make, officer: User, approver: User, entry: Callable[[Level], ListEntry]
) -> None:
    listed = entry(Level.PROVINCIAL)
    row = make.proceeding(State.SERVED, measure=Measure.REMOVAL, entry=listed, by=officer)
    publishing.publish(row.id, PublicationEntry("公告", clock.today()), version=1, by=approver)
    with transaction() as session:
        session.get_one(ListEntry, listed.id).basis = "吉工信节能〔2027〕1号"
    publishing.annul(row.id, document="吉政复决〔2026〕5号", reason="证据不足", version=2, by=approver)
    assert db.session.get_one(ListEntry, listed.id, populate_existing=True).removed_on == clock.today()


# ── removal ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def entry() -> Callable[[Level], ListEntry]:
    def made(level: Level) -> ListEntry:
        lists.bring(lists.table(lists.row("松江纸业有限公司", 1)))
        with transaction() as session:
            session.scalars(select(ListEntry)).one().level = level
        return db.session.scalars(select(ListEntry)).one()

    return made


@pytest.mark.usefixtures("context")
@pytest.mark.clause("JL-18")
@pytest.mark.parametrize("level", [Level.PROVINCIAL, Level.NATIONAL])
def test_a_unit_leaves_its_list_when_its_owner_says_so(
    make: Make, officer: User, approver: User, entry: Callable[[Level], ListEntry], level: Level
) -> None:
    listed = entry(level)
    row = make.proceeding(State.SERVED, measure=Measure.REMOVAL, entry=listed, by=officer)
    publishing.publish(row.id, PublicationEntry("公告"), version=1, by=approver)  # with the year's list
    assert db.session.get_one(ListEntry, listed.id).removed_on is None
    if level is Level.NATIONAL:
        with pytest.raises(DomainError, match="工业和信息化部"):
            publishing.carry_out(row.id, clock.today(), document="", version=2, by=approver)
    document = "工信厅节函〔2026〕9号" if level is Level.NATIONAL else ""
    publishing.carry_out(row.id, clock.today(), document=document, version=2, by=approver)
    gone = db.session.get_one(ListEntry, listed.id, populate_existing=True)
    assert (gone.removed_on, gone.basis) == (clock.today(), document or row.document)
    assert db.session.scalars(select(Exclusion)).one().on == clock.today()
    with pytest.raises(course.NotPossibleNow):
        publishing.carry_out(row.id, clock.today(), document=document, version=3, by=approver)
    publishing.annul(row.id, document="吉政复决〔2026〕5号", reason="证据不足", version=3, by=approver)
    assert db.session.get_one(ListEntry, listed.id, populate_existing=True).removed_on is None
    assert db.session.scalars(select(Exclusion)).one().annulled_at is not None


@pytest.mark.usefixtures("context")
@pytest.mark.clause("JL-18")
def test_a_removal_is_proposed_of_an_entry_that_stands(
    make: Make, officer: User, entry: Callable[[Level], ListEntry]
) -> None:
    listed = entry(Level.PROVINCIAL)
    case = make.concluded_case(applicant=listed.applicant, misconduct=Misconduct.INACCURATE, by=officer)
    party = Party(applicant_id=listed.applicant_id)
    proposal = {"measure": Measure.REMOVAL, "facts": "未报动态管理表", "evidence": "平台记录"}
    for refused in (
        ProposalEntry(**proposal, ground=None, entry_id=listed.id),  # type: ignore[arg-type]
        ProposalEntry(**proposal, ground=RemovalGround.FORGED, entry_id=listed.id),  # type: ignore[arg-type]
        ProposalEntry(**proposal, ground=RemovalGround.FORM_REFUSED, entry_id=99),  # type: ignore[arg-type]
    ):
        with pytest.raises(DomainError):
            proposing.propose(case.id, party, refused, by=officer)
    sound = ProposalEntry(**proposal, ground=RemovalGround.FORM_REFUSED, entry_id=listed.id)  # type: ignore[arg-type]
    row = now_of(proposing.propose(case.id, party, sound, by=officer))
    assert (row.clause, row.applicant_id, row.list_entry_id) == ("JL-18", listed.applicant_id, listed.id)


def test_agencies_are_not_told_of_a_proposal(make: Make, app: object, context: object, officer: User) -> None:
    agency: Agency = make.agency()
    case = make.concluded_case(agency=agency, by=officer)
    proposing.propose(case.id, Party(agency_id=agency.id), TEXT, by=officer)
    events = db.session.scalars(select(Notice.event).where(Notice.audience_kind == "agency")).all()
    assert [event for event in events if event.startswith("proceeding")] == []


# ── what leaves the desk ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.usefixtures("context")
@pytest.mark.clause("JL-24-1")
def test_a_notice_out_of_a_complaint_is_looked_over_before_it_names_its_source(make: Make, officer: User) -> None:
    agency = make.agency()
    case = make.concluded_case(CaseKind.COMPLAINT, agency=agency, by=officer)
    party = Party(agency_id=agency.id)
    revealing = ProposalEntry(Measure.CIRCULAR, "报告失实", "离职员工提供的照片")
    with pytest.raises(verifying.MayReveal, match="离职"):
        proposing.propose(case.id, party, revealing, by=officer)
    with pytest.raises(verifying.MayReveal, match="案号"):
        proposing.propose(case.id, party, replace(TEXT, facts="见案〔2026〕0001", looked_over=True), by=officer)
    row_id = proposing.propose(case.id, party, replace(revealing, looked_over=True), by=officer)
    with pytest.raises(verifying.MayReveal):
        proposing.edit(row_id, revealing, version=1, by=officer)


@pytest.mark.usefixtures("context")
def test_neither_a_decision_nor_its_publication_names_a_case_or_says_how_to_reach_somebody(
    make: Make, officer: User, approver: User
) -> None:
    row = make.proceeding(State.ANSWERED, measure=Measure.CIRCULAR, by=officer)
    said = replace(decision(Measure.CIRCULAR), reasons="据 JB20260001 核实")
    with pytest.raises(verifying.MayReveal):
        deciding.decide(row.id, said, version=1, by=approver)
    served = make.proceeding(State.SERVED, measure=Measure.CIRCULAR, by=officer)
    for text in ("联系人 13900000001", "身份证号 220102198001010017", "a.b@example.com"):
        with pytest.raises(DomainError, match="不得写个人"):
            publishing.publish(served.id, PublicationEntry(text), version=1, by=approver)
    plain = "代码 91220101MA0000001X、912201017000000018，2026-11-20 起"
    publishing.publish(served.id, PublicationEntry(plain), version=1, by=approver)


@pytest.mark.usefixtures("context")
def test_a_circular_in_place_of_non_adoption_cites_its_own_clause(make: Make, officer: User, approver: User) -> None:
    row = make.proceeding(State.ANSWERED, by=officer)
    deciding.decide(row.id, decision(Measure.CIRCULAR), version=1, by=approver)
    assert now_of(row.id).clause == "JL-24-3"
