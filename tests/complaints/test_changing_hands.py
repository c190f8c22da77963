"""What must hold while a complaint passes from one pair of hands to another, on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from accounts.models import User
from complaints import policies
from complaints.models import Complaint, State
from complaints.rules import handling
from complaints.rules.course import NotPossibleNow
from complaints.services import (
    asking,
    assigning,
    deciding,
    extending,
    following,
    joining,
    referring,
    replying,
    reviewing,
)
from complaints.services import recusing as register
from core import clock
from core.db import db, transaction
from supervision.models import Case, CaseState
from tests.complaints.test_desk_services import FACTS, accepted, conclude_case, confirm, now, reviewed, version
from tests.factories import Make

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def handler(make: Make) -> User:
    return make.officer("reviewer")


@pytest.fixture
def approver(make: Make) -> User:
    return make.officer("approver")


@pytest.fixture
def in_hand(make: Make, handler: User, approver: User) -> Complaint:
    return make.complaint_in_hand(handler, by=approver, agency=make.agency(), files=1)


def test_what_the_reporter_was_asked_outlives_a_change_of_hands(make: Make, in_hand: Complaint, handler: User) -> None:
    asking.ask(in_hand.id, "请补充合同。", for_evidence=True, version=in_hand.version, by=handler)
    assigning.recuse(in_hand.id, reason="同学在该机构任职", version=version(make, in_hand), by=handler)
    waiting = now(make, in_hand)
    assert (waiting.state, waiting.questions[0].lapsed_at, waiting.pauses[0].until) == (State.RECEIVED, None, None)
    following.answer(in_hand.id, waiting.questions[0].id, "合同在我这里。", [], address="192.0.2.1")
    assert now(make, in_hand).questions[0].answer == "合同在我这里。"


def test_what_nobody_answered_lapses_while_nobody_has_it(make: Make, in_hand: Complaint, handler: User) -> None:
    asking.ask(in_hand.id, "请补充合同。", for_evidence=True, version=in_hand.version, by=handler)
    assigning.recuse(in_hand.id, reason="同学在该机构任职", version=version(make, in_hand), by=handler)
    question = now(make, in_hand).questions[0]
    with clock.frozen(clock.end_of(question.due) + timedelta(minutes=5)):
        assert asking.lapse(question.id)
        assert now(make, in_hand).pauses[0].until is not None


def test_a_clue_is_not_opened_as_a_second_case(make: Make, in_hand: Complaint, handler: User) -> None:
    deciding.keep_as_clue(in_hand.id, FACTS, version=in_hand.version, by=handler)
    confirm(make, in_hand, handler)
    with pytest.raises(NotPossibleNow):
        deciding.accept(in_hand.id, FACTS, version=version(make, in_hand), by=handler)
    assert db.session.scalar(select(func.count(Case.id))) == 1


def test_who_joins_theirs_to_another_one_does_not_read_that(make: Make, in_hand: Complaint) -> None:
    joiner = make.officer("reviewer")
    theirs = make.complaint_in_hand(joiner)
    joining.join(theirs.id, in_hand.number, version=theirs.version, by=joiner)
    assert not policies.may_read(joiner, now(make, in_hand))
    assert policies.may_read(joiner, now(make, theirs))


def test_it_is_not_joined_into_the_hands_of_who_is_named_in_it(make: Make, in_hand: Complaint, handler: User) -> None:
    joiner = make.officer("reviewer")
    theirs = make.complaint_in_hand(joiner, facts=f"{handler.display_name}与该机构有往来，现场没有人来过。")
    with pytest.raises(handling.NotJoinable):
        joining.join(theirs.id, in_hand.number, version=theirs.version, by=joiner)


def test_who_replied_to_the_other_one_does_not_review_what_was_joined_to_it(
    make: Make, in_hand: Complaint, handler: User, approver: User
) -> None:
    joiner = make.officer("reviewer")
    theirs = make.complaint_in_hand(joiner)
    joining.join(theirs.id, in_hand.number, version=theirs.version, by=joiner)
    main = accepted(make, in_hand, handler)
    conclude_case(main, handler)
    replying.conclude(main.id, version=main.version, by=handler)
    replying.reply(main.id, "核实结果：不属实。", way=None, version=version(make, main), by=handler)
    following.ask_review(theirs.id, "没有到现场看过。")
    with pytest.raises(handling.NotTheirs):
        assigning.assign_review(theirs.id, handler.id, version=version(make, theirs), by=approver)


def test_who_is_registered_meanwhile_does_not_take_it_in_hand(make: Make, handler: User, approver: User) -> None:
    agency = make.agency()
    given = make.complaint_in_hand(handler, by=approver, agency=agency, declared=False)
    register.enter(handler.id, agency.name, reason="近亲属任职", by=approver)
    with pytest.raises(handling.Involved):
        assigning.declare(given.id, version=given.version, by=handler)
    assert now(make, given).taken_at is None


def test_who_stands_aside_does_not_say_who_handles_it(make: Make, handler: User, approver: User) -> None:
    agency = make.agency()
    received = make.complaint(agency=agency)
    make.recusal(approver, agency)
    with pytest.raises(handling.Involved):
        assigning.assign(received.id, handler.id, version=received.version, by=approver)
    assigning.assign(received.id, handler.id, version=received.version, by=make.officer("approver"))


def test_taken_up_again_it_is_given_to_nobody_who_had_it_before(
    make: Make, in_hand: Complaint, handler: User, approver: User
) -> None:
    row, other = reviewed(make, in_hand, handler, approver)
    reviewing.reopen(row.id, "应当到现场核实。", FACTS, version=row.version, by=other)
    with pytest.raises(handling.NotTheirs):
        assigning.assign(row.id, handler.id, version=version(make, row), by=approver)


def test_taken_up_again_its_term_may_be_extended_and_is_longer_then(
    make: Make, in_hand: Complaint, handler: User, approver: User
) -> None:
    row, other = reviewed(make, in_hand, handler, approver)
    reviewing.reopen(row.id, "应当到现场核实。", FACTS, version=row.version, by=other)
    before = now(make, row)
    extending.ask(row.id, reason="需要外调", version=before.version, by=other)
    extending.decide(row.id, grant=True, reason="同意", version=version(make, row), by=approver)
    after = now(make, row)
    assert before.due_on is not None
    assert after.due_on is not None
    assert after.due_on - before.due_on >= timedelta(days=26)  # both ends move to working days


def test_nobody_is_replied_to_while_the_case_is_being_verified_again(
    make: Make, in_hand: Complaint, handler: User
) -> None:
    main = accepted(make, in_hand, handler)
    conclude_case(main, handler)
    replying.conclude(main.id, version=main.version, by=handler)
    with transaction() as session:
        session.get_one(Case, main.case_id).state = CaseState.OPEN
    with pytest.raises(handling.NotVerified):
        replying.reply(main.id, "核实结果：属实。", way=None, version=version(make, main), by=handler)


def test_a_desk_without_anybody_left_hands_it_over_with_its_case(make: Make) -> None:
    own = make.officer("municipal", bureau="siping")
    complaint = make.complaint_in_hand(own, bureau="siping")
    main = accepted(make, complaint, own)
    assigning.recuse(main.id, reason="同学在该机构任职", version=main.version, by=own)
    referring.refer(
        main.id, None, reason="本局无人可办", mention_is_harmless=False, version=version(make, main), by=own
    )
    after = now(make, main)
    assert (after.state, after.bureau, after.handler_id) == (State.ACCEPTED, None, None)
    assert after.case is not None
    assert after.case.bureau is None
    province = make.officer("reviewer")
    assigning.assign(main.id, province.id, version=after.version, by=make.officer("approver"))
    assigning.declare(main.id, version=version(make, main), by=province)
    case = db.session.get_one(Case, main.case_id, populate_existing=True)
    assert [each.account_id for each in case.officers if each.until is None] == [province.id]
