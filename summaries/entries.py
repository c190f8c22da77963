"""What people bring to a summary, as services take it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from evaluations.entries import Upload
from summaries.figures import Stated
from summaries.rules import Texts

__all__ = ["DraftEntry", "Receipt", "Upload"]


@dataclass(frozen=True, slots=True)
class DraftEntry:
    """The whole form: texts, and the figures that are stated otherwise than the register knows them."""

    texts: Texts
    stated: Mapping[str, Stated] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What an agency gets for a hand-in."""

    summary_id: int
    number: str
    at: datetime  # of this hand-in
    first_at: datetime  # of the first one: the instant that counts
    days_late: int
