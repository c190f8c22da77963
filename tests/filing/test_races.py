"""Two people at once: one wins, the other is told. Real threads, each with a session of its own, on both databases."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select

from core import audit, clock
from core.db import db
from filing import rules, services
from filing.models import Filing, Submission
from filing.rules import State
from tests.factories import Make


def at_once(app: Flask, *acts: Callable[[], object]) -> list[object]:
    """What each act returned or raised, all begun at the same moment."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        with app.app_context():
            barrier.wait()
            try:
                return act()
            except rules.DomainError as refusal:
                return refusal

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def refusals(results: list[object]) -> list[str]:
    return [type(result).__name__ for result in results if isinstance(result, Exception)]


def test_of_two_officers_deciding_at_once_one_wins_and_the_other_is_told(app: Flask, make: Make) -> None:
    filing = make.filing("reviewed")
    first, second = make.officer("approver"), make.officer("approver")
    results = at_once(
        app,
        lambda: services.approve(filing.id, version=filing.version, by=first, reason="符合条件"),
        lambda: services.refuse(filing.id, version=filing.version, by=second, reason="不符合条件"),
    )
    assert refusals(results) == ["NotPossibleNow"]
    now = make.filing_now(filing.id)
    assert now.state in (State.FILED, State.REFUSED)
    assert len([step for step in now.steps if step.before is State.REVIEWED]) == 1


def test_numbers_given_at_once_differ_and_leave_no_gap(app: Flask, make: Make) -> None:
    filings = [make.filing("reviewed") for _ in range(4)]
    approver = make.officer("approver")
    results = at_once(
        app,
        *(
            lambda filing=filing: services.approve(filing.id, version=filing.version, by=approver, reason="符合条件")
            for filing in filings
        ),
    )
    assert sorted(map(str, results)) == [f"〔{clock.today().year}〕{number:03d}" for number in (1, 2, 3, 4)]
    with app.app_context():
        assert audit.verify(db.session()).faults == ()


def test_a_hand_in_sent_twice_at_once_is_kept_once(app: Flask, make: Make) -> None:
    filing = make.filing("draft")
    own = make.user_of(filing.agency)
    results = at_once(app, *[lambda: services.submit(filing.id, version=filing.version, by=own)] * 2)
    assert refusals(results) == ["NotPossibleNow"]
    with app.app_context():
        assert len(db.session.scalars(select(Submission)).all()) == 1


def test_two_colleagues_beginning_at_once_begin_one_filing(app: Flask, make: Make) -> None:
    agency = make.qualified_agency()
    own = make.user_of(agency)
    results = at_once(app, *[lambda: services.begin(agency.id, by=own)] * 2)
    assert refusals(results) == ["AlreadyOpen"]
    with app.app_context():
        assert len(db.session.scalars(select(Filing)).all()) == 1


@pytest.mark.parametrize("times", range(3))
def test_withdrawing_and_approving_at_once_end_in_one_of_the_two(app: Flask, make: Make, times: int) -> None:
    filing = make.filing("reviewed")
    own, approver = make.user_of(filing.agency), make.officer("approver")
    results = at_once(
        app,
        lambda: services.withdraw(filing.id, version=filing.version, by=own),
        lambda: services.approve(filing.id, version=filing.version, by=approver, reason="符合条件"),
    )
    assert refusals(results) == ["NotPossibleNow"]
