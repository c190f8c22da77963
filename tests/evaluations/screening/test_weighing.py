"""The weights: made from the labelled clauses, the same ones each time."""

import pytest

from evaluations.screening import corpus, train
from evaluations.screening.corpus import OPEN
from evaluations.screening.effects import LABELS, Kind
from evaluations.screening.explaining import EFFECTS
from evaluations.screening.labels import Label
from evaluations.screening.report import judge, score
from evaluations.screening.weighing import Weights, read, weights, written


def test_the_same_clauses_make_the_same_weights() -> None:
    few = [each for each in corpus.read()[OPEN] if not each.kept_aside][:60]
    assert written(train.train(few)) == written(train.train(few))


def test_what_is_written_is_read_again(tmp_path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "weights.tsv"
    path.write_text(written(weights()), encoding="utf-8")
    assert read(path).rows == weights().rows


def test_without_features_nothing_is_sure() -> None:
    assert set(Weights({}).confidences(())) == set(Label)


def test_each_effect_belongs_to_a_label_and_has_its_words() -> None:
    assert set(LABELS) == set(EFFECTS) == set(Kind)
    assert LABELS[Kind.DEEMED_FAILURE] is Label.BET_ON
    assert LABELS[Kind.CHANNEL] is Label.GUARANTEED_PASS
    assert LABELS[Kind.CHEAPER_WITH] is Label.TIED_SALE
    assert LABELS[Kind.FORGED] is Label.MARKET_DISRUPTION


@pytest.mark.clause("JL-22-1b")
def test_the_part_kept_aside_is_judged_well_enough_to_be_trusted() -> None:
    kept = [each for each in corpus.read()[OPEN] if each.kept_aside]
    judged = judge(kept, weights(), {each.text: train.features_of(each.text) for each in kept})
    told = score(judged, None)
    assert len(kept) > 80
    assert told.precision >= 0.9
    assert told.recall >= 0.9
    assert all(score(judged, label).f1 >= 0.8 for label in Label)
