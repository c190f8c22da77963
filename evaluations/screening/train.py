"""`python -m evaluations.screening.train`: make config/screening/weights.tsv from the labelled clauses.

A logistic regression for each label and one for any of them, by stochastic descent in a fixed order: the same clauses
give the same file, to the byte. What a single clause alone has is left out.
"""

import math
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from evaluations.screening import corpus
from evaluations.screening.corpus import Sample
from evaluations.screening.effects import effects
from evaluations.screening.features import features
from evaluations.screening.labels import Label
from evaluations.screening.normalising import normalise
from evaluations.screening.reading import read
from evaluations.screening.weighing import BIAS, FILE, SCALE, THOUSAND, Row, Weights, written

ROUNDS: Final = 40
HELD_BACK: Final = 0.7  # how strongly weights are held near nought, over all clauses together
SEED: Final = 22
LEAST: Final = 30  # thousandths
Vector = tuple[tuple[int, ...], float]


def features_of(text: str) -> set[str]:
    clause = read(normalise(text).text)
    return features(clause, effects(clause))


def train(samples: Iterable[Sample], seen: dict[str, set[str]] | None = None) -> Weights:
    """`seen`: features by text, where they have been made before."""
    known = seen if seen is not None else {}
    listed = list(samples)
    sets = [known[each.text] if each.text in known else features_of(each.text) for each in listed]
    counts = Counter(feature for each in sets for feature in each)
    names = sorted(feature for feature, count in counts.items() if count > 1)
    numbers = {name: number for number, name in enumerate(names)}
    vectors: list[Vector] = [
        (tuple(sorted(numbers[each] for each in given if each in numbers)), SCALE / math.sqrt(max(1, len(given))))
        for given in sets
    ]
    answers = [[label in each.labels for each in listed] for label in Label]
    answers.append([bool(each.labels) for each in listed])
    columns = [_fit(vectors, carried, len(names)) for carried in answers]
    rows: dict[str, Row] = {BIAS: tuple(round(column[-1] * THOUSAND) for column in columns)}
    for number, name in enumerate(names):
        row = tuple(round(column[number] * THOUSAND) for column in columns)
        if any(abs(weight) > LEAST for weight in row):
            rows[name] = row
    return Weights(rows)


def _fit(vectors: Sequence[Vector], answers: Sequence[bool], width: int) -> list[float]:
    """The weights, the bias last. The few that carry a label weigh as much together as the many that don't."""
    carry = max(1, sum(answers))
    importance = {True: len(answers) / (2 * carry), False: len(answers) / (2 * max(1, len(answers) - carry))}
    weights = [0.0] * width
    bias, scale, count = 0.0, 1.0, 0
    shrink = HELD_BACK / len(vectors)
    order = list(range(len(vectors)))
    drawn = random.Random(SEED)  # noqa: S311 (an order, no secret)
    for _ in range(ROUNDS):
        drawn.shuffle(order)
        for index in order:
            count += 1
            step = 1.0 / (2.0 + shrink * count)
            numbers, value = vectors[index]
            total = bias + scale * value * sum([weights[number] for number in numbers])
            error = (1.0 if answers[index] else 0.0) - 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
            error *= importance[answers[index]]
            scale *= 1 - step * shrink
            change = step * error * value / scale
            for number in numbers:
                weights[number] += change
            bias += step * error * 0.5
    return [weight * scale for weight in weights] + [bias]


def main() -> None:
    used = [each for samples in corpus.read().values() for each in samples if not each.kept_aside]
    drilled = corpus.drills()
    FILE.write_text(written(train([*used, *drilled])), encoding="utf-8")
    print(f"{FILE}：{len(used)} 条标注，{len(drilled)} 条例句")


if __name__ == "__main__":
    main()
