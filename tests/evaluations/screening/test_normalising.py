"""One way of writing, and the way back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations.screening.normalising import normalise

WRITTEN = st.text(
    alphabet=st.one_of(st.sampled_from(" \n\t　甲乙方壹貳萬名單ＡＢ１2a,;:(%㎡⼯①“」\u200b"), st.characters()),
    max_size=60,
)


@pytest.mark.parametrize(
    ("given_text", "made"),
    [
        ("名單公佈後，獲評", "名单公布后，获评"),
        ("ＩＳＯ　５０００１ 认证", "iso 50001认证"),
        ("叁万肆仟元", "三万四千元"),
        ("甲 方\n应 当", "甲方应当"),
        ("甲方,乙方;(一)", "甲方，乙方；（一）"),
        ("⼯业", "工业"),
        ("１００％", "100%"),
        ("保\u200b过", "保过"),
    ],
)
def test_many_ways_of_writing_become_one(given_text: str, made: str) -> None:
    assert normalise(given_text).text == made


def test_a_place_leads_back_to_the_text_as_it_was_given() -> None:
    text = "第 三 条　甲方未 列入名單的"
    plain = normalise(text)
    start = plain.text.index("列入名单")
    first, last = plain.origin(start, start + 4)
    assert text[first:last] == "列入名單"


@given(WRITTEN)
def test_every_part_leads_back_to_what_it_was_made_from(text: str) -> None:
    plain = normalise(text)
    before = 0
    for place in range(len(plain.text)):
        start, end = plain.origin(place, place + 1)
        assert before <= start < end <= len(text)
        assert plain.text[place] in normalise(text[start:end]).text or text[start:end].isspace()
        before = start


@given(WRITTEN)
def test_what_is_made_alike_stays_as_it_is(text: str) -> None:
    once = normalise(text).text
    assert normalise(once).text == once


def test_what_is_no_part_of_the_text_has_no_place() -> None:
    with pytest.raises(ValueError, match="no such part"):
        normalise("甲方").origin(1, 3)
