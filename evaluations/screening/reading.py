"""A clause as the rules see it: sentences, their parts between commas, and the concepts in each."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from evaluations.screening.composing import composed
from evaluations.screening.vocabulary import Hit, vocabulary

SENTENCE_END: Final = frozenset("。；！？")
PART_END: Final = frozenset("，：")
REACH: Final = 2  # characters that may stand between a negation and what it negates: 未能入选, 没有列入


@dataclass(frozen=True, slots=True)
class Part:
    """What stands between two commas."""

    hits: tuple[Hit, ...]
    concepts: frozenset[str]


@dataclass(frozen=True)
class Clause:
    text: str
    hits: tuple[Hit, ...]
    sentences: tuple[tuple[Part, ...], ...]

    @cached_property
    def concepts(self) -> frozenset[str]:
        return frozenset(hit.concept for hit in self.hits)

    @cached_property
    def quoted(self) -> tuple[tuple[int, int], ...]:
        """The parts between quotation marks."""
        return tuple(_between(self.text))

    def is_quoted(self, hit: Hit) -> bool:
        return any(start < hit.start and hit.end <= end for start, end in self.quoted)


def read(text: str) -> Clause:
    """`text` is normalised."""
    hits = tuple(_with_negation(vocabulary().find(text)))
    sentences: list[tuple[Part, ...]] = []
    parts: list[Part] = []
    part: list[Hit] = []
    waiting = iter(hits)
    hit = next(waiting, None)
    for place, character in enumerate(text):
        ends = character in SENTENCE_END
        if not ends and character not in PART_END:
            continue
        while hit is not None and hit.start <= place:
            part.append(hit)
            hit = next(waiting, None)
        parts.append(_part(part))
        part = []
        if ends:
            sentences.append(tuple(parts))
            parts = []
    while hit is not None:
        part.append(hit)
        hit = next(waiting, None)
    if part:
        parts.append(_part(part))
    if parts:
        sentences.append(tuple(parts))
    told = tuple(hit for sentence in sentences for part in sentence for hit in part.hits)
    return Clause(text, told, tuple(sentences))


def _part(hits: list[Hit]) -> Part:
    hits = _denied(sorted([*hits, *composed(hits)]))
    return Part(tuple(hits), frozenset(hit.concept for hit in hits))


def _denied(hits: list[Hit]) -> list[Hit]:
    """What stands behind a prohibition in one part is denied; an outcome said to make no difference is moot."""
    told = {hit.concept for hit in hits}
    if "regardless" in told:
        hits = [Hit(hit.start, hit.end, f"moot_{hit.concept}") if hit.concept in MOOT else hit for hit in hits]
    if "forbid" in told:
        first = next(hit.start for hit in hits if hit.concept == "forbid")
        hits = [
            Hit(hit.start, hit.end, f"no_{hit.concept}") if hit.start > first and hit.concept in DENIABLE else hit
            for hit in hits
        ]
    return hits


MOOT: Final = frozenset({"outcome", "failure", "result", "score", "award"})
DEEDS: Final = (
    *("forge", "hide", "lend", "bribe", "cartel", "author", "disparage"),
    *("exclusive", "bundle", "channel", "pay"),
)
DENIABLE: Final = frozenset(
    {
        *("promise", "certain", "channel", "outcome", "refund", "pay", "bundle", "require", "surcharge", "free"),
        *DEEDS,
    }
)


def _with_negation(hits: list[Hit]) -> Iterator[Hit]:
    """An outcome right behind a negation is a failure, a failure behind one an outcome."""
    before: Hit | None = None
    for hit in hits:
        if before is not None:
            if before.concept == "negation" and hit.start - before.end <= REACH and hit.concept in TURNED:
                before = Hit(before.start, hit.end, TURNED[hit.concept])
                continue
            yield before
        before = hit
    if before is not None:
        yield before


TURNED = {"outcome": "failure", "failure": "not_failure", "promise": "no_promise", "certain": "uncertain"} | {
    each: f"not_{each}" for each in ("enter", "bear", "win", "lose", "pass", "flop", "reach", "rise")
}
TURNED |= {each: f"no_{each}" for each in DEEDS}


def _between(text: str) -> Iterator[tuple[int, int]]:
    start = -1
    for place, character in enumerate(text):
        if character == "“" and start < 0:
            start = place
        elif character in "“”" and start >= 0:
            yield start, place
            start = -1
