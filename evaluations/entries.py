"""What people enter about evaluations, read into types: what services take from forms."""

from dataclasses import dataclass
from datetime import date

from applicants.models import Kind
from evaluations.rules.states import AdviceKind, Conclusion, Level


@dataclass(frozen=True, slots=True)
class Upload:
    """A chosen file."""

    content: bytes
    name: str


@dataclass(frozen=True, slots=True)
class RegistrationEntry:
    """An evaluation to register. `agency_ids`: the leading one first; `team`: agency and person of each member."""

    applicant_id: int
    kind: Kind
    level: Level
    year: int
    begun_on: date
    standard: str
    other_standard: str
    amount_fen: int
    agency_ids: tuple[int, ...]
    team: tuple[tuple[int, int], ...]
    leader_id: int | None
    planned_from: date | None
    planned_until: date | None
    statement: str = ""


@dataclass(frozen=True, slots=True)
class VisitEntry:
    on: date
    place: str
    attendees: str
    record: str


@dataclass(frozen=True, slots=True)
class ReviewEntry:
    person_id: int | None
    name: str  # of a self-evaluation's reviewer; else read from the roster
    on: date
    opinions: str


@dataclass(frozen=True, slots=True)
class ReportEntry:
    number: str
    issued_on: date
    score: int | None  # tenths of a point
    conclusion: Conclusion
    reason: str = ""  # of a correction


@dataclass(frozen=True, slots=True)
class AdviceEntry:
    kind: AdviceKind
    on: date
    text: str
