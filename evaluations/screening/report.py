"""`python -m evaluations.screening.report`: how good the screening is on clauses that it was not made from.

Each author is left out in turn, the weights are made from the others, and the one left out is judged: that is what
unseen agreements look like. The part of the open clauses that is kept aside is judged by the weights of all authors;
its errors are not printed, so that nobody mends them one by one.
"""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from evaluations.screening import corpus
from evaluations.screening.corpus import OPEN, Sample
from evaluations.screening.judging import carried
from evaluations.screening.labels import Label
from evaluations.screening.train import features_of, train
from evaluations.screening.weighing import Weights

ANY: Final = "any"
Judged = Sequence[tuple[Sample, frozenset[Label]]]


@dataclass(frozen=True, slots=True)
class Score:
    hits: int
    false: int
    missed: int

    @property
    def precision(self) -> float:
        return self.hits / (self.hits + self.false) if self.hits + self.false else 1.0

    @property
    def recall(self) -> float:
        return self.hits / (self.hits + self.missed) if self.hits + self.missed else 1.0

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def score(judged: Judged, label: Label | None) -> Score:
    """Of one label, or of any."""
    pairs = [
        (
            bool(sample.labels) if label is None else label in sample.labels,
            bool(told) if label is None else label in told,
        )
        for sample, told in judged
    ]
    return Score(pairs.count((True, True)), pairs.count((False, True)), pairs.count((True, False)))


def judge(samples: Iterable[Sample], weights: Weights, seen: dict[str, set[str]]) -> Judged:
    return [(each, frozenset(carried(weights.confidences(seen[each.text])))) for each in samples]


def table(title: str, judged: Judged) -> str:
    lines = [f"\n{title}（{len(judged)} 条）", f"{'':20} 精确率  召回率     F1"]
    for label in (*Label, None):
        told = score(judged, label)
        lines.append(f"{label or ANY:20} {told.precision:6.3f}  {told.recall:6.3f}  {told.f1:6.3f}")
    return "\n".join(lines)


def errors(judged: Judged) -> str:
    lines = []
    for sample, told in judged:
        if told != sample.labels:
            wanted, got = (",".join(label for label in Label if label in each) or "-" for each in (sample.labels, told))
            lines.append(f"  {sample.id} 应为 {wanted}，判为 {got}：{sample.text}")
    return "\n".join(lines)


def main(arguments: Sequence[str]) -> None:
    authors = corpus.read()
    used = [each for samples in authors.values() for each in samples if not each.kept_aside]
    kept = [each for samples in authors.values() for each in samples if each.kept_aside]
    drilled = corpus.drills()
    seen = {each.text: features_of(each.text) for each in [*used, *kept, *drilled]}
    everything = train([*used, *drilled], seen)
    print(table("用于训练的条款，按自身评分", judge(used, everything, seen)))
    print(table("公开条款中留出的部分", judge(kept, everything, seen)))
    all_left_out: list[tuple[Sample, frozenset[Label]]] = []
    for author, samples in authors.items():
        if author == OPEN:
            continue
        judged = judge(samples, train([*(each for each in used if each.author != author), *drilled], seen), seen)
        print(table(f"留出作者 {author}", judged))
        if "--errors" in arguments or author in arguments:
            print(errors(judged))
        all_left_out.extend(judged)
    print(table("各作者依次留出，合计", all_left_out))


if __name__ == "__main__":
    main(sys.argv[1:])
