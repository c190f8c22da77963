"""A roster as a whole: the two counts of Article 20 (3), and who stands on several rosters."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from agency.particulars import Elsewhere
from agency.rosters.rows import RosterRow
from agency.rules import Tables, assess, enough_specialists
from core.law import Finding, Jurisdiction, Verdict


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that is no person: blank rows aren't listed."""

    sheet: str
    row: int
    kind: str  # total, section_heading, repeated_header, signature_line, note, outside


@dataclass(frozen=True, slots=True)
class Roster:
    file_name: str
    on: date
    rows: tuple[RosterRow, ...]  # accepted and rejected, in the order of the file
    skipped: tuple[Skipped, ...]
    ignored_sheets: tuple[tuple[str, str], ...]  # name, why
    finding: Finding  # JL-20-3, on the roster's word alone

    @property
    def accepted(self) -> tuple[RosterRow, ...]:
        return tuple(row for row in self.rows if row.reason is None)

    @property
    def rejected(self) -> tuple[RosterRow, ...]:
        return tuple(row for row in self.rows if row.reason is not None)

    @property
    def intermediate_or_above(self) -> int:
        """How many count beyond doubt among the ten."""
        return sum(1 for row in self.rows if row.assessment and row.assessment.qualification is Verdict.MET)

    @property
    def senior_relevant(self) -> int:
        """How many count beyond doubt among the five."""
        return sum(1 for row in self.rows if row.assessment and row.assessment.seniority is Verdict.MET)

    @property
    def meets_article_20_3(self) -> bool:
        """True only beyond doubt."""
        return self.finding.verdict is Verdict.MET


@dataclass(frozen=True, slots=True)
class SharedPerson:
    number: str  # in clear: for matching, never for printing
    name: str
    occurrences: tuple[tuple[str, int], ...]  # file, row


def judged(row: RosterRow, *, on: date, tables: Tables, law: Jurisdiction, elsewhere: Elsewhere) -> RosterRow:
    """An accepted row with its assessment."""
    member = row.member(id=row.row, identity="", elsewhere=elsewhere)
    return replace(row, assessment=assess(member, on=on, tables=tables, law=law))


def conclude(rows: Sequence[RosterRow], *, on: date, law: Jurisdiction) -> Finding:
    """Article 20 (3) over the accepted rows."""
    return enough_specialists(
        [row.assessment for row in rows if row.assessment],
        intermediate=law.number("min_intermediate", on=on),
        senior=law.number("min_senior", on=on),
    )


def across(rosters: Sequence[Roster]) -> tuple[SharedPerson, ...]:
    """Everybody who stands on more than one of several rosters."""
    places: defaultdict[str, list[tuple[int, RosterRow]]] = defaultdict(list)
    for index, roster in enumerate(rosters):
        for row in roster.accepted:
            places[str(row.number)].append((index, row))
    return tuple(
        SharedPerson(number, found[0][1].name, tuple((rosters[index].file_name, row.row) for index, row in found))
        for number, found in places.items()
        if len(found) > 1
    )


def beside(roster: Roster, shared: Sequence[SharedPerson], *, tables: Tables, law: Jurisdiction) -> Roster:
    """A roster with those who stand on others counted for none (reading 3)."""
    numbers = {person.number for person in shared}
    rows = tuple(
        judged(row, on=roster.on, tables=tables, law=law, elsewhere=Elsewhere.CLAIMED)
        if row.reason is None and str(row.number) in numbers
        else row
        for row in roster.rows
    )
    return replace(roster, rows=rows, finding=conclude(rows, on=roster.on, law=law))
