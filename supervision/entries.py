"""What officers enter, read into types: what services take from forms."""

from dataclasses import dataclass

from evaluations.entries import RegistrationEntry
from evaluations.screening.labels import Label


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
