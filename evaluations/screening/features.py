"""What the weighing sees of a clause: its effects, its concepts and their order, its characters singly and in twos."""

import re
from typing import Final

from evaluations.screening.effects import Effect
from evaluations.screening.reading import Clause

FIGURES: Final = re.compile(r"[0-9.]+")
FAR: Final = 60  # hits beyond this many are not paired: a clause of a page is no clause


def features(clause: Clause, found: tuple[Effect, ...]) -> set[str]:
    made = {f"e:{effect.kind}!{effect.guard}" for effect in found}
    made.update([f"c:{concept}" for concept in clause.concepts])
    made.update(_pairs(clause))
    text = f"^{FIGURES.sub('0', clause.text)}$"
    made.update(text)
    made.update(map(str.__add__, text, text[1:]))
    return made


def _pairs(clause: Clause) -> set[str]:
    """Ordered pairs: in one part (s), the next part (t), the same sentence (m), further on (u)."""
    made: set[str] = set()
    placed = [
        (hit.concept, number, sentence_number)
        for number, (sentence_number, part) in enumerate(
            (sentence_number, part) for sentence_number, sentence in enumerate(clause.sentences) for part in sentence
        )
        for hit in part.hits
    ][:FAR]
    for index, (concept, part, sentence) in enumerate(placed):
        for other, other_part, other_sentence in placed[index + 1 :]:
            apart = other_part - part
            how = "s" if not apart else "t" if apart == 1 else "m" if sentence == other_sentence else "u"
            made.add(f"{how}:{concept}>{other}")
    return made
