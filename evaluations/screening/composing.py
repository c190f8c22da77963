"""Two words that mean something together: config/screening/compositions.toml.

登上 means little and 名册 means little; 登上……名册 is an outcome. This carries further than a list of words: any
verb of entering goes with any noun for a list.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from evaluations.screening.vocabulary import FOLDER, Hit

FILE: Final = FOLDER / "compositions.toml"


@dataclass(frozen=True, slots=True)
class Composition:
    first: tuple[str, ...]
    then: tuple[str, ...]
    within: int
    makes: str
    example: str


def read(path: Path = FILE) -> tuple[Composition, ...]:
    listed = tomllib.loads(path.read_text(encoding="utf-8"))["compositions"]
    return tuple(
        Composition(tuple(each["first"]), tuple(each["then"]), each["within"], each["makes"], each["example"])
        for each in listed
    )


@cache
def _by_first() -> Mapping[str, Mapping[str, tuple[int, str]]]:
    """First concept → second concept → how far apart at most, and what they make."""
    made: dict[str, dict[str, tuple[int, str]]] = {}
    for each in read():
        for first in each.first:
            for then in each.then:
                made.setdefault(first, {})[then] = (each.within, each.makes)
    return made


def composed(hits: Sequence[Hit]) -> Iterator[Hit]:
    """What words of one part make together, from the first of them to the last; `hits` in their order."""
    by_first = _by_first()
    for number, hit in enumerate(hits):
        seconds = by_first.get(hit.concept)
        if seconds is None:
            continue
        for other in hits[number + 1 :]:
            if other.start - hit.end > LONGEST:
                break
            within, makes = seconds.get(other.concept, (-1, ""))
            if 0 <= other.start - hit.end <= within:
                yield Hit(hit.start, other.end, makes)
                break


LONGEST: Final = 14
