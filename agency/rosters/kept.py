"""A roster as it is kept between being read and being confirmed: JSON, a list for each field of its rows."""

import json
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date
from types import MappingProxyType
from typing import Any

from agency.particulars import Employment, TitleLevel
from agency.rosters.roster import Roster, Skipped
from agency.rosters.rows import RosterRow
from core.identifiers import IdNumber

COLUMNS = tuple(field.name for field in fields(RosterRow) if field.name != "assessment")
MEANT: Mapping[str, Callable[[Any], Any]] = MappingProxyType(  # what JSON has no word for
    {
        "number": IdNumber,
        "declared_level": TitleLevel,
        "granted_on": date.fromisoformat,
        "employment": Employment,
        "contract_until": date.fromisoformat,
        "insured_since": date.fromisoformat,
        "joined_on": date.fromisoformat,
        "left_on": date.fromisoformat,
        "flags": tuple,
    }
)


def to_json(roster: Roster) -> str:
    """What was read, without what was judged."""
    return json.dumps(
        {
            "file_name": roster.file_name,
            "on": roster.on,
            "rows": {name: [getattr(row, name) for row in roster.rows] for name in COLUMNS},
            "skipped": [(row.sheet, row.row, row.kind) for row in roster.skipped],
            "ignored_sheets": roster.ignored_sheets,
        },
        default=str,  # a day is its ISO text, an identity number its digits
        ensure_ascii=False,
        separators=(",", ":"),
    )


def from_json(text: str | bytes) -> Roster:
    """The inverse of `to_json`. Raises ValueError or LookupError for anything else."""
    content = json.loads(text)
    columns = (_column(content["rows"][name], MEANT.get(name)) for name in COLUMNS)
    return Roster(
        file_name=content["file_name"],
        on=date.fromisoformat(content["on"]),
        rows=tuple(map(RosterRow, *columns)),
        skipped=tuple(Skipped(*row) for row in content["skipped"]),
        ignored_sheets=tuple((name, why) for name, why in content["ignored_sheets"]),
    )


def _column(values: list[Any], meant: Callable[[Any], Any] | None) -> list[Any]:
    return values if meant is None else [None if value is None else meant(value) for value in values]
