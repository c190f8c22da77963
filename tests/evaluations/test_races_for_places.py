"""Many at once reach for the last places: real processes on both databases, exactly fifteen get one (Article 22)."""

from collections import Counter
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from agency import places
from agency.entries import RepresentativeEntry
from agency.models import Agency, Place, Representation
from core import audit, clock
from core.db import db, transaction
from core.identity import IdentityDocument
from evaluations.models import Evaluation
from evaluations.rules.states import Level
from notices.models import Notice
from tests.evaluations import racing
from tests.factories import Make
from tests.factories.agencies import made_up_number
from tests.factories.places import bare_evaluation

pytestmark = pytest.mark.clause("JL-22-2")

WORKERS = 8
MARCH = date(2026, 3, 1)


def numbers_of_persons(year: int) -> dict[int, list[int | None]]:
    """Person → the numbers that are taken, None for what is over the cap."""
    found: dict[int, list[int | None]] = {}
    rows = select(Place.person_id, Place.number).where(Place.year == year, Place.person_id.is_not(None))
    for person_id, number in db.session.execute(rows.order_by(Place.number)):
        found.setdefault(person_id or 0, []).append(number)
    return found


def test_of_eight_who_register_at_once_the_last_two_places_go_to_two(app: Flask, make: Make) -> None:
    number, today = made_up_number(), clock.today()
    agencies = [make.filing(agency=make.qualified_agency(representative_number=number)).agency for _ in range(2)]
    with app.app_context():
        for place in range(13):
            with transaction() as session:
                ids = [agencies[place % 2].id]
                places.take(session, bare_evaluation(session, *ids, begun_on=today).id, ids, counted_on=today)
        before = db.session.scalar(select(func.count()).select_from(Notice))
    shares = [
        [(make.entry(agency, level=Level.NATIONAL), make.user_of(agency).id)]
        for agency in agencies
        for _ in range(WORKERS // 2)
    ]
    results = [result for share in racing.race(app, racing.register, shares) for result in share]
    refused = [words for kind, words in results if kind]
    assert len(refused) == WORKERS - 2
    assert all("第二十二条第二款" in words and "已有 15 项" in words for words in refused)
    with app.app_context():
        assert list(numbers_of_persons(today.year).values()) == [list(range(1, 16))]
        kept = select(func.count()).select_from(Evaluation)
        assert db.session.scalar(kept) == 15  # of those refused nothing is left
        assert audit.verify(db.session()).faults == ()
        assert (db.session.scalar(select(func.count()).select_from(Notice)) or 0) == (before or 0) + 2


def test_who_registers_and_who_records_for_one_representative_never_wait_in_a_ring(app: Flask, make: Make) -> None:
    number = made_up_number()
    filed = make.filing(agency=make.qualified_agency(representative_number=number)).agency
    unfiled = make.qualified_agency(representative_number=number)
    user_id, officer_id = make.user_of(filed).id, make.officer("reviewer").id
    shares = [
        [
            (make.entry(agency, level=Level.NATIONAL), officer_id if agency is unfiled else user_id, agency is unfiled)
            for _ in range(3)
        ]
        for agency in [filed, unfiled] * 3
    ]
    results = [kind for share in racing.race(app, racing.register_or_record, shares) for kind, _ in share]
    assert set(results) <= {"", "GateClosed", "StandsDifferently"}
    with app.app_context():
        (taken,) = numbers_of_persons(clock.today().year).values()
        numbered = [number for number in taken if number is not None]
        assert len(numbered) == len(set(numbered)) <= 15


def test_forty_attempts_of_joint_and_single_ones_leave_fifteen_for_each(app: Flask, make: Make) -> None:
    first, second = made_up_number(), made_up_number()
    agencies = [make.agency(representative_number=number).id for number in (first, first, second)]
    makers = [(agencies[0],), (agencies[1],), (agencies[2],), (agencies[2], agencies[0]), (agencies[1], agencies[2])]
    shares = [[(makers[(place + turn) % 5], MARCH) for turn in range(8)] for place in range(WORKERS)]
    results = [kind for share in racing.race(app, racing.take, shares) for kind, _ in share]
    assert set(results) == {"", "NoPlaceLeft"}
    with app.app_context():
        assert list(numbers_of_persons(2026).values()) == [list(range(1, 16))] * 2


def test_places_taken_while_representatives_change_are_those_of_the_one_in_office(app: Flask, make: Make) -> None:
    numbers = [made_up_number(), made_up_number()]
    agencies = [make.agency(representative_number=number) for number in (numbers[0], numbers[0], numbers[1])]
    with app.app_context():
        since = {row.agency_id: row.since for row in db.session.scalars(select(Representation))}

    def corrections(agency: Agency) -> list[Any]:
        return [
            (
                agency.id,
                RepresentativeEntry(
                    "周更正", IdentityDocument.RESIDENT_ID, numbers[turn % 2], "13804310003", since[agency.id]
                ),
                make.user_of(agency).id,
            )
            for turn in range(5)
        ]

    first, second, third = (agency.id for agency in agencies)
    makers = [(first,), (second, first), (third,), (third, second), (first, third)]
    shares: list[list[Any]] = [
        *([(makers[(place + turn) % 5], MARCH) for turn in range(5)] for place in range(WORKERS - 2)),
        *(corrections(agency) for agency in agencies[:2]),
    ]
    results = Counter(kind for share in racing.race(app, racing.take_or_correct, shares) for kind, _ in share)
    assert set(results) <= {"", "NoPlaceLeft", "Conflict"}
    with app.app_context():
        held = numbers_of_persons(2026)
        for taken in held.values():
            numbered = [number for number in taken if number is not None]
            assert len(numbered) == len(set(numbered)) <= 15
        before = {(row.evaluation_id, row.person_id, row.number) for row in db.session.scalars(select(Place))}
        for agency in agencies:
            with transaction() as session:
                assert places.resettle(session, agency.id) == ()
        after = {(row.evaluation_id, row.person_id, row.number) for row in db.session.scalars(select(Place))}
        assert after == before  # nothing was left with a person who isn't in office


def test_of_officers_who_give_one_free_place_at_once_one_does(app: Flask, make: Make) -> None:
    number, today = made_up_number(), clock.today()
    agencies = [make.filing(agency=make.qualified_agency(representative_number=number)).agency for _ in range(2)]
    officer_id, over, first = make.officer("approver").id, list[int](), 0
    with app.app_context():
        for place in range(20):
            with transaction() as session:
                ids = [agencies[place % 2].id]
                row = bare_evaluation(session, *ids, begun_on=today)
                places.take_what_is_free(session, row.id, ids, counted_on=today)
                over += [row.id] if place >= 15 else []
                first = row.id if place == 0 else first
        with transaction() as session:
            places.release(session, first)
    shares = [[(each, officer_id)] for each in [*over, over[0]]]
    results = Counter(kind for share in racing.race(app, racing.place, shares) for kind, _ in share)
    assert results[""] == 1
    assert set(results) <= {"", "NoPlaceLeft", "NothingDue", "NotPossibleNow"}
    with app.app_context():
        (taken,) = numbers_of_persons(today.year).values()
        assert sorted(taken, key=lambda each: each or 99) == [*range(1, 16), *[None] * 4]
        assert audit.verify(db.session()).faults == ()
