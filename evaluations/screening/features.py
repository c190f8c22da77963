"""What the weighing sees of a clause: its effects, its concepts and their order, its characters singly and in twos."""

import re
from collections.abc import Iterator
from typing import Final

from evaluations.screening.effects import Effect
from evaluations.screening.reading import Clause

FIGURES: Final = re.compile(r"[0-9.]+")
FAR: Final = 30  # words of a part, parts of a sentence: what is beyond is not paired


def features(clause: Clause, found: tuple[Effect, ...]) -> set[str]:
    made = {f"e:{effect.kind}!{effect.guard}" for effect in found}
    made.update([f"c:{concept}" for concept in clause.concepts])
    for pairs in _pairs(clause):
        made.update(pairs)
    text = f"^{FIGURES.sub('0', clause.text)}$"
    made.update(text)
    made.update(map(str.__add__, text, text[1:]))
    return made


def _pairs(clause: Clause) -> Iterator[list[str]]:
    """Ordered pairs of concepts: in one part (s), in the next part (t), further on in the same sentence (m)."""
    for sentence in clause.sentences:
        for number, part in enumerate(sentence[:FAR]):
            concepts = [hit.concept for hit in part.hits[:FAR]]
            for index, concept in enumerate(concepts, start=1):
                head = f"s:{concept}>"
                yield [head + other for other in concepts[index:]]
            for further, other_part in enumerate(sentence[number + 1 : FAR]):
                how = "m:" if further else "t:"
                for concept in part.concepts:
                    head = f"{how}{concept}>"
                    yield [head + other for other in other_part.concepts]
