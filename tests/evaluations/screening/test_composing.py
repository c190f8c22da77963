"""Two words that mean something together: each composition is found in its example."""

import pytest

from evaluations.screening.composing import read
from evaluations.screening.normalising import normalise
from evaluations.screening.reading import read as read_clause

COMPOSITIONS = read()


@pytest.mark.parametrize("number", range(len(COMPOSITIONS)), ids=[each.example for each in COMPOSITIONS])
def test_each_composition_is_found_in_its_example(number: int) -> None:
    composition = COMPOSITIONS[number]
    assert composition.makes in read_clause(normalise(composition.example).text).concepts


def test_words_too_far_apart_make_nothing() -> None:
    apart = "甲方见诸" + "很" * 20 + "花名册"
    assert "outcome" not in read_clause(apart).concepts
