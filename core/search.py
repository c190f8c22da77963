"""Finding names by any part of them, two characters as well as ten, by an index of grams that both databases share.

SQLite's trigram index silently finds nothing for two characters, PostgreSQL's scans for them. So: a table of one- and
two-character grams. Rare words are found through it; frequent ones by walking the ordered list, which meets them soon.
"""

import unicodedata
from collections.abc import Iterable

from sqlalchemy import ColumnElement, Select, false, select
from sqlalchemy.orm import InstrumentedAttribute, Session

FEW = 400


def searchable(text: str) -> str:
    """Text as it is matched: half width, lower case, without blanks."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def grams(text: str) -> frozenset[str]:
    """The one- and two-character pieces of a text."""
    plain = searchable(text)
    return frozenset(plain) | frozenset(a + b for a, b in zip(plain, plain[1:], strict=False))


def sort_key(name: str) -> str:
    """A key that orders names by pinyin for the common characters (GB 18030 keeps the order of GB 2312)."""
    return name.encode("gb18030", "replace").hex()


def contains(column: ColumnElement[str] | InstrumentedAttribute[str], word: str) -> ColumnElement[bool]:
    """Plain containment, with LIKE's own signs taken literally; `column` holds `searchable` text."""
    return column.contains(searchable(word), autoescape=True)


def narrowed(
    session: Session,
    rows: Select[tuple[object]],
    word: str,
    *,
    owner: InstrumentedAttribute[int],
    text: InstrumentedAttribute[str],
    gram: InstrumentedAttribute[str],
    gram_owner: InstrumentedAttribute[int],
) -> Select[tuple[object]]:
    """`rows` whose `text` contains the word."""
    plain = searchable(word)
    if not plain:
        return rows
    pieces = [plain] if len(plain) == 1 else sorted({a + b for a, b in zip(plain, plain[1:], strict=False)})
    rarest = None
    for piece in pieces:
        found = session.scalars(select(gram_owner).where(gram == piece).limit(FEW + 1)).all()
        if not found:
            return rows.where(false())
        if len(found) <= FEW and (rarest is None or len(found) < len(rarest)):
            rarest = found
    rows = rows.where(contains(text, plain))
    return rows if rarest is None else rows.where(owner.in_(rarest))


def differences(old: Iterable[str], new: Iterable[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Grams to take out and to put in."""
    before, after = frozenset(old), frozenset(new)
    return before - after, after - before
