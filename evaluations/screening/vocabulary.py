"""The words that a clerk keeps: config/screening/[0-9]*.toml, found in a text by Aho-Corasick.

An entry names a concept, its words and an example: a sentence with 〇 where each word can stand (tests put each there
and look whether it is found). … inside a word stands for up to twelve characters without punctuation. Where several
words fit, the longest is read and those inside it are out of play.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from core.settings import ROOT
from evaluations.screening.normalising import normalise

FOLDER: Final = ROOT / "config" / "screening"
GAP: Final = "…"
PLACE: Final = "〇"
TAKEN: Final = b"\1" * 100  # longer than any word
BETWEEN: Final = "[^，。；：！？]{0,12}?"


class Hit(NamedTuple):
    """A word found. `concept` is what it tells."""

    start: int
    end: int
    concept: str


class UnfitVocabulary(ValueError):
    """An entry that cannot be used; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Entry:
    concept: str
    words: tuple[str, ...]
    example: str

    def sentence(self, word: str) -> str:
        return self.example.replace(PLACE, word.replace(GAP, "某某"))


class Vocabulary:
    def __init__(self, entries: tuple[Entry, ...]) -> None:
        self.entries = entries
        words: dict[str, list[str]] = {}
        gapped: dict[str, list[tuple[re.Pattern[str], str]]] = {}
        for entry in entries:
            for given in entry.words:
                word = normalise(given).text.replace("...", GAP)
                first, *others = word.split(GAP)
                if others:
                    rest = re.compile("".join(f"{BETWEEN}({re.escape(each)})" for each in others))
                    gapped.setdefault(first, []).append((rest, entry.concept))
                else:
                    words.setdefault(word, []).append(entry.concept)
        patterns = list(words) + [first for first in gapped if first not in words]
        self._concepts = [tuple(words.get(each, ())) for each in patterns]
        self._gapped = [tuple(gapped.get(each, ())) for each in patterns]
        self._automaton = AhoCorasick(patterns, matchkind=MatchKind.Standard)
        self.words = tuple(patterns)

    def find(self, text: str) -> list[Hit]:
        """From left to right; where words overlap, the longest. A word of several concepts makes several hits.

        What stands in a gap is not taken by the word around it.
        """
        concepts, gapped = self._concepts, self._gapped
        found: list[tuple[int, int, int, tuple[tuple[int, int], ...], tuple[str, ...]]] = []
        for index, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            if told := concepts[index]:
                found.append((start - end, start, end, (), told))
            for rest, concept in gapped[index]:
                if match := rest.match(text, end):
                    spans = ((start, end), *(match.span(group) for group in range(1, rest.groups + 1)))
                    length = sum(last - first for first, last in spans)
                    found.append((-length, start, match.end(), spans, (concept,)))
        found.sort()
        taken = bytearray(len(text))
        free = taken.find
        hits: list[Hit] = []
        for _, start, end, spans, told in found:
            if not spans:
                if free(1, start, end) < 0:
                    taken[start:end] = TAKEN[: end - start]
                    hits += [Hit(start, end, concept) for concept in told]
            elif all(free(1, first, last) < 0 for first, last in spans):
                for first, last in spans:
                    taken[first:last] = TAKEN[: last - first]
                hits.append(Hit(start, end, told[0]))
        hits.sort()
        return hits


def read(folder: Path = FOLDER) -> tuple[Entry, ...]:
    """Raises UnfitVocabulary."""
    entries: list[Entry] = []
    for path in sorted(folder.glob("[0-9]*.toml")):
        try:
            listed: list[dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))["entries"]
        except (tomllib.TOMLDecodeError, KeyError) as error:
            raise UnfitVocabulary(f"{path.name}：{error}") from None
        entries.extend(_entry(given, path.name) for given in listed)
    return tuple(entries)


def _entry(given: dict[str, Any], file: str) -> Entry:
    if set(given) != {"concept", "words", "example"}:
        raise UnfitVocabulary(f"{file}：每个条目须有 concept、words、example 三项，这一条有 {'、'.join(sorted(given))}")
    words = tuple(str(word) for word in given["words"])
    if not words or any(len(word.strip(GAP)) < 1 or word.startswith(GAP) for word in words):
        raise UnfitVocabulary(f"{file}：{given['concept']} 中有空的词，或以 {GAP} 开头的词")
    if PLACE not in given["example"]:
        raise UnfitVocabulary(f"{file}：{given['concept']} 的例句 {given['example']} 中没有 {PLACE}")
    return Entry(str(given["concept"]), words, str(given["example"]))


@cache
def vocabulary() -> Vocabulary:
    return Vocabulary(read())
