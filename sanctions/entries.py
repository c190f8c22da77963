"""What officers and the other side enter, read into types: what services take from forms."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class NonAdoptionEntry:
    """A decision that was made on paper."""

    document: str
    first_day: date
    basis: str
