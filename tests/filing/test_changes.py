"""Side by side: what is found between two versions, and what isn't."""

from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agency.particulars import (
    Capability,
    Declaration,
    DeclarationKind,
    Elsewhere,
    OutsideProjects,
    Particulars,
    Record,
    RecordKind,
    RecordRole,
    Tenure,
    Training,
    from_json,
    to_json,
)
from filing.changes import IDENTITY, Change, compare
from tests.filing.facts import qualified, someone

BASE = qualified()
few = st.integers(1, 3)
words = st.sampled_from(["", "甲", "乙"])
days = st.sampled_from([None, date(2026, 1, 1), date(2027, 2, 28)])


def rows(row: Any, key: str, **varied: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    """Up to three rows like this one, told apart by a key."""
    each = st.builds(lambda values: replace(row, **values), st.fixed_dictionaries(varied))
    return st.lists(each, max_size=3, unique_by=lambda row: getattr(row, key)).map(tuple)


anything = st.builds(
    lambda values: replace(BASE, **values),
    st.fixed_dictionaries(
        {
            "name": words,
            "in_china": st.booleans(),
            "platform_registered_on": days,
            "capabilities": st.sets(st.sampled_from(Capability)).map(sorted).map(tuple),
            "representative": st.sampled_from([None, BASE.representative, replace(someone(), name="甲")]),
            "offices": rows(BASE.offices[0], "id", id=few, address=words, leased_until=days),
            "staff": rows(BASE.staff[0], "identity", identity=words, title=words, full_time=st.booleans()),
            "records": rows(
                Record(1, RecordKind.REVIEW, RecordRole.LED, "", "", "", date(2026, 1, 1)), "id", id=few, title=words
            ),
            "trainings": rows(Training(1, "", date(2026, 1, 1), "", 1.0), "id", id=few, topic=words),
            "outside_projects": rows(OutsideProjects(1, 2026, "", Capability.PARK, 1), "id", id=few, count=few),
            "declarations": rows(
                Declaration(DeclarationKind.LAWFUL, "", date(2026, 1, 1)),
                "kind",
                kind=st.sampled_from(DeclarationKind),
                signed_by=words,
            ),
            "materials": rows(BASE.materials[0], "id", id=few, title=words),
        }
    ),
)


@settings(max_examples=25, deadline=None)
@given(anything)
def test_a_thing_compared_with_itself_shows_nothing(one: Particulars) -> None:
    assert compare(one, one) == ()
    assert compare(one, from_json(to_json(one))) == ()


@settings(max_examples=25, deadline=None)
@given(anything, anything)
def test_looked_at_from_the_other_side_every_change_is_the_other_way_round(one: Particulars, two: Particulars) -> None:
    there = {(section.title, row.before, row.after) for section in compare(one, two) for row in section.rows}
    back = {(section.title, row.after, row.before) for section in compare(two, one) for row in section.rows}
    assert there == back


@settings(max_examples=25, deadline=None)
@given(anything, anything)
def test_whatever_differs_is_shown(one: Particulars, two: Particulars) -> None:
    """Each part of the second put into the first is found, in one section and in no other."""
    for name in (field.name for field in fields(Particulars)):
        part = getattr(two, name)
        found = compare(one, replace(one, **{name: part}))
        assert len(found) == (unordered(getattr(one, name)) != unordered(part))


def unordered(part: Any) -> Any:
    """The order of rows carries no meaning."""
    return frozenset(part) if isinstance(part, tuple) else part


def test_every_field_has_a_place() -> None:
    sections = {"representative", "offices", "staff", "records", "trainings", "outside_projects", "declarations"}
    assert {field.name for field in fields(Particulars)} == set(IDENTITY) | sections | {
        "materials",
        "phones",
    }  # phones: told by the two numbers


@pytest.fixture
def agency_facts() -> Particulars:
    return BASE


def rows_of(before: Particulars, after: Particulars) -> dict[str, tuple[Change, ...]]:
    return {section.title: section.rows for section in compare(before, after)}


def test_a_changed_lease_is_one_row_with_both_days(agency_facts: Particulars) -> None:
    (office,) = agency_facts.offices
    later = replace(office, leased_until=date(2030, 1, 1))
    changed = replace(agency_facts, offices=(later,))
    assert rows_of(agency_facts, changed) == {
        "办公场所": (Change(f"{office.address}：租赁到期日", "2028-12-31", "2030-01-01"),)
    }
    (section,) = compare(agency_facts, changed)
    assert section.targets == {"clause:JL-20-2"}


def test_an_office_that_comes_is_shown_whole(agency_facts: Particulars) -> None:
    (office,) = agency_facts.offices
    second = replace(office, id=99, address="吉林市", tenure=Tenure.OWNED, leased_until=None)
    (row,) = rows_of(agency_facts, replace(agency_facts, offices=(office, second)))["办公场所"]
    assert (row.label, row.before) == ("吉林市", None)
    assert row.after == "地址：吉林市\n面积（平方米）：320\n权属：自有"


def test_staff_are_matched_by_person_not_by_row(agency_facts: Particulars) -> None:
    """Someone who left and came back has a new row and is no change; a new title is."""
    first, *others = agency_facts.staff
    again = replace(first, id=first.id + 1000)
    assert compare(agency_facts, replace(agency_facts, staff=(again, *others))) == ()
    promoted = replace(first, title="正高级工程师")
    (row,) = rows_of(agency_facts, replace(agency_facts, staff=(promoted, *others)))["人员"]
    assert row == Change(f"{first.name}：职称", first.title, "正高级工程师")


def test_a_replaced_file_goes_and_comes(agency_facts: Particulars) -> None:
    old = agency_facts.materials[0]
    new = replace(old, id=old.id + 1000, file_id=77, title="新执照.pdf", digest="f" * 64)
    changed = replace(agency_facts, materials=(new, *agency_facts.materials[1:]))
    assert [(row.before, row.after) for row in rows_of(agency_facts, changed)["材料"]] == [
        (old.title, None),
        (None, "新执照.pdf"),
    ]
    (section,) = compare(agency_facts, changed)
    assert section.targets == {f"material:{old.kind}", "clause:JL-20-1"}


def test_what_other_agencies_claim_is_no_change_of_this_one(agency_facts: Particulars) -> None:
    first, *others = agency_facts.staff
    claimed = replace(first, elsewhere=Elsewhere.FILED)
    assert compare(agency_facts, replace(agency_facts, staff=(claimed, *others))) == ()
