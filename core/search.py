"""Finding names by any part of them, two characters as well as ten, by an index of grams that both databases share.

SQLite's trigram index silently finds nothing for two characters, PostgreSQL's scans for them. So: a table of one- and
two-character grams. Rare words are found through it; frequent ones by walking the ordered list, which meets them soon.
"""

import unicodedata
from collections.abc import Iterable
from functools import cache
from itertools import pairwise
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, bindparam, false, func, literal, select
from sqlalchemy.orm import InstrumentedAttribute, Session

Entity = TypeVar("Entity")

FEW = 250
MANY = 5_000  # owners that are still looked up one by one where every piece of a longer word is frequent
MOST_COUNTED = 8  # pieces counted that far
MOST_PIECES = 40  # looked up of a long word; the rest is left to the plain comparison
LONGEST_WORD = 200  # longer than any name
UNSEEN = ("Cc", "Cf", "Cs")  # control, format, half of a pair: nobody means them, and PostgreSQL refuses some


def searchable(text: str) -> str:
    """Text as it is matched: half width, lower case, without blanks and unseen characters."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return "".join(
        character for character in folded if not character.isspace() and unicodedata.category(character) not in UNSEEN
    )


def grams(text: str) -> frozenset[str]:
    """The one- and two-character pieces of a text."""
    plain = searchable(text)
    return frozenset(plain) | frozenset(a + b for a, b in pairwise(plain))


def sort_key(name: str) -> str:
    """A key that orders names by pinyin for the common characters (GB 18030 keeps the order of GB 2312)."""
    return name.encode("gb18030", "replace").hex()


def contains(column: ColumnElement[str] | InstrumentedAttribute[str], plain: str) -> ColumnElement[bool]:
    """Plain containment of `searchable` text in `searchable` text, with LIKE's own signs taken literally."""
    return column.contains(plain, autoescape=True)


def narrowed(
    session: Session,
    rows: Select[Entity],
    word: str,
    *,
    owner: InstrumentedAttribute[int],
    text: InstrumentedAttribute[str],
    gram: InstrumentedAttribute[str],
    gram_owner: InstrumentedAttribute[int],
) -> Select[Entity]:
    """`rows` whose `text` contains the word. Asks the index once, twice where all its pieces are frequent."""
    plain = searchable(word)
    if not plain:
        return rows
    if len(plain) > LONGEST_WORD:
        return rows.where(false())
    rarest, owners = _rarest(session, plain, gram)
    if owners == 0:
        return rows.where(false())
    rows = rows.where(contains(text, plain))
    return rows if rarest is None else rows.where(owner.in_(select(gram_owner).where(gram == rarest)))


def _rarest(session: Session, plain: str, gram: InstrumentedAttribute[str]) -> tuple[str | None, int]:
    """The piece of the word that fewest have, and how many that are; no piece where all are frequent.

    A word may be rare though each of its pieces is frequent: walking the list would then meet nothing for long. So a
    longer word's pieces are counted further.
    """
    pieces = [plain] if len(plain) == 1 else sorted({a + b for a, b in pairwise(plain)})[:MOST_PIECES]
    piece, owners = _fewest(session, pieces, gram, FEW)
    if owners > FEW and len(pieces) > 1:
        piece, owners = _fewest(session, pieces[:MOST_COUNTED], gram, MANY)
        return (piece if owners <= MANY else None), owners
    return (piece if owners <= FEW else None), owners


def _fewest(session: Session, pieces: list[str], gram: InstrumentedAttribute[str], most: int) -> tuple[str, int]:
    given = {f"piece{number}": piece for number, piece in enumerate(pieces)}
    counts = session.execute(_counting(gram, len(pieces), most), given).one()
    return min(zip(pieces, counts, strict=True), key=lambda pair: pair[1])


@cache
def _counting(gram: InstrumentedAttribute[str], pieces: int, most: int) -> Select[Any]:
    """Counts the owners of so many pieces, each no further than `most`. Kept: it takes longer to make than to run."""
    bounded = (
        select(literal(1)).where(gram == bindparam(f"piece{number}")).limit(most + 1).subquery()
        for number in range(pieces)
    )
    return select(*(select(func.count()).select_from(some).scalar_subquery() for some in bounded))


def differences(old: Iterable[str], new: Iterable[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Grams to take out and to put in."""
    before, after = frozenset(old), frozenset(new)
    return before - after, after - before
