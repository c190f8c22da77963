"""What officers do with complaints, from the assignment to the review, on both databases."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.models import User
from applicants.models import Applicant, ListLevel
from complaints.models import CallResult, Complaint, Matter, Pause, Refusal, ReplyWay, State
from complaints.rules import handling
from complaints.rules.course import NotPossibleNow
from complaints.rules.handling import Purpose
from complaints.services import (
    asking,
    assigning,
    calling,
    deciding,
    extending,
    following,
    joining,
    looking,
    referring,
    replying,
    reviewing,
)
from core import clock
from core.audit import AuditEntry
from core.db import db, transaction
from notices.models import Notice
from supervision.models import Case, CaseFile, CaseOfficer, CaseState, Result
from tests.factories import Make

FACTS = "核实年度能耗数据与缴费凭证是否一致，是否开展过现场评价。"


@pytest.fixture
def handler(make: Make) -> User:
    return make.officer("reviewer")


@pytest.fixture
def approver(make: Make) -> User:
    return make.officer("approver")


@pytest.fixture
def in_hand(make: Make, handler: User, approver: User) -> Complaint:
    return make.complaint_in_hand(handler, by=approver, agency=make.agency(), files=1)


def now(make: Make, complaint: Complaint) -> Complaint:
    return make.complaint_now(complaint)


def version(make: Make, complaint: Complaint) -> int:
    return make.complaint_now(complaint).version


def confirm(make: Make, complaint: Complaint, handler: User) -> None:
    calling.record(complaint.id, CallResult.CONFIRMED, note="", version=version(make, complaint), by=handler)


def accepted(make: Make, complaint: Complaint, handler: User) -> Complaint:
    confirm(make, complaint, handler)
    deciding.accept(complaint.id, FACTS, version=version(make, complaint), by=handler)
    return now(make, complaint)


def conclude_case(complaint: Complaint, handler: User) -> None:
    with transaction() as session:
        case = session.get_one(Case, complaint.case_id)
        case.state, case.result = CaseState.CONCLUDED, Result.SUBSTANTIATED
        case.concluded_at, case.concluded_by = clock.now(), handler.id


def events(account: User) -> list[str]:
    rows = select(Notice.event).where(Notice.audience_kind == "account", Notice.audience_id == str(account.id))
    return list(db.session.scalars(rows.order_by(Notice.id)))


def logged(action: str) -> list[AuditEntry]:
    return list(db.session.scalars(select(AuditEntry).where(AuditEntry.action == action)))


pytestmark = pytest.mark.usefixtures("context")


def test_who_is_given_it_is_told_and_sees_it_once_they_declared(make: Make, handler: User, approver: User) -> None:
    complaint = make.complaint_in_hand(handler, by=approver, declared=False)
    assert (complaint.state, complaint.handler_id, complaint.taken_at) == (State.ASSIGNED, handler.id, None)
    assert events(handler) == ["complaint_assigned"]
    assigning.declare(complaint.id, version=complaint.version, by=handler)
    assert now(make, complaint).taken_at is not None
    with pytest.raises(NotPossibleNow):
        assigning.declare(complaint.id, version=version(make, complaint), by=handler)


def test_who_stands_aside_never_gets_it_back(make: Make, handler: User, approver: User) -> None:
    complaint = make.complaint_in_hand(handler, by=approver, declared=False)
    assigning.recuse(complaint.id, reason="同学在该机构任职", version=complaint.version, by=handler)
    row = now(make, complaint)
    assert (row.state, row.handler_id) == (State.RECEIVED, None)
    assert "complaint_recused" in events(approver)
    with pytest.raises(handling.Involved):
        assigning.assign(complaint.id, handler.id, version=row.version, by=approver)
    assert [entry.reason for entry in logged("complaint.recuse")] == [None]  # why stands sealed


def test_nobody_is_given_what_they_are_registered_for_or_named_in(make: Make, handler: User, approver: User) -> None:
    agency = make.agency()
    make.recusal(handler, agency)
    named = make.officer("reviewer")
    complaint = make.complaint(agency=agency, facts=f"报告是{named.display_name}帮着通过的，能耗数据不实。")
    for officer in (handler, named):
        with pytest.raises(handling.Involved):
            assigning.assign(complaint.id, officer.id, version=version(make, complaint), by=approver)
    municipal = make.officer("municipal", bureau="siping")
    with pytest.raises(handling.NotTheirs):
        assigning.assign(complaint.id, municipal.id, version=version(make, complaint), by=approver)


def test_an_older_page_assigns_nobody(make: Make, handler: User, approver: User) -> None:
    complaint = make.complaint()
    shown = version(make, complaint)
    assigning.assign(complaint.id, handler.id, version=shown, by=approver)
    with pytest.raises(NotPossibleNow):
        assigning.assign(complaint.id, make.officer("reviewer").id, version=shown, by=approver)


def test_handed_over_it_is_assigned_anew_and_lost_from_sight(make: Make, in_hand: Complaint, handler: User) -> None:
    referring.refer(
        in_hand.id, "siping", reason="名单由市级确定", mention_is_harmless=False, version=in_hand.version, by=handler
    )
    row = now(make, in_hand)
    assert (row.state, row.bureau, row.handler_id, row.taken_at) == (State.RECEIVED, "siping", None, None)
    assert db.session.scalars(select(Notice.audience_id).where(Notice.event == "complaint_referred")).all() == [
        "siping"
    ]
    own = make.officer("municipal", bureau="siping")
    assigning.assign(in_hand.id, own.id, version=row.version, by=make.officer("municipal", bureau="siping"))
    assert now(make, in_hand).handler_id == own.id
    with pytest.raises(NotPossibleNow):
        referring.refer(
            in_hand.id, "siping", reason="又一次", mention_is_harmless=False, version=version(make, in_hand), by=own
        )


@pytest.mark.parametrize("named", [True, False])
def test_a_bureau_that_the_text_names_never_gets_it_unseen(make: Make, named: bool) -> None:
    unit = make.applicant(bureau="siping")
    with transaction() as session:
        session.get_one(Applicant, unit.id).listed = ListLevel.MUNICIPAL
    facts = f"产值是编的，{'四平市工信局' if named else '有人'}帮忙改过申报材料。"
    complaint = make.complaint(applicant=unit, facts=facts)
    assert complaint.bureau == (None if named else "siping")
    if named:
        with pytest.raises(handling.Involved):  # whoever assigns has not read it, and can't say that it is harmless
            referring.refer(
                complaint.id, "siping", reason="名单由市级确定", mention_is_harmless=True, version=complaint.version,
                by=make.officer("approver"),
            )  # fmt: skip


def test_only_who_is_known_is_accepted_and_the_case_is_theirs_alone(
    make: Make, in_hand: Complaint, handler: User
) -> None:
    with pytest.raises(handling.NotConfirmed):
        deciding.accept(in_hand.id, FACTS, version=in_hand.version, by=handler)
    row = accepted(make, in_hand, handler)
    assert (row.state, row.in_time) == (State.ACCEPTED, True)
    case = db.session.get_one(Case, row.case_id)
    assert (case.facts, case.agency_id, case.is_restricted) == (FACTS, in_hand.agency_id, True)
    assert db.session.scalars(select(CaseOfficer.account_id).where(CaseOfficer.case_id == case.id)).all() == [
        handler.id
    ]
    files = db.session.scalars(select(CaseFile).where(CaseFile.case_id == case.id)).all()
    assert [(each.title, each.from_complaint) for each in files] == [("材料 1", True)]
    with pytest.raises(NotPossibleNow):
        deciding.accept(in_hand.id, FACTS, version=row.version, by=handler)


@pytest.mark.parametrize("facts", ["辛实名反映能耗不实。", "评价报告里的能耗数据与实际电费单不符，请核实。"])
def test_a_case_that_would_give_the_reporter_away_is_not_opened(
    make: Make, in_hand: Complaint, handler: User, facts: str
) -> None:
    confirm(make, in_hand, handler)
    with pytest.raises(handling.GivesAway):
        deciding.accept(in_hand.id, facts, version=version(make, in_hand), by=handler)
    assert now(make, in_hand).state is State.ASSIGNED


def test_who_can_not_be_confirmed_is_a_clue_without_a_clock(make: Make, in_hand: Complaint, handler: User) -> None:
    calling.record(in_hand.id, CallResult.DENIED, note="说没有举报过", version=in_hand.version, by=handler)
    deciding.keep_as_clue(in_hand.id, FACTS, version=version(make, in_hand), by=handler)
    row = now(make, in_hand)
    assert (row.state, row.due_on) == (State.CLUE, None)
    conclude_case(row, handler)
    assert replying.conclude(in_hand.id, version=row.version, by=handler) is State.CLOSED


def test_a_clue_whose_reporter_is_reached_becomes_a_complaint(make: Make, in_hand: Complaint, handler: User) -> None:
    calling.record(in_hand.id, CallResult.NOT_REACHED, note="", version=in_hand.version, by=handler)
    deciding.keep_as_clue(in_hand.id, FACTS, version=version(make, in_hand), by=handler)
    with pytest.raises(handling.NotConfirmed):
        deciding.accept_clue(in_hand.id, version=version(make, in_hand), by=handler)
    confirm(make, in_hand, handler)
    case_id = now(make, in_hand).case_id
    deciding.accept_clue(in_hand.id, version=version(make, in_hand), by=handler)
    row = now(make, in_hand)
    assert (row.state, row.case_id, row.due_on is not None) == (State.ACCEPTED, case_id, True)


def test_asked_once_for_evidence_and_refused_only_when_the_term_is_over(
    make: Make, handler: User, approver: User
) -> None:
    complaint = make.complaint_in_hand(handler, by=approver)
    asking.ask(complaint.id, "请提供电费单", for_evidence=True, version=complaint.version, by=handler)
    row = now(make, complaint)
    assert row.due_on is None  # the clock stands
    with pytest.raises(handling.AskedBefore):
        asking.ask(complaint.id, "再请提供", for_evidence=True, version=row.version, by=handler)
    question = row.questions[0]

    def refuse() -> None:
        deciding.refuse(
            complaint.id,
            Refusal.NO_EVIDENCE,
            reasons="没有材料",
            way=None,
            version=version(make, complaint),
            by=handler,
        )

    last_second = clock.end_of(question.due) - timedelta(seconds=1)
    with clock.frozen(last_second), pytest.raises(handling.NotAskedYet):
        refuse()
    with clock.frozen(last_second + timedelta(seconds=1)):
        assert asking.lapse(question.id)
        assert not asking.lapse(question.id)
        again = now(make, complaint)
        assert again.due_on is not None
        assert clock.day_of(again.pauses[0].until or clock.now()) == question.due
        refuse()
    assert now(make, complaint).state is State.REFUSED
    assert "complaint_lapsed" in events(handler)


def test_a_decision_ends_what_was_asked(make: Make, in_hand: Complaint, handler: User) -> None:
    asking.ask(in_hand.id, "是哪一年？", for_evidence=False, version=in_hand.version, by=handler)
    deciding.refuse(
        in_hand.id, Refusal.NOT_OURS, reasons="不属于", way=None, version=version(make, in_hand), by=handler
    )
    assert db.session.scalars(select(Pause.id).where(Pause.until.is_(None))).all() == []


def test_who_has_no_mailbox_is_told_by_the_officer(make: Make, handler: User, approver: User) -> None:
    complaint = make.complaint_in_hand(handler, by=approver, email="", email_confirmed=False)
    given: dict[str, Any] = {"reasons": "不属于", "version": complaint.version, "by": handler}
    with pytest.raises(handling.NoWay):
        deciding.refuse(complaint.id, Refusal.NOT_OURS, way=None, **given)
    deciding.refuse(complaint.id, Refusal.NOT_OURS, way=ReplyWay.PHONE, **given)
    assert now(make, complaint).reply_way is ReplyWay.PHONE


def test_a_joined_complaint_is_replied_to_with_the_other(make: Make, in_hand: Complaint, handler: User) -> None:
    main = accepted(make, in_hand, handler)
    due = main.due_on
    other = make.complaint_in_hand(make.officer("reviewer"), files=2)
    joining.join(other.id, main.number.lower(), version=other.version, by=make.officer("reviewer"))
    assert now(make, other).state is State.JOINED
    assert now(make, main).due_on == due
    titles = db.session.scalars(select(CaseFile.title).where(CaseFile.case_id == main.case_id)).all()
    assert titles == ["材料 1", "材料 2", "材料 3"]
    assert "complaint_joined" in events(handler)
    conclude_case(main, handler)
    replying.conclude(main.id, version=version(make, main), by=handler)
    assert replying.reply(main.id, "核实结果：属实。", way=None, version=version(make, main), by=handler) == 2
    assert {(row.state, row.reply) for row in (now(make, main), now(make, other))} == {
        (State.REPLIED, "核实结果：属实。")
    }


@pytest.mark.parametrize("number", ["JB00000000", "own"])
def test_it_is_joined_only_to_another_one(make: Make, in_hand: Complaint, handler: User, number: str) -> None:
    with pytest.raises(handling.NotJoinable):
        joining.join(in_hand.id, in_hand.number if number == "own" else number, version=in_hand.version, by=handler)


def test_what_was_joined_to_a_refused_one_is_a_matter_of_its_own_again(
    make: Make, in_hand: Complaint, handler: User
) -> None:
    other = make.complaint_in_hand(make.officer("reviewer"))
    joining.join(other.id, in_hand.number, version=other.version, by=handler)
    deciding.refuse(
        in_hand.id, Refusal.NOT_OURS, reasons="不属于", way=None, version=version(make, in_hand), by=handler
    )
    row = now(make, other)
    assert (row.state, row.joined_to_id, row.handler_id) == (State.RECEIVED, None, None)


def test_an_extension_is_granted_once_and_by_somebody_else(make: Make, in_hand: Complaint, approver: User) -> None:
    main = now(make, in_hand)
    handler = db.session.get_one(User, main.handler_id)
    main = accepted(make, in_hand, handler)
    extending.ask(main.id, reason="需要外调", version=main.version, by=handler)
    with pytest.raises(handling.NotTheirs):
        extending.decide(main.id, grant=True, reason="同意", version=version(make, main), by=handler)
    extending.decide(main.id, grant=True, reason="同意", version=version(make, main), by=approver)
    row = now(make, main)
    assert (row.extended_days, row.extension_asked_at) == (30, None)
    assert row.due_on is not None
    assert main.due_on is not None
    assert row.due_on - main.due_on >= timedelta(days=26)  # both ends move to working days
    with pytest.raises(handling.NotExtendable):
        extending.ask(main.id, reason="再延", version=row.version, by=handler)
    with pytest.raises(NotPossibleNow):
        extending.decide(main.id, grant=True, reason="再来", version=row.version, by=approver)


def test_the_reply_follows_the_case(make: Make, in_hand: Complaint, handler: User) -> None:
    main = accepted(make, in_hand, handler)
    with pytest.raises(handling.NotVerified):
        replying.conclude(main.id, version=main.version, by=handler)
    conclude_case(main, handler)
    assert replying.conclude(main.id, version=main.version, by=handler) is State.CONCLUDED
    row = now(make, main)
    assert row.concluded_at == db.session.get_one(Case, main.case_id).concluded_at
    replying.reply(main.id, "核实结果：属实。", way=None, version=row.version, by=handler)
    replied = now(make, main)
    assert (replied.state, replied.reply_way, replied.due_on) == (State.REPLIED, ReplyWay.MAIL, None)


def withdraw(complaint: Complaint) -> None:
    with transaction() as session:
        session.get_one(Complaint, complaint.id).withdrawn_at = clock.now()


def test_what_is_of_weight_is_not_closed_because_it_was_taken_back(make: Make, handler: User, approver: User) -> None:
    grave = make.complaint_in_hand(handler, by=approver)
    light = make.complaint_in_hand(handler, by=approver, matters=(Matter.OVER_CAP,))
    for each in (grave, light):
        withdraw(each)
    with pytest.raises(handling.OfWeight):
        replying.close_withdrawn(grave.id, reason="已撤回", version=grave.version, by=handler)
    replying.go_on(grave.id, reason="涉及弄虚作假", version=grave.version, by=handler)
    replying.close_withdrawn(light.id, reason="已撤回", version=light.version, by=handler)
    assert (now(make, grave).state, now(make, light).state) == (State.ASSIGNED, State.CLOSED)


def test_nobody_closes_as_taken_back_what_was_not(make: Make, in_hand: Complaint, handler: User) -> None:
    with pytest.raises(NotPossibleNow):
        replying.close_withdrawn(in_hand.id, reason="已撤回", version=in_hand.version, by=handler)


def reviewed(make: Make, complaint: Complaint, handler: User, approver: User) -> tuple[Complaint, User]:
    """A complaint of whose reply a review was asked for, in the hands of another officer."""
    main = accepted(make, complaint, handler)
    conclude_case(main, handler)
    replying.conclude(main.id, version=main.version, by=handler)
    replying.reply(main.id, "核实结果：不属实。", way=None, version=version(make, main), by=handler)
    following.ask_review(main.id, "没有到现场看过，请再核实。")
    assert now(make, main).handler_id is None  # who replied sees it no more
    other = make.officer("reviewer")
    with pytest.raises(handling.NotTheirs):
        assigning.assign_review(main.id, handler.id, version=version(make, main), by=approver)
    assigning.assign_review(main.id, other.id, version=version(make, main), by=approver)
    assigning.declare(main.id, version=version(make, main), by=other)
    return now(make, main), other


def test_a_review_is_decided_by_somebody_who_never_had_it(
    make: Make, in_hand: Complaint, handler: User, approver: User
) -> None:
    row, other = reviewed(make, in_hand, handler, approver)
    assert row.handler_id == other.id
    reviewing.uphold(row.id, "原答复有据。", way=None, version=row.version, by=other)
    assert now(make, row).state is State.CLOSED


def test_taken_up_again_it_has_a_new_case_and_a_new_term(
    make: Make, in_hand: Complaint, handler: User, approver: User
) -> None:
    row, other = reviewed(make, in_hand, handler, approver)
    reviewing.reopen(row.id, "应当到现场核实。", FACTS, version=row.version, by=other)
    again = now(make, row)
    assert (again.state, again.concluded_at) == (State.ACCEPTED, None)
    assert again.case_id != row.case_id
    officers = db.session.scalars(select(CaseOfficer.account_id).where(CaseOfficer.case_id == again.case_id)).all()
    assert officers == [other.id]
    conclude_case(again, other)
    replying.conclude(row.id, version=again.version, by=other)
    replying.reply(row.id, "核实结果：属实。", way=None, version=version(make, row), by=other)
    assert now(make, row).state is State.REPLIED


def test_each_look_at_a_reporter_is_logged_with_its_purpose(in_hand: Complaint, handler: User) -> None:
    for _ in range(2):
        assert looking.show_reporter(in_hand.id, Purpose.CALL, by=handler).name == "辛实名"
    entries = logged("complaint.reporter_shown")
    assert [(entry.actor_id, entry.reason) for entry in entries] == [(handler.id, Purpose.CALL.label)] * 2


def test_the_log_holds_nothing_of_what_was_written(app: Flask, make: Make, in_hand: Complaint, handler: User) -> None:
    row, other = reviewed(make, in_hand, handler, make.officer("approver"))
    reviewing.reopen(row.id, "应当到现场核实。", FACTS, version=row.version, by=other)
    written = ("辛实名", "13804310001", "电费单", "核实", "不属实", "现场")
    for entry in db.session.scalars(select(AuditEntry).where(AuditEntry.object_kind.in_(("complaint", "case")))):
        text = f"{entry.object_label}{entry.reason or ''}"
        assert not any(word in text for word in written if word not in ("核实", "现场")), entry.action
        assert FACTS not in text
    for text in db.session.scalars(select(Notice.text).where(Notice.event.like("complaint%"))):
        assert not any(word in text for word in written[:3])
