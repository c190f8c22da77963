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
    finding: Finding | None = None  # JL-20-3, on the roster's word alone; None until it is judged

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
        return self.finding is not None and self.finding.verdict is Verdict.MET


@dataclass(frozen=True, slots=True)
class SharedPerson:
    number: str  # in clear: for matching, never for printing
    name: str
    occurrences: tuple[tuple[str, int], ...]  # file, row


def judged(roster: Roster, *, tables: Tables, law: Jurisdiction, shared: Sequence[SharedPerson] = ()) -> Roster:
    """A roster with its accepted rows assessed as of its day, and the two counts.

    `shared`: those who stand on other rosters too, and so count for none (reading 3).
    """
    numbers = {person.number for person in shared}

    def assessed(row: RosterRow) -> RosterRow:
        elsewhere = Elsewhere.CLAIMED if str(row.number) in numbers else Elsewhere.NOWHERE
        member = row.member(id=row.row, identity="", elsewhere=elsewhere)
        return replace(row, assessment=assess(member, on=roster.on, tables=tables, law=law))

    rows = tuple(row if row.reason else assessed(row) for row in roster.rows)
    finding = enough_specialists(
        [row.assessment for row in rows if row.assessment],
        intermediate=law.number("min_intermediate", on=roster.on),
        senior=law.number("min_senior", on=roster.on),
    )
    return replace(roster, rows=rows, finding=finding)


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
