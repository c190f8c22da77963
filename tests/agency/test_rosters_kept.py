"""A roster kept between being read and being confirmed comes back as it was."""

from dataclasses import fields
from pathlib import Path
from typing import get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as some

from agency.rosters import Roster, RosterRow, from_json, read_roster, to_json
from agency.rosters.roster import Skipped
from core.identifiers import IdNumber
from tests.agency.workbooks import HEAD, ON, person, read, workbook
from tests.numbers import id_number

ROSTERS = Path(__file__).parent.parent / "data" / "rosters"
SAMPLES = sorted(path.name for path in ROSTERS.glob("*.xlsx"))
SPECIAL = {
    "number": some.none() | some.integers(1, 99).map(lambda serial: IdNumber(id_number(serial))),
    "assessment": some.none(),
}
rows = some.builds(
    RosterRow, **{name: some.from_type(hint) for name, hint in get_type_hints(RosterRow).items()} | SPECIAL
)
rosters = some.builds(
    Roster,
    rows=some.lists(rows, max_size=5).map(tuple),
    skipped=some.lists(some.builds(Skipped), max_size=3).map(tuple),
    ignored_sheets=some.lists(some.tuples(some.text(), some.text()), max_size=3).map(tuple),
    finding=some.none(),
)


def types(roster):
    return [type(getattr(row, field.name)) for row in roster.rows for field in fields(row)]


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_comes_back_as_it_was_read(name):
    roster = read_roster((ROSTERS / name).read_bytes(), file_name=name, on=ON)
    again = from_json(to_json(roster).encode())
    assert again == roster
    assert types(again) == types(roster)


@given(rosters)
def test_any_roster_comes_back_as_it_was(roster):
    again = from_json(to_json(roster).encode())
    assert again == roster
    assert types(again) == types(roster)


def test_what_was_judged_is_not_kept():
    roster = read(workbook([HEAD, person()]))
    assert roster.rows[0].assessment
    again = from_json(to_json(roster))
    assert (again.rows[0].assessment, again.finding, again.on) == (None, None, ON)
