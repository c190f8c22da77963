"""The trained part: one weight for each feature and label, read from a table; no more than sums at run time.

The weights are made by `python -m evaluations.screening.train` and kept in config/screening/weights.tsv, sorted, so
that a change of them can be read.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from evaluations.screening.labels import Label
from evaluations.screening.vocabulary import FOLDER

FILE: Final = FOLDER / "weights.tsv"
BIAS: Final = "bias"
SCALE: Final = 4.0  # what the features of one clause weigh together, many or few
Row = tuple[float, ...]
NOTHING: Final[Row] = (0.0,) * len(Label)


@dataclass(frozen=True, slots=True)
class Weights:
    rows: Mapping[str, Row]

    def confidences(self, features: Iterable[str]) -> dict[Label, float]:
        """For each label, how sure it is that the clause carries it: 0 to 1."""
        rows = self.rows
        count = 0
        sums = [0.0] * len(Label)
        for feature in sorted(features):
            count += 1
            if row := rows.get(feature):
                for index, weight in enumerate(row):
                    sums[index] += weight
        length = SCALE / math.sqrt(count) if count else 0.0
        bias = rows.get(BIAS, NOTHING)
        return {label: _logistic(bias[index] + length * sums[index]) for index, label in enumerate(Label)}


def _logistic(value: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, value))))


def read(path: Path = FILE) -> Weights:
    rows: dict[str, Row] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        feature, *weights = line.split("\t")
        rows[feature] = tuple(float(weight) if weight else 0.0 for weight in weights)
    return Weights(rows)


def written(weights: Weights) -> str:
    lines = (
        "\t".join((feature, *(f"{weight:.3f}" if weight else "" for weight in row)))
        for feature, row in sorted(weights.rows.items())
    )
    return "\n".join(lines) + "\n"


@cache
def weights() -> Weights:
    return read()
