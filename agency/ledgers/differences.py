"""Where spellings differ, so that an officer sees it at a glance. Pure."""

from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import groupby
from typing import NamedTuple

ALIKE = 0.5  # below this share of common characters, marks would cover everything and say nothing


class Piece(NamedTuple):
    text: str
    differs: bool


def side_by_side(texts: Sequence[str]) -> tuple[tuple[Piece, ...], ...]:
    """Each text in pieces: the first against the one most like it, the others against the first."""
    first, *others = texts
    nearest = max(others, key=lambda other: SequenceMatcher(None, first, other, autojunk=False).ratio(), default=first)
    return tuple(pieces(text, nearest if text is first else first) for text in texts)


def pieces(text: str, other: str) -> tuple[Piece, ...]:
    """A text in pieces, those that the other doesn't have in their place marked."""
    matcher = SequenceMatcher(None, text, other, autojunk=False)
    if matcher.ratio() < ALIKE:
        return (Piece(text, differs=False),)
    cut = ((text[start:end], tag != "equal") for tag, start, end, _, _ in matcher.get_opcodes() if start < end)
    grouped = groupby(cut, key=lambda piece: piece[1])
    return tuple(Piece("".join(part for part, _ in run), differs) for differs, run in grouped)
