"""A year of all agencies together: what they handed in, beside what the register says. Pure sums, no person in them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from applicants.models import Kind
from core.places import bureaus
from evaluations.rules.states import Level, State
from summaries.figures import Known, Scores
from summaries.queries.overview import Totals
from summaries.rules import Dates
from summaries.states import Duty
from supervision.models import CaseOutcome


@dataclass(frozen=True, slots=True)
class Sum:
    """A figure added up over the agencies that handed in."""

    stated: int = 0
    at_hand_in: int = 0
    differing: int = 0  # how many of them state it otherwise than the register

    def plus(self, other: "Sum") -> "Sum":
        return Sum(self.stated + other.stated, self.at_hand_in + other.at_hand_in, self.differing + other.differing)


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A figure of the whole province."""

    key: str
    label: str
    unit: str
    sum: Sum
    now: int  # of all agencies, those that did not hand in too


@dataclass(frozen=True, slots=True)
class CityRow:
    """A bureau's agencies, and what was evaluated in its city, by whomever."""

    key: str
    place: str
    totals: Totals
    stated: int  # evaluations, as its agencies state them
    made: int  # evaluations of its agencies, in the register now
    there: int  # evaluations of its applicants, in the register now


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """One agency's line, of public facts and sums."""

    name: str
    credit_code: str
    place: str
    duty: Duty
    standing: str
    due_on: date
    first_handed_in_at: datetime | None
    days_late: int
    nil: bool
    stated: Mapping[str, int | None]
    known: Known | None  # None: the register has nothing of the year

    @property
    def is_missing(self) -> bool:
        return self.first_handed_in_at is None


@dataclass(frozen=True, slots=True)
class Consolidation:
    """Everything that page, spreadsheet and document show."""

    dates: Dates
    as_of: datetime
    totals: Totals
    figures: tuple[FigureRow, ...]
    cities: tuple[CityRow, ...]
    matrix: Mapping[tuple[Kind, Level], int]
    states: Mapping[State, int]
    scores: Scores | None
    cases: Mapping[CaseOutcome, int]
    places: int
    over_cap: int
    full: int  # agencies that used up their places
    cap: int

    @property
    def year(self) -> int:
        return self.dates.year

    @property
    def evaluations(self) -> int:
        return sum(self.matrix.values())

    @property
    def figure(self) -> Mapping[str, FigureRow]:
        return {row.key: row for row in self.figures}

    def of_kind(self, kind: Kind) -> int:
        return sum(count for (each, _), count in self.matrix.items() if each is kind)

    def of_level(self, level: Level) -> int:
        return sum(count for (_, each), count in self.matrix.items() if each is level)

    def share(self, part: int, whole: int) -> str:
        """A share as it is written: 87.5%."""
        return f"{100 * part / whole:.1f}%" if whole else "—"


def places_of(key: str) -> str:
    bureau = bureaus().get(key)
    return bureau.place if bureau else "省外或未定"


@dataclass(frozen=True, slots=True)
class RegisterSums:
    """The register's years of all agencies, added up. A joint evaluation counts with each of its agencies."""

    matrix: Mapping[tuple[Kind, Level], int]
    states: Mapping[State, int]
    there: Mapping[str, int]  # by the applicant's bureau
    values: Mapping[str, int]
    scores: Scores | None
    cases: Mapping[CaseOutcome, int]
    full: int

    @classmethod
    def of(cls, years: Iterable[Known], *, cap: int) -> "RegisterSums":
        matrix = {(kind, level): 0 for kind in Kind for level in Level}
        states, cases = dict.fromkeys(State, 0), dict.fromkeys(CaseOutcome, 0)
        there: dict[str, int] = {}
        values: dict[str, int] = {}
        scores: Scores | None = None
        full = 0
        for known in years:
            for made, count in known.evaluations.items():
                matrix[made.kind, made.level] += count
                states[made.state] += count
                there[made.bureau] = there.get(made.bureau, 0) + count
            for outcome, count in known.cases.items():
                cases[outcome] += count
            for key, value in known.values().items():
                values[key] = values.get(key, 0) + (value or 0)
            scores = _together(scores, known.scores)
            full += known.places >= cap
        return cls(matrix, states, there, values, scores, cases, full)


def _together(one: Scores | None, other: Scores | None) -> Scores | None:
    if one is None or other is None:
        return one or other
    return Scores(
        one.count + other.count, one.total + other.total, min(one.least, other.least), max(one.most, other.most)
    )
