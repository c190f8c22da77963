"""Terms by the clock: warned of three days before and at their end, once; what lapses, what ends by itself."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from accounts.models import User
from complaints import jobs
from complaints.models import Complaint, State
from complaints.services import asking
from core import clock
from core.clock import SHANGHAI
from core.db import db, transaction
from notices.models import Notice
from tests.factories import Make

pytestmark = [pytest.mark.usefixtures("context"), pytest.mark.every_zone, pytest.mark.clause("JL-24-2")]

RECEIVED = datetime(2026, 3, 4, 10, 0, tzinfo=SHANGHAI)  # accepted or not until Thursday 19 March


@pytest.fixture
def parties(make: Make) -> tuple[User, User]:
    return make.officer("reviewer"), make.officer("approver")


def told(event: str) -> list[str]:
    wanted = select(Notice.audience_id).where(Notice.event == event).order_by(Notice.id)
    return list(db.session.scalars(wanted))


def run_at(instant: datetime) -> None:
    with clock.frozen(instant):
        for job in (jobs.lapse_questions, jobs.warn_of_terms, jobs.end_replied):
            job(clock.today())


@pytest.mark.parametrize(
    ("at", "event"),
    [
        (datetime(2026, 3, 15, 23, 59, 59, tzinfo=SHANGHAI), ""),
        (datetime(2026, 3, 16, 0, 0, tzinfo=SHANGHAI), "complaint_due"),
        (datetime(2026, 3, 19, 23, 59, 59, tzinfo=SHANGHAI), "complaint_due"),
        (datetime(2026, 3, 20, 0, 0, tzinfo=SHANGHAI), "complaint_overdue"),
    ],
)
def test_handler_and_assigner_are_warned_once(make: Make, parties: tuple[User, User], at: datetime, event: str) -> None:
    handler, approver = parties
    make.complaint_in_hand(handler, by=approver, at=RECEIVED)
    for _ in range(2):
        run_at(at)
    both = [str(each) for each in sorted((handler.id, approver.id))]
    assert told("complaint_due") == (both if event == "complaint_due" else [])
    assert told("complaint_overdue") == (both if event == "complaint_overdue" else [])


def test_of_one_that_nobody_has_those_are_told_who_assign(make: Make) -> None:
    make.complaint(at=RECEIVED)
    run_at(datetime(2026, 3, 17, tzinfo=SHANGHAI))
    assert told("complaint_due_unassigned") == ["approver"]


def test_while_the_reporter_is_asked_nobody_is_warned(make: Make, parties: tuple[User, User]) -> None:
    handler, approver = parties
    complaint = make.complaint_in_hand(handler, by=approver, at=RECEIVED)
    with clock.frozen(RECEIVED + timedelta(days=5)):  # Monday the 9th: an answer is taken until Tuesday the 24th
        asking.ask(complaint.id, "请补充", for_evidence=True, version=complaint.version, by=handler)
    run_at(datetime(2026, 3, 24, 23, 59, 59, tzinfo=SHANGHAI))
    assert told("complaint_due") + told("complaint_overdue") + told("complaint_lapsed") == []
    run_at(datetime(2026, 3, 25, 0, 0, tzinfo=SHANGHAI))
    assert told("complaint_lapsed") == [str(handler.id)]
    row = make.complaint_now(complaint)
    assert row.due_on is not None
    assert row.due_on.isoformat() == "2026-04-03"  # 19 March and the fifteen days of asking


@pytest.mark.parametrize(("days", "state"), [(30, State.REPLIED), (31, State.CLOSED)])
def test_a_reply_of_which_no_review_is_asked_closes_it(make: Make, days: int, state: State) -> None:
    complaint = make.complaint(at=RECEIVED)
    with transaction() as session:
        row = session.get_one(Complaint, complaint.id)
        row.state, row.replied_at = State.REPLIED, RECEIVED
    run_at(clock.start_of(RECEIVED.date() + timedelta(days=days)))
    assert make.complaint_now(complaint).state is state
