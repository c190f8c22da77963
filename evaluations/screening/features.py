"""What the weighing sees of a clause: its effects, its concepts and their order, and short runs of characters."""

import re
from typing import Final

from evaluations.screening.effects import Effect
from evaluations.screening.reading import Clause

FIGURES: Final = re.compile(r"[0-9.]+")
FAR: Final = 60  # hits beyond this many are not paired: a clause of a page is no clause


def features(clause: Clause, found: tuple[Effect, ...]) -> set[str]:
    made = {f"e:{effect.kind}!{effect.guard}" for effect in found}
    made.update(f"c:{concept}" for concept in clause.concepts)
    made.update(_pairs(clause))
    made.update(_runs(clause))
    text = f"^{FIGURES.sub('0', clause.text)}$"
    made.update([text[place : place + 2] for place in range(len(text) - 1)])
    made.update([text[place : place + 3] for place in range(len(text) - 2)])
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


def _runs(clause: Clause) -> set[str]:
    """Runs of two to four concepts and of the characters between them."""
    tokens = ["^"]
    place = 0
    for hit in clause.hits:
        if hit.start >= place:
            tokens += FIGURES.sub("0", clause.text[place : hit.start])
            tokens.append(f"<{hit.concept}>")
            place = hit.end
    tokens += FIGURES.sub("0", clause.text[place:])
    tokens.append("$")
    return {"k:" + "".join(tokens[i : i + n]) for n in (2, 3, 4) for i in range(len(tokens) - n + 1)}
