"""The places of the cap under any order of what can happen, held against a model that fits on a page."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import User
from agency import persons, places
from agency.entries import RepresentativeEntry
from agency.models import Agency, Place, Representation, Standing
from agency.places import NoPlaceLeft
from agency.services import particulars
from core import clock
from core.db import db, transaction
from core.identity import Identity, IdentityDocument
from evaluations.rules.states import Level
from tests.factories import Make
from tests.factories.agencies import made_up_number
from tests.factories.places import bare_evaluation

pytestmark = pytest.mark.clause("JL-22-2")

CAP = 15
NOW = datetime(2027, 3, 31, 4, tzinfo=UTC)
LAST_SECOND, MIDNIGHT = datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC), datetime(2026, 12, 31, 16, tzinfo=UTC)
DAYS = [date(2026, 1, 1), date(2026, 3, 1), date(2026, 6, 30), date(2026, 7, 1), date(2026, 12, 31), date(2027, 1, 1)]
days, agencies, people = st.sampled_from(DAYS), st.integers(0, 2), st.integers(0, 2)
makers = st.lists(agencies, min_size=1, max_size=2, unique=True)

Holder = tuple[str, int]


@dataclass
class Model:
    """What counts for whom: for each holder and year, evaluation → number, None where there was none left."""

    history: dict[int, list[tuple[date, int]]]  # agency → since when, who
    made: dict[int, tuple[tuple[int, ...], date]] = field(default_factory=dict)  # evaluation → agencies, day
    counts: dict[tuple[Holder, int], dict[int, int | None]] = field(default_factory=dict)

    def representative(self, agency: int, day: date) -> int:
        before = [person for since, person in self.history[agency] if since <= day]
        return before[-1] if before else self.history[agency][0][1]

    def due(self, evaluation: int) -> set[Holder]:
        by, day = self.made[evaluation]
        return {("person", self.representative(agency, day)) for agency in by} | {("agency", agency) for agency in by}

    def held(self, holder: Holder, year: int) -> dict[int, int | None]:
        return self.counts.setdefault((holder, year), {})

    def holding(self, evaluation: int) -> set[Holder]:
        return {holder for (holder, _), held in self.counts.items() if evaluation in held}

    def free(self, holder: Holder, year: int) -> int | None:
        held = self.held(holder, year)
        return None if len(held) >= CAP else min(set(range(1, CAP + 1)) - set(held.values()))

    def give(self, evaluation: int, holder: Holder) -> None:
        year = self.made[evaluation][1].year
        self.held(holder, year)[evaluation] = self.free(holder, year)

    def fits(self, evaluation: int) -> bool:
        return all(self.free(holder, self.made[evaluation][1].year) for holder in self.due(evaluation))

    def drop(self, evaluation: int, holder: Holder) -> None:
        del self.held(holder, self.made[evaluation][1].year)[evaluation]

    def settle(self, agency: int) -> None:
        own = [evaluation for evaluation in self.made if ("agency", agency) in self.holding(evaluation)]
        gone = [(each, holder) for each in own for holder in self.holding(each) - self.due(each)]
        new = [(self.made[each][1], each, holder) for each in own for holder in self.due(each) - self.holding(each)]
        for evaluation, holder in gone:
            self.drop(evaluation, holder)
        for _, evaluation, holder in sorted(new):
            self.give(evaluation, holder)


class Cap(RuleBasedStateMachine):
    """Three agencies and three persons, two years. Each run makes its own, so that the database is never emptied."""

    evaluations = Bundle("evaluations")

    def __init__(self, app: Flask, by: User) -> None:
        super().__init__()
        self.app, self.by = app, by

    @contextmanager
    def writing(self, at: datetime = NOW) -> Iterator[Session]:
        with self.app.app_context(), clock.frozen(at), transaction() as session:
            yield session

    @initialize(first=st.lists(people, min_size=3, max_size=3))
    def begin(self, first: list[int]) -> None:
        self.numbers = [made_up_number() for _ in range(3)]
        with self.writing() as session:
            self.people = [persons.find_or_add(session, _identity(number)).id for number in self.numbers]
            rows = [_agency(self.people[person]) for person in first]
            session.add_all(rows)
            session.flush()
            self.agencies = [row.id for row in rows]
        self.model = Model(
            {agency: [(DAYS[1], self.people[person])] for agency, person in zip(self.agencies, first, strict=True)}
        )

    def enter(self, by: list[int], day: date, *, past_gate: bool = False, level: Level = Level.NATIONAL) -> int | None:
        """Enter one of these agencies, counted on a day: its id, or None where it is refused."""
        ids = [self.agencies[place] for place in by]
        take = places.take_what_is_free if past_gate else places.take
        known = -1
        try:
            with self.writing() as session:
                evaluation = bare_evaluation(session, *ids, begun_on=day, level=level)
                known = evaluation.id
                complete = take(session, known, ids, counted_on=day)
        except NoPlaceLeft:
            self.model.made[known] = (tuple(ids), day)
            assert not past_gate
            assert not self.model.fits(known), "refused although a place was free"
            del self.model.made[known]
            return None
        self.model.made[known] = (tuple(ids), day)
        fits = self.model.fits(known)
        assert fits or past_gate, "a sixteenth"
        assert complete in (fits, None)
        for holder in self.model.due(known):
            self.model.give(known, holder)
        return known

    @rule(target=evaluations, by=makers, day=days, count=st.integers(1, 9), past_gate=st.booleans())
    def register(self, by: list[int], day: date, count: int, past_gate: bool) -> Any:
        entered = [self.enter(by, day, past_gate=past_gate) for _ in range(count)]
        return multiple(*(each for each in entered if each is not None))

    @rule(target=evaluations, by=makers, at=st.sampled_from([LAST_SECOND, MIDNIGHT]), count=st.integers(1, 3))
    def register_around_new_year(self, by: list[int], at: datetime, count: int) -> Any:
        with clock.frozen(at):
            day = clock.today()
        assert day.year == (2027 if at is MIDNIGHT else 2026)
        entered = [self.enter(by, day) for _ in range(count)]
        return multiple(*(each for each in entered if each is not None))

    @rule(target=evaluations, by=makers, begun=days, later=st.integers(0, 200))
    def raise_to_national(self, by: list[int], begun: date, later: int) -> Any:
        """Its places are of the day of the raising, which may lie in the next year."""
        entered = self.enter(by, begun + timedelta(days=later), level=Level.PROVINCIAL)
        return multiple() if entered is None else entered

    @rule(evaluation=evaluations)
    def withdraw_and_release(self, evaluation: int) -> None:
        with self.writing() as session:
            places.release(session, evaluation)
        for holder in self.model.holding(evaluation):
            self.model.drop(evaluation, holder)

    @rule(evaluation=evaluations)
    def restore(self, evaluation: int) -> None:
        by, day = self.model.made[evaluation]
        kept = bool(self.model.holding(evaluation))
        fits = kept or self.model.fits(evaluation)
        try:
            with self.writing() as session:
                places.restore(session, evaluation, by, counted_on=day)
        except NoPlaceLeft:
            assert not fits, "refused although a place was free"
            return
        assert fits, "a sixteenth"
        for holder in () if kept else self.model.due(evaluation):
            self.model.give(evaluation, holder)

    @rule(agency=agencies, person=people, since=days)
    def change_representative(self, agency: int, person: int, since: date) -> None:
        """Also one entered late: whatever began since moves."""
        agency_id, history = self.agencies[agency], self.model.history[self.agencies[agency]]
        if since <= history[-1][0] or self.people[person] == history[-1][1]:
            return
        self.write(particulars.change_representative, agency_id, self.numbers[person], since)
        history.append((since, self.people[person]))
        self.model.settle(agency_id)

    @rule(agency=agencies, person=st.none() | people, since=days)
    def correct_representative(self, agency: int, person: int | None, since: date) -> None:
        agency_id, history = self.agencies[agency], self.model.history[self.agencies[agency]]
        if len(history) > 1 and since <= history[-2][0]:
            return
        self.write(particulars.correct_representative, agency_id, "" if person is None else self.numbers[person], since)
        history[-1] = (since, history[-1][1] if person is None else self.people[person])
        self.model.settle(agency_id)

    def write(self, service: Any, agency_id: int, number: str, since: date) -> None:
        entry = RepresentativeEntry("孙接任", IdentityDocument.RESIDENT_ID, number, "13804310009", since)
        with self.app.app_context(), clock.frozen(NOW):
            version = db.session.get_one(Agency, agency_id).version
            service(agency_id, entry, version=version, by=self.by)

    @rule(agency=agencies)
    def settle_again(self, agency: int) -> None:
        with self.writing() as session:
            assert places.resettle(session, self.agencies[agency]) == ()

    @invariant()
    def the_database_agrees_with_the_model(self) -> None:
        if not hasattr(self, "model"):
            return
        columns = (Place.evaluation_id, Place.person_id, Place.agency_id, Place.year, Place.number)
        with self.app.app_context():
            made = select(Place.evaluation_id).where(Place.agency_id.in_(self.agencies))
            found = db.session.execute(select(*columns).where(Place.evaluation_id.in_(made))).all()
        held = {
            (evaluation, ("person", person) if person else ("agency", agency), year, number)
            for evaluation, person, agency, year, number in found
        }
        assert held == {
            (evaluation, holder, year, number)
            for (holder, year), counts in self.model.counts.items()
            for evaluation, number in counts.items()
        }
        numbered = [(holder, year, number) for _, holder, year, number in held if number is not None]
        assert len(numbered) == len(set(numbered)), "a number twice"
        assert all(1 <= number <= CAP for *_, number in numbered)


def _identity(number: str) -> Identity:
    return Identity.read(IdentityDocument.RESIDENT_ID, number)


def _agency(person_id: int) -> Agency:
    office = Representation(
        person_id=person_id, name="王法定", phone="13804310001", since=DAYS[1], entered_at=clock.now()
    )
    return Agency(
        standing=Standing.REGISTERED, name="吉林恒准技术有限公司", search_text="", sort_key="", representations=[office]
    )


def test_any_order_of_what_happens_leaves_fifteen_places_and_nothing_free_untaken(app: Flask, make: Make) -> None:
    by = make.officer("reviewer")
    on_server = "postgresql" in app.config["SQLALCHEMY_DATABASE_URI"]
    run_state_machine_as_test(
        cast(type[Cap], lambda: Cap(app, by)),
        settings=settings(
            max_examples=10 if on_server else 30,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
