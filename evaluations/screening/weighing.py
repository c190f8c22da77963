"""The trained part: one weight for each feature and label, read from a table; no more than sums at run time.

A fifth column tells whether a clause carries anything at all. It has seen more examples than any single label, so it
lifts or lowers the likeliest label, and no other label is surer than that one.

The weights are made by `python -m evaluations.screening.train` and kept in config/screening/weights.tsv, sorted, so
that a change of them can be read.
"""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Final

from evaluations.screening.labels import Label
from evaluations.screening.vocabulary import FOLDER

FILE: Final = FOLDER / "weights.tsv"
BIAS: Final = "bias"
SCALE: Final = 4.0  # what the features of one clause weigh together, many or few
Row = tuple[int, ...]  # thousandths: whole numbers add up to the same in any order
THOUSAND: Final = 1000
COLUMNS: Final = len(Label) + 1
WIDTH: Final = 32  # bits of a column in a packed row
PLACES: Final = tuple(range(0, COLUMNS * WIDTH, WIDTH))
HALF: Final = 1 << (WIDTH - 1)
MASK: Final = (1 << WIDTH) - 1
NOTHING: Final[Row] = (0,) * COLUMNS
LIFT: Final = 0.5  # of the sum of the fifth column


@dataclass(frozen=True)
class Weights:
    rows: Mapping[str, Row]

    @cached_property
    def _packed(self) -> Mapping[str, int]:
        """Each row as one whole number, so that one sum adds up all columns."""
        return {
            feature: sum(weight << place for weight, place in zip(row, PLACES, strict=True))
            for feature, row in self.rows.items()
        }

    def confidences(self, features: Collection[str]) -> dict[Label, float]:
        """For each label, how sure it is that the clause carries it: 0 to 1."""
        sums = _parted(sum(filter(None, map(self._packed.get, features))))
        length = SCALE / math.sqrt(len(features)) if features else 0.0
        bias = self.rows.get(BIAS, NOTHING)
        *own, anything = [(one + length * other) / THOUSAND for one, other in zip(bias, sums, strict=True)]
        likeliest = max(own)
        lifted = likeliest + LIFT * anything
        return {
            label: _logistic(lifted if told == likeliest else min(told, lifted))
            for label, told in zip(Label, own, strict=True)
        }


def _parted(packed: int) -> list[int]:
    """The sums of the columns, from the sum of packed rows."""
    sums = []
    for _ in PLACES:
        low = ((packed + HALF) & MASK) - HALF
        sums.append(low)
        packed = (packed - low) >> WIDTH
    return sums


def _logistic(value: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, value))))


def read(path: Path = FILE) -> Weights:
    rows: dict[str, Row] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        feature, *weights = line.split("\t")
        rows[feature] = tuple(int(weight or 0) for weight in weights)
    return Weights(rows)


def written(weights: Weights) -> str:
    lines = (
        "\t".join((feature, *(str(weight or "") for weight in row))) for feature, row in sorted(weights.rows.items())
    )
    return "\n".join(lines) + "\n"


@cache
def weights() -> Weights:
    return read()
