"""The labelled clauses that the weights are made from and measured on: tests/data/screening/<author>.jsonl.

Of the open clauses two fifths are kept aside for ever, by a hash of their id: nothing is ever made from them.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from core.settings import ROOT
from evaluations.screening.labels import Label

FOLDER: Final = ROOT / "tests" / "data" / "screening"
OPEN: Final = "open"
USED_OF_HUNDRED: Final = 60


@dataclass(frozen=True, slots=True)
class Sample:
    id: str
    text: str
    labels: frozenset[Label]
    author: str

    @property
    def kept_aside(self) -> bool:
        drawn = int(hashlib.sha256(self.id.encode()).hexdigest()[:8], 16) % 100
        return self.author == OPEN and drawn >= USED_OF_HUNDRED


def read(folder: Path = FOLDER) -> Mapping[str, tuple[Sample, ...]]:
    """Author → clauses, each once."""
    return {path.stem: tuple(_samples(path)) for path in sorted(folder.glob("*.jsonl"))}


def _samples(path: Path) -> Iterable[Sample]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip():
            given = json.loads(line)
            labels = frozenset(Label(each) for each in given["labels"])
            yield Sample(given["id"], given["text"], labels, path.stem)
