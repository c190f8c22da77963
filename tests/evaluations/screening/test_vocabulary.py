"""The words that a clerk keeps in config/screening: each is found where its example puts it."""

from pathlib import Path

import pytest

from evaluations.screening.normalising import normalise
from evaluations.screening.vocabulary import GAP, Entry, UnfitVocabulary, Vocabulary, read, vocabulary

ENTRIES = read()
HEAD = '[[entries]]\nconcept = "outcome"\n'


@pytest.mark.parametrize("number", range(len(ENTRIES)), ids=[f"{e.concept}-{i}" for i, e in enumerate(ENTRIES)])
def test_each_word_is_found_in_its_example(number: int) -> None:
    entry = ENTRIES[number]
    for word in entry.words:
        text = normalise(entry.sentence(word)).text
        start = text.index(normalise(word.replace(GAP, "某某")).text)
        found = {hit.concept for hit in vocabulary().find(text) if hit.start <= start < hit.end}
        assert entry.concept in found, f"“{word}”在“{text}”中没有读作 {entry.concept}，而是 {found}"


def test_no_word_is_entered_twice_for_one_concept() -> None:
    entered = [(entry.concept, word) for entry in ENTRIES for word in entry.words]
    assert sorted({each for each in entered if entered.count(each) > 1}) == []


def test_a_new_word_is_found_without_a_change_of_code() -> None:
    extended = Vocabulary((*ENTRIES, Entry("outcome", ("喜提金招牌",), "甲方〇的，付清尾款。")))
    assert [hit.concept for hit in extended.find("喜提金招牌")] == ["outcome"]


def test_the_longest_word_is_read_and_what_stands_in_a_gap_stays_free() -> None:
    words = Vocabulary((Entry("promise", ("保证",), "〇"), Entry("other_sense", ("保证人",), "〇")))
    assert [hit.concept for hit in words.find("保证人")] == ["other_sense"]
    gapped = Vocabulary((Entry("condition", ("以…为准",), "〇"), Entry("outcome", ("入选",), "〇")))
    assert [hit.concept for hit in gapped.find("以入选为准")] == ["condition", "outcome"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (HEAD + 'words = ["入选"]\n', "例|example"),
        (HEAD + 'words = ["入选"]\nexample = "没有位置"\n', "没有 〇"),
        (HEAD + 'words = []\nexample = "〇"\n', "空的词"),
        (HEAD + 'words = ["…入选"]\nexample = "〇"\n', "空的词"),
        ("words = [", "toml"),
        ("a = 1", "entries"),
    ],
)
def test_an_entry_that_cannot_be_used_is_named(tmp_path: Path, content: str, told: str) -> None:
    (tmp_path / "1.toml").write_text(content, encoding="utf-8")
    with pytest.raises(UnfitVocabulary, match=told):
        read(tmp_path)
