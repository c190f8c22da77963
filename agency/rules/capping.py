"""The cap of national evaluations: for whom one counts, and which place it gets. Pure functions over facts."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from core.law import Jurisdiction, implements


@dataclass(frozen=True, slots=True)
class InOffice:
    """A time in which a person was legal representative, both days included; `until` None: still is."""

    person_id: int
    name: str
    since: date
    until: date | None

    def covers(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Holders:
    """Who needs a place for an evaluation; each list in the order of ids."""

    persons: tuple[int, ...]
    agencies: tuple[int, ...]


def representative_on(terms: Sequence[InOffice], day: date) -> InOffice | None:
    """Who represented an agency on a day; None where nobody is known at all.

    For a day before the history begins it is the first one known: a later first day never frees a place.
    """
    in_office = [office for office in terms if office.covers(day)]
    if in_office:
        return max(in_office, key=lambda office: office.since)
    return min(terms, key=lambda office: office.since, default=None)


@implements("JL-22-2")
def holders(terms: Mapping[int, Sequence[InOffice]], *, on: date) -> Holders:
    """第二十二条第二款: an evaluation takes one place of each distinct representative, and one of each agency.

    `terms`: the history of representatives of each agency that makes it, none for a self-evaluation (第十二条, which
    the cap doesn't know); `on`: the day it begins, or of its raising to national. Nobody is counted twice in one.
    """
    persons = {found.person_id for history in terms.values() if (found := representative_on(history, on))}
    return Holders(tuple(sorted(persons)), tuple(sorted(terms)))


@implements("JL-22-2")
def needs_places(law: Jurisdiction, counted_on: date) -> bool:
    """第二十二条第二款: what began before the rules were in force isn't counted (reading 6)."""
    return counted_on >= law.in_force_since


@implements("JL-22-2")
def place_for(numbers: Collection[int | None], *, cap: int) -> int | None:
    """第二十二条第二款: the lowest place that is free of a holder's; None where as many as the cap allows are used.

    `numbers`: those of everything that counts for the holder in the year. What is over the cap has none and counts
    all the same (reading 6): it was done.
    """
    if len(numbers) >= cap:
        return None
    return next(number for number in range(1, cap + 1) if number not in numbers)
