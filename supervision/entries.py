"""What officers enter, read into types: what services take from forms."""

from dataclasses import dataclass
from datetime import date

from agency.particulars import AgencyKind
from core.places import bureaus
from evaluations.entries import RegistrationEntry
from evaluations.screening.labels import Label
from supervision.models import Misconduct, Result

OUTSIDE = "outside"  # agencies from other provinces have no bureau


@dataclass(frozen=True, slots=True)
class RecordEntry:
    """An evaluation that happened in spite of the gate, why it is recorded, and how the desk knows of it.

    `shown`: what stood against it on the page that was confirmed. `amount_known`: False leaves the amount at nothing.
    """

    evaluation: RegistrationEntry
    reason: str
    source: str
    shown: frozenset[str]
    amount_known: bool = True


@dataclass(frozen=True, slots=True)
class MarkEntry:
    """What the screening missed: in which clause (its place among those that were read), or in which words."""

    label: Label
    clause: int | None
    quote: str
    reason: str


@dataclass(frozen=True, slots=True)
class WantedPool:
    """By what the pool is taken; "" and None and 0: everything."""

    bureau: str = ""
    kind: AgencyKind | None = None
    months: int = 0  # not inspected within so many

    @property
    def words(self) -> str:
        place = "外省" if self.bureau == OUTSIDE else bureaus()[self.bureau].place if self.bureau else "全部所在地"
        kind = self.kind.label if self.kind else "全部类型"
        return f"{place}；{kind}；{f'{self.months} 个月内未检查' if self.months else '不论以往检查'}"


@dataclass(frozen=True, slots=True)
class DrawEntry:
    """A draw to be fixed. `shown`: the mark of the pool that was shown; `source`: of a public seed, "" for our own."""

    token: str
    pool: WantedPool
    shown: str
    title: str
    matter: str
    wanted: int
    source: str


@dataclass(frozen=True, slots=True)
class InquiryEntry:
    """What the other side is asked. `party`: its key among the case's parties; `looked_over`: word by word."""

    party: str
    text: str
    due: date
    evidence_ids: tuple[int, ...] = ()
    looked_over: bool = False


@dataclass(frozen=True, slots=True)
class OnSiteEntry:
    """What two officers saw, where and when."""

    first: str
    second: str
    day: date
    place: str
    seen: str


@dataclass(frozen=True, slots=True)
class TalkEntry:
    """约谈: who with whom, when, about what."""

    officers: str
    spoken_with: str
    day: date
    content: str


@dataclass(frozen=True, slots=True)
class PointEntry:
    """A conclusion as an officer enters it."""

    party: str
    misconduct: Misconduct
    result: Result
    clause: str
    facts: str
    evidence: str
    evaluation_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class DemandEntry:
    """What is to be put right, by whom, until when."""

    party: str
    demand: str
    due: date
    looked_over: bool = False
