"""What an officer decided, and on which facts: a judgement holds only while these stay as they were."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from agency.particulars import Judgement, to_json


@dataclass(frozen=True, slots=True)
class OpenPoint:
    """A question that the rules leave to an officer; `point` and `basis` go into the judgement."""

    point: str
    basis: str
    question: str


def digest(*facts: Any) -> str:
    """One short text for a set of facts: the same as long as they are."""
    content = json.dumps(facts, ensure_ascii=False, sort_keys=True, default=to_json)
    return hashlib.sha256(content.encode()).hexdigest()[:32]


def find_judgement(judgements: Sequence[Judgement], point: str, basis: str, *, on: date) -> Judgement | None:
    """The last judgement on a point that was made by a day, and on these very facts."""
    holding = [each for each in judgements if each.point == point and each.basis == basis and each.on <= on]
    return sorted(holding, key=lambda each: each.on)[-1] if holding else None
