"""The places of the cap: taken, given back, moved with the representatives."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from agency import places
from agency.entries import RepresentativeEntry
from agency.models import Agency, Place, Representation
from agency.places import NoPlaceLeft, NothingDue, PlacesMoved
from agency.queries import holders
from agency.queries import places as queries
from agency.services import moving, particulars
from core.audit import AuditEntry
from core.db import db, transaction
from core.identity import IdentityDocument
from notices.models import Notice
from tests.factories import Make
from tests.factories.agencies import made_up_number
from tests.factories.places import bare_evaluation

pytestmark = pytest.mark.clause("JL-22-2")

MARCH, JUNE, JULY = date(2026, 3, 1), date(2026, 6, 1), date(2026, 7, 1)
FIRST, SECOND, THIRD = made_up_number(), made_up_number(), made_up_number()


@dataclass(frozen=True)
class Desk:
    """Registers national evaluations as the services do once the gate is open, and changes representatives."""

    make: Make

    def agency(self, representative: str) -> Agency:
        return self.make.agency(representative_number=representative)

    def register(self, *agencies: Agency, on: date = MARCH, past_gate: bool = False) -> int:
        ids = [agency.id for agency in agencies]
        take = places.take_what_is_free if past_gate else places.take
        with transaction() as session:
            evaluation = bare_evaluation(session, *ids, begun_on=on)
            take(session, evaluation.id, ids, counted_on=on)
            return evaluation.id

    def fill(self, agency: Agency, count: int, *, on: date = MARCH) -> list[int]:
        return [self.register(agency, on=on) for _ in range(count)]

    def change(self, agency: Agency, number: str, since: date) -> None:
        self._write(particulars.change_representative, agency, number, since)

    def correct(self, agency: Agency, number: str, since: date) -> None:
        self._write(particulars.correct_representative, agency, number, since)

    def _write(self, service: Callable[..., None], agency: Agency, number: str, since: date) -> None:
        entry = RepresentativeEntry("钱新任", IdentityDocument.RESIDENT_ID, number, "13804310009", since)
        version = db.session.scalar(select(Agency.version).where(Agency.id == agency.id))
        service(agency.id, entry, version=version, by=self.make.user_of(agency))


@pytest.fixture
def desk(make: Make, context: None) -> Desk:
    return Desk(make)


def numbers(*evaluations: int, persons: bool = True) -> list[int | None]:
    """The numbers that evaluations hold, of their representatives or of their agencies."""
    holder = Place.person_id if persons else Place.agency_id
    rows = select(Place.number).where(Place.evaluation_id.in_(evaluations), holder.is_not(None))
    return list(db.session.scalars(rows.order_by(Place.evaluation_id, Place.id)))


def over(*evaluations: int) -> list[int]:
    found = select(Place.evaluation_id).where(Place.evaluation_id.in_(evaluations))
    return sorted(set(db.session.scalars(found.where(queries.over_cap(Place.evaluation_id)))))


def usage(*agencies: Agency, on: date = MARCH) -> list[tuple[int, list[int]]]:
    found = queries.usage(db.session(), [agency.id for agency in agencies], counted_on=on)
    return [(holder.used, [count for _, _, count in holder.shares]) for holder in found]


def test_the_fifteenth_is_taken_and_the_sixteenth_refused(desk: Desk) -> None:
    first, second = desk.agency(FIRST), desk.agency(FIRST)
    desk.fill(first, 9)
    desk.fill(second, 6)
    with pytest.raises(NoPlaceLeft) as refusal:
        desk.register(first)
    assert refusal.value.clause == "JL-22-2"
    assert "第二十二条第二款" in refusal.value.message
    assert f"{first.name} 9 项" in refusal.value.message
    assert "同一法定代表人的其他机构 6 项" in refusal.value.message
    assert second.name not in refusal.value.message  # for the desk the refusal knows it
    assert [share[1:] for share in refusal.value.usage[0].shares] == [(first.name, 9), (second.name, 6)]
    assert usage(first) == [(15, [9, 6]), (9, [9])]


def test_the_next_year_begins_with_fifteen_free_places(desk: Desk) -> None:
    agency = desk.agency(FIRST)
    assert numbers(*desk.fill(agency, 15, on=date(2026, 12, 31))) == list(range(1, 16))
    assert numbers(desk.register(agency, on=date(2027, 1, 1))) == [1]


def test_a_joint_one_takes_one_of_each_agency_and_of_each_distinct_representative(desk: Desk) -> None:
    first, sister, other = desk.agency(FIRST), desk.agency(FIRST), desk.agency(SECOND)
    with_sister, with_other = desk.register(first, sister), desk.register(first, other)
    assert (numbers(with_sister), numbers(with_sister, persons=False)) == ([1], [1, 1])
    assert (numbers(with_other), numbers(with_other, persons=False)) == ([2, 1], [2, 1])


def test_a_joint_one_takes_all_or_nothing(desk: Desk) -> None:
    first, other = desk.agency(FIRST), desk.agency(SECOND)
    desk.fill(other, 15)
    with pytest.raises(NoPlaceLeft):
        desk.register(first, other)
    assert usage(first, other) == [(0, []), (15, [15]), (0, []), (15, [15])]


def test_an_agency_does_not_pass_fifteen_by_changing_its_representative(desk: Desk) -> None:
    agency = desk.agency(FIRST)
    desk.fill(agency, 15)
    desk.change(agency, SECOND, JULY)
    with pytest.raises(NoPlaceLeft, match=f"机构{agency.name} 2026 年的国家级评价名额"):
        desk.register(agency, on=JULY)
    assert usage(agency, on=JULY) == [(0, []), (15, [15])]


def test_what_is_given_back_is_free_again_and_restoring_needs_a_free_place(desk: Desk) -> None:
    agency = desk.agency(FIRST)
    held = desk.fill(agency, 15)
    with transaction() as session:
        places.release(session, held[6])
    assert numbers(held[6]) == []
    successor = desk.register(agency)
    assert numbers(successor) == [7]
    with pytest.raises(NoPlaceLeft), transaction() as session:
        places.restore(session, held[6], [agency.id], counted_on=MARCH)
    with transaction() as session:
        places.release(session, successor)
        places.restore(session, held[6], [agency.id], counted_on=MARCH)
        places.restore(session, held[0], [agency.id], counted_on=MARCH)  # kept: nothing to take
    assert numbers(held[0], held[6]) == [1, 7]


def test_past_the_gate_it_goes_without_and_counts_all_the_same(desk: Desk) -> None:
    agency = desk.agency(FIRST)
    held = desk.fill(agency, 15)
    sixteenth = desk.register(agency, past_gate=True)
    assert numbers(sixteenth) == [None]
    assert over(sixteenth, *held) == [sixteenth]
    assert usage(agency) == [(16, [16]), (16, [16])]
    with transaction() as session:
        places.release(session, held[0])
    with pytest.raises(NoPlaceLeft):  # fifteen are done or under way
        desk.register(agency)


def test_an_agency_of_whom_no_representative_is_known_has_its_own_places(desk: Desk) -> None:
    agency = desk.agency(FIRST)
    with transaction() as session:
        session.delete(session.scalars(select(Representation).where(Representation.agency_id == agency.id)).one())
    known_to_be = desk.register(agency)
    assert (numbers(known_to_be), numbers(known_to_be, persons=False)) == ([], [1])


def test_before_the_rules_were_in_force_nothing_is_restored(desk: Desk) -> None:
    agency, before = desk.agency(FIRST), date(2024, 11, 4)
    with transaction() as session:
        evaluation = bare_evaluation(session, agency.id, begun_on=before)
        places.restore(session, evaluation.id, [agency.id], counted_on=before)
    assert numbers(evaluation.id) == []


def test_a_change_entered_late_moves_what_was_begun_since(desk: Desk) -> None:
    moving_one, sister, other = desk.agency(FIRST), desk.agency(FIRST), desk.agency(SECOND)
    earlier, since = desk.fill(moving_one, 4), desk.fill(moving_one, 5, on=JUNE)
    desk.fill(other, 12)
    desk.change(moving_one, SECOND, JUNE)
    assert numbers(*earlier) == [1, 2, 3, 4]
    assert numbers(*since) == [13, 14, 15, None, None]
    assert over(*earlier, *since) == since[3:]
    assert usage(moving_one, on=JUNE)[0] == (17, [5, 12])
    assert usage(sister) == [(4, [4]), (0, [])]
    with pytest.raises(NoPlaceLeft):
        desk.register(other)


def test_who_is_over_the_cap_by_a_change_is_told_and_so_is_the_desk(desk: Desk) -> None:
    moved, partner, other = desk.agency(FIRST), desk.agency(THIRD), desk.agency(SECOND)
    joint = desk.register(moved, partner, on=JUNE)
    desk.fill(other, 15)
    desk.change(moved, SECOND, JUNE)
    assert over(joint) == [joint]
    told = db.session.scalars(select(Notice).where(Notice.event == "over_cap")).all()
    readers = {(notice.audience_kind, notice.audience_id) for notice in told}
    assert readers == {("agency", str(moved.id)), ("agency", str(partner.id)), ("role", "reviewer")}
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "agency.places_moved")).one()
    assert (entry.object_id, entry.after) == (moved.id, "1 项，其中超额 1 项")


def test_the_desk_sees_also_places_that_only_moved(desk: Desk) -> None:
    moved = desk.agency(FIRST)
    desk.register(moved, on=JUNE)
    desk.change(moved, SECOND, JUNE)
    told = db.session.scalars(select(Notice).where(Notice.audience_id == "reviewer")).all()
    assert [notice.event for notice in told if notice.event in ("over_cap", "places_moved")] == ["places_moved"]


def test_an_effective_date_put_right_takes_places_back_in_the_order_of_their_days(desk: Desk) -> None:
    moved, other = desk.agency(FIRST), desk.agency(SECOND)
    late, early = desk.register(moved, on=JULY), desk.register(moved, on=JUNE)
    desk.fill(other, 14)
    desk.change(moved, SECOND, JUNE)
    assert (numbers(early), numbers(late)) == ([15], [None])  # whoever began first
    desk.correct(moved, "", JULY)
    assert (numbers(early), numbers(late)) == ([1], [None])
    desk.correct(moved, "", JULY + timedelta(days=1))
    assert (numbers(early), numbers(late)) == ([1], [2])
    assert over(early, late) == []


def test_a_number_put_right_before_the_first_filing_joins_the_places_of_one_person(desk: Desk) -> None:
    mistyped, sister = desk.agency(SECOND), desk.agency(FIRST)
    held = desk.fill(mistyped, 3)
    desk.fill(sister, 14)
    assert mistyped.is_unproved
    since = db.session.scalars(select(Representation.since).where(Representation.agency_id == mistyped.id)).one()
    desk.correct(mistyped, FIRST, since)
    assert numbers(*held) == [15, None, None]


def test_settling_again_changes_nothing(desk: Desk) -> None:
    agency, other = desk.agency(FIRST), desk.agency(SECOND)
    desk.fill(other, 14)
    held = [*desk.fill(agency, 3, on=JUNE), desk.register(agency, other, on=JUNE)]
    desk.change(agency, SECOND, JUNE)
    before = [(numbers(each), numbers(each, persons=False)) for each in held]
    for _ in range(2):
        with transaction() as session:
            assert places.resettle(session, agency.id) == ()
    assert [(numbers(each), numbers(each, persons=False)) for each in held] == before
    changes = select(func.count()).select_from(AuditEntry).where(AuditEntry.action == "agency.places_moved")
    assert db.session.scalar(changes) == 1


def test_of_a_joint_one_a_representative_stays_while_one_of_the_agencies_has_them(desk: Desk) -> None:
    first, sister = desk.agency(FIRST), desk.agency(FIRST)
    joint = desk.register(first, sister, on=JUNE)
    desk.change(first, SECOND, JUNE)
    assert sorted(number or 0 for number in numbers(joint)) == [1, 1]
    desk.change(sister, SECOND, JUNE)
    assert numbers(joint) == [1]
    assert usage(first, on=JUNE) == [(1, [1, 1]), (1, [1])]


def test_a_registration_that_is_moved_takes_its_evaluations_off_the_person_it_named(desk: Desk) -> None:
    agency, officer = desk.agency(FIRST), desk.make.officer("approver")
    held = desk.fill(agency, 2)
    moving.move(
        agency.id, username="rightful", display_name="许可靠", reason="他人登记", version=agency.version, by=officer
    )
    assert (numbers(*held), numbers(*held, persons=False)) == ([], [1, 2])
    desk.change(agency, SECOND, JULY)  # the first one known counts for the days before, too
    assert numbers(*held) == [1, 2]


def write_past_the_code(evaluation_id: int, **place: Any) -> None:
    with transaction() as session:
        session.execute(insert(Place).values(evaluation_id=evaluation_id, year=2026, counted_on=MARCH, **place))


@pytest.mark.parametrize("number", [0, 16])
def test_the_database_holds_no_place_beyond_fifteen(desk: Desk, number: int) -> None:
    agency = desk.agency(FIRST)
    elsewhere = desk.register(agency, on=date(2027, 3, 1))
    with pytest.raises(IntegrityError, match="ck_place_number"):
        write_past_the_code(elsewhere, person_id=_representative(agency), number=number)


def test_the_database_gives_no_place_twice(desk: Desk) -> None:
    agency, other = desk.agency(FIRST), desk.agency(SECOND)
    desk.register(agency)
    elsewhere = desk.register(other)
    with pytest.raises(IntegrityError, match="person_id"):
        write_past_the_code(elsewhere, person_id=_representative(agency), number=1)
    with pytest.raises(IntegrityError, match="agency_id"):
        write_past_the_code(elsewhere, agency_id=agency.id, number=1)


def _representative(agency: Agency) -> int:
    return db.session.scalars(select(Representation.person_id).where(Representation.agency_id == agency.id)).one()


def test_a_place_that_is_gone_in_the_same_moment_is_a_polite_refusal(desk: Desk) -> None:
    """Somebody writes past the locks, between looking and writing: the constraint holds, and its word is ours."""
    agency = desk.agency(FIRST)
    rival = desk.register(agency, on=date(2027, 3, 1))

    def snatch(session: Any, *rest: Any) -> None:
        found = [row.person_id for row in session.new if isinstance(row, Place) and row.person_id is not None]
        if found:
            move = update(Place).where(Place.evaluation_id == rival, Place.person_id == found[0])
            session.connection().execute(move.values(year=2026))

    session = db.session()
    event.listen(session, "before_flush", snatch)
    try:
        with pytest.raises(PlacesMoved, match="刷新后再办理"):
            desk.register(agency)
    finally:
        event.remove(session, "before_flush", snatch)
    assert usage(agency) == [(0, []), (0, [])]


def test_the_strip_names_the_own_and_hides_the_others(desk: Desk) -> None:
    first, second = desk.agency(FIRST), desk.agency(FIRST)
    desk.fill(second, 2)
    held = desk.fill(first, 3)
    for _ in range(11):
        desk.register(second, past_gate=True)
    person_id = db.session.scalars(select(Representation.person_id).where(Representation.agency_id == first.id)).one()
    strip = queries.strip(db.session(), person_id=person_id, year=2026)
    assert (strip.used, strip.left, len(strip.cells), len(strip.over)) == (16, 0, 15, 1)
    assert [cell.agency_name for cell in strip.cells[1:4]] == [second.name, first.name, first.name]
    seen = strip.as_known_to([first.id])
    assert (seen.own, seen.others) == (3, 12)
    assert [cell.evaluation_id for cell in seen.cells if cell.own and cell.held] == held
    assert second.name not in repr(seen)
    own = queries.strip(db.session(), agency_id=first.id, year=2026)
    assert (own.used, own.left, [cell.evaluation_id for cell in own.cells[:3]]) == (3, 12, held)


def test_whoever_has_used_most_comes_first_and_an_agency_only_where_its_year_is_not_one_persons(desk: Desk) -> None:
    much, little, changed = desk.agency(FIRST), desk.agency(SECOND), desk.agency(THIRD)
    desk.fill(much, 13)
    desk.fill(little, 2)
    desk.fill(changed, 7)
    desk.change(changed, made_up_number(), JUNE)
    desk.fill(changed, 6, on=JUNE)
    _, near = holders.holders(db.session(), year=2026, least=12)
    assert [(row.strip.used, row.agency_id) for row in near] == [(13, None), (13, changed.id)]
    _, everybody = holders.holders(db.session(), year=2026)
    assert [row.strip.used for row in everybody] == [13, 13, 7, 6, 2]
    _, found = holders.holders(db.session(), year=2026, word=little.name)
    assert [row.strip.used for row in found] == [2]
    assert holders.years(db.session()) == (2026,)


def give_place(evaluation: int) -> None:
    with transaction() as session:
        places.place(session, evaluation)


def test_one_over_the_cap_gets_the_place_that_another_gives_back(desk: Desk) -> None:
    first, sister = desk.agency(FIRST), desk.agency(FIRST)
    held = [*desk.fill(first, 9), *desk.fill(sister, 6)]
    early, late = desk.register(sister, past_gate=True), desk.register(first, past_gate=True)
    assert over(early, late) == [early, late]
    with pytest.raises(NoPlaceLeft) as refusal:
        give_place(early)
    for told in (f"{first.name} 10 项", f"{sister.name} 7 项", "第二十二条第二款"):  # the desk reads all by name
        assert told in refusal.value.message
    with transaction() as session:
        places.release(session, held[3])
    give_place(late)  # an officer says which
    assert over(early, late) == [early]
    assert numbers(late) == [4]
    with pytest.raises(NoPlaceLeft):
        give_place(early)
    with pytest.raises(NothingDue):
        give_place(late)
    with pytest.raises(NothingDue):
        give_place(held[0])
    with transaction() as session:
        places.release(session, held[0])
    give_place(early)
    assert over(early) == []
    assert sorted(number or 0 for number in numbers(*held, early, late)) == list(range(1, 16))


def test_a_place_is_given_to_every_holder_that_lacks_one_or_to_none(desk: Desk) -> None:
    first, second = desk.agency(FIRST), desk.agency(SECOND)
    held, others = desk.fill(first, 15), desk.fill(second, 15)
    joint = desk.register(first, second, past_gate=True)
    with transaction() as session:
        places.release(session, held[0])
    before = [*numbers(joint), *numbers(joint, persons=False)]
    assert before == [None] * 4
    with pytest.raises(NoPlaceLeft) as refusal:
        give_place(joint)
    assert second.name in refusal.value.message
    assert [*numbers(joint), *numbers(joint, persons=False)] == before
    with transaction() as session:
        places.release(session, others[7])
    give_place(joint)
    assert numbers(joint) == [1, 8]
    assert numbers(joint, persons=False) == [1, 8]


def test_after_a_change_of_representative_the_place_is_that_of_whom_it_counts_for(desk: Desk) -> None:
    moved, other = desk.agency(FIRST), desk.agency(SECOND)
    theirs = desk.fill(other, 15)
    late = desk.register(moved, on=JULY)
    desk.change(moved, SECOND, JUNE)
    assert over(late) == [late]
    with pytest.raises(NoPlaceLeft):
        give_place(late)
    desk.change(other, THIRD, date(2026, 2, 1))
    assert over(*theirs) == []
    give_place(late)
    assert (numbers(late), numbers(late, persons=False)) == ([1], [1])
