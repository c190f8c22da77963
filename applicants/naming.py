"""An applicant's name, its former ones, and the index by which lists of applicants and of evaluations find it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import TypeVar

from sqlalchemy import Select, delete, insert, select
from sqlalchemy.orm import Session

from applicants.models import Applicant, ApplicantFormerName, ApplicantGram
from core.identifiers import LENGTH, normalise
from core.search import differences, grams, narrowed, searchable, sort_key

Row = TypeVar("Row")

HELD = "applicants to be indexed"
AT_ONCE = 500  # applicants of which the index is looked at by one statement


def set_name(session: Session, applicant: Applicant, name: str, *, on: date | None = None) -> None:
    """第十九条: give an applicant its name; a different one before is kept as a former name and stays findable.

    `on`: the last day of the former name, None where it isn't known. Call it as well when a code was set: the index
    holds those too.
    """
    if applicant.name and applicant.name != name and applicant.id is not None:
        applicant.former_names.append(ApplicantFormerName(name=applicant.name, until=on))
    applicant.name = name
    held = session.info.get(HELD)
    if held is None:
        index(session, [applicant])
    else:
        session.add(applicant)
        held.append(applicant)


@contextmanager
def together(session: Session) -> Iterator[None]:
    """Index everything that gets its name inside in one go at the end; until then it isn't found by it."""
    held: list[Applicant] = []
    session.info[HELD] = held
    try:
        yield
    finally:
        del session.info[HELD]
    index(session, list(dict.fromkeys(held)))


def index(session: Session, applicants: Sequence[Applicant]) -> None:
    """Make applicants findable by their name, former names and codes; thousands at once as quickly as one by one."""
    words = [_words(applicant) for applicant in applicants]
    for applicant, called in zip(applicants, words, strict=True):
        applicant.sort_key = sort_key(applicant.name)[:500]  # a bound of the column: what differs later sorts by id
        applicant.search_text = "\n".join(dict.fromkeys(searchable(word) for word in called))
        session.add(applicant)
    session.flush()
    wanted = {
        applicant.id: frozenset().union(*(grams(word) for word in called))
        for applicant, called in zip(applicants, words, strict=True)
    }
    new: list[dict[str, int | str]] = []
    for start in range(0, len(applicants), AT_ONCE):
        ids = [applicant.id for applicant in applicants[start : start + AT_ONCE]]
        kept: defaultdict[int, set[str]] = defaultdict(set)
        rows = select(ApplicantGram.applicant_id, ApplicantGram.gram).where(ApplicantGram.applicant_id.in_(ids))
        for id_, gram in session.execute(rows):
            kept[id_].add(gram)
        for id_ in ids:
            outdated, missing = differences(kept[id_], wanted[id_])
            if outdated:
                of_it = ApplicantGram.applicant_id == id_
                session.execute(delete(ApplicantGram).where(of_it, ApplicantGram.gram.in_(outdated)))
            new += [{"gram": gram, "applicant_id": id_} for gram in sorted(missing)]
    if new:
        session.execute(insert(ApplicantGram), new)
    session.flush()


def _words(applicant: Applicant) -> tuple[str, ...]:
    former = (former.name for former in applicant.former_names)
    return tuple(
        filter(None, (applicant.name, applicant.credit_code, applicant.body_name, applicant.body_code, *former))
    )


def named(session: Session, rows: Select[Row], word: str) -> Select[Row]:
    """`rows`, a select that has Applicant in it, of applicants whose name, former name or code contains the word.

    A whole code is looked up by itself: its pieces, digits all, are in nearly every code.
    """
    code = normalise(word)
    if len(code) == LENGTH and code.isascii() and code.isalnum():
        own = select(Applicant.id).where(Applicant.credit_code == code)
        return rows.where(Applicant.id.in_(own.union(select(Applicant.id).where(Applicant.body_code == code))))
    return narrowed(
        session,
        rows,
        word,
        owner=Applicant.id,
        text=Applicant.search_text,
        gram=ApplicantGram.gram,
        gram_owner=ApplicantGram.applicant_id,
    )
