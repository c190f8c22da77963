"""What officers and the other side enter, read into types: what services take from forms."""

from dataclasses import dataclass
from datetime import date

from sanctions.models import Channel, Measure, RemovalGround


@dataclass(frozen=True, slots=True)
class NonAdoptionEntry:
    """A decision that was made on paper."""

    document: str
    first_day: date
    basis: str


@dataclass(frozen=True, slots=True)
class Party:
    """Against whom: an agency or a listed unit, one of the two."""

    agency_id: int | None = None
    applicant_id: int | None = None

    @property
    def is_unit(self) -> bool:
        return self.applicant_id is not None


@dataclass(frozen=True, slots=True)
class ProposalEntry:
    """What is proposed, with what the other side is to be told."""

    measure: Measure
    facts: str
    evidence: str
    files: tuple[int, ...] = ()  # ids of case_file rows with a cleared copy
    ground: RemovalGround | None = None
    entry_id: int | None = None  # of the list entry
    looked_over: bool = False  # word by word: nothing gives away who reported


@dataclass(frozen=True, slots=True)
class ServiceEntry:
    """How a document is served. `served_on` None: it is under way, its receipt is recorded later."""

    channel: Channel
    served_on: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class DecisionEntry:
    """A decision as its document says it."""

    measure: Measure
    reasons: str
    document: str
    dated: date
    first_day: date | None = None


@dataclass(frozen=True, slots=True)
class PublicationEntry:
    """What anybody may read; of a removal the day, where it is not to wait for the year's list."""

    text: str
    removed_on: date | None = None
    document: str = ""  # the ministry's, of a national entry
