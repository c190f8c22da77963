"""Marks of a dropped file, as its row keeps them and as a page shows them: found, and decided on by nobody."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from evaluations.models import AgreementScreening
from evaluations.rules.states import MarkOrigin, MarkStanding
from evaluations.screening.agreements import Found
from evaluations.screening.labels import Label
from evaluations.screenings import mark_of


@dataclass(frozen=True, slots=True)
class DroppedMark:
    """What a page asks of a mark (components/agreement.html). It has no standing: no officer decides on it."""

    position: int
    label: Label
    clause: str
    number: str
    page: int | None
    start: int
    end: int
    trigger: str
    trigger_start: int | None
    words: list[list[int]]
    effect: str
    reason: str
    confidence: float | None
    origin: MarkOrigin = MarkOrigin.SCREENED
    standing: MarkStanding | None = None
    dispute: str = ""
    decided_at: datetime | None = None

    @property
    def id(self) -> int:
        return self.position


KEPT = (
    "position", "label", "clause", "number", "page", "start", "end", "trigger", "trigger_start", "words", "effect",
    "reason", "confidence",
)  # fmt: skip


def kept(found: Iterable[Found]) -> list[dict[str, Any]]:
    """Plain values, for a sealed column: the marks as an agreement's screening would place them."""
    nowhere = AgreementScreening()
    return [
        {name: getattr(mark_of(each, nowhere, position), name) for name in KEPT}
        for position, each in enumerate(found, start=1)
    ]


def read(rows: Iterable[dict[str, Any]] | None) -> tuple[DroppedMark, ...]:
    return tuple(DroppedMark(**(row | {"label": Label(row["label"])})) for row in rows or ())
