"""What the gate judges: frozen facts, loaded by `evaluations.queries.gate` as the reader may know them."""

from dataclasses import dataclass
from datetime import date

from applicants.models import Kind
from evaluations.rules.states import Level, Mode


@dataclass(frozen=True, slots=True)
class Period:
    """Days, both included; `last` None: still running."""

    first: date
    last: date | None

    def covers(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """A person; `identity` is the keyed hash of the number, None where it isn't known (a name alone is a hint)."""

    name: str
    identity: str | None


@dataclass(frozen=True, slots=True)
class AgencyFacts:
    name: str
    credit_code: str | None
    representative: PersonFacts | None  # in office on the counting day
    filed: tuple[Period, ...]  # its filings, each while it was in force
    conditions_lost_on: date | None  # 条件不符 that stands on the day of registering, since when
    non_adoption: tuple[Period, ...]  # not annulled
    capabilities: frozenset[Kind]
    staff: tuple[PersonFacts, ...]  # on the filed roster
    conditions: str = ""  # what was not met, where 条件不符 stands
    is_partner: bool = False  # named by another agency, which isn't told how it stands; never to the desk


@dataclass(frozen=True, slots=True)
class ExclusionFacts:
    """A fact of Article 11 that stands on the day of registering; `until` None: until it is lifted."""

    ground: str
    on: date
    until: date | None
    source: str
    whom: str  # the applicant's own name, or the enterprise's inside the park


@dataclass(frozen=True, slots=True)
class ApplicantFacts:
    name: str
    codes: frozenset[str]  # its own, and its administering body's
    kinds: frozenset[Kind]
    representative: PersonFacts | None
    contact: str  # name; "" where none is known
    exclusions: tuple[ExclusionFacts, ...]


@dataclass(frozen=True, slots=True)
class Usage:
    """How many places a holder has used in the year, and by which agencies, as the reader may name them."""

    holder: str  # "法定代表人 沈知远", or the agency's name
    used: int
    shares: tuple[tuple[str, int], ...]
    partner: str = ""  # the agency's name, where it is a partner's and the reader isn't told how many


@dataclass(frozen=True, slots=True)
class Intent:
    """What is to be registered, or raised."""

    kind: Kind
    level: Level
    mode: Mode
    begun_on: date
    counted_on: date  # begun_on, or the day of the raising
    on: date  # the day of registering or raising


@dataclass(frozen=True, slots=True)
class GateFacts:
    intent: Intent
    applicant: ApplicantFacts
    agencies: tuple[AgencyFacts, ...]  # none of a self-evaluation
    usage: tuple[Usage, ...]  # of each representative and each agency, at national level
    running: tuple[str, ...] = ()  # numbers of the applicant's other evaluations of this kind and year
    statement: str = ""  # what is said to the cautions
