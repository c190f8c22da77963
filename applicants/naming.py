"""An applicant's name, its former ones, and the index by which lists of applicants and of evaluations find it."""

from collections.abc import Sequence
from datetime import date
from typing import TypeVar

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from applicants.models import Applicant, ApplicantFormerName, ApplicantGram
from core.search import differences, grams, narrowed, searchable, sort_key

Row = TypeVar("Row")


def set_name(session: Session, applicant: Applicant, name: str, *, on: date | None = None) -> None:
    """第十九条: give an applicant its name; a different one before is kept as a former name and stays findable.

    `on`: the last day of the former name, None where it isn't known. Call it as well when a code was set: the index
    holds those too.
    """
    if applicant.name and applicant.name != name and applicant.id is not None:
        applicant.former_names.append(ApplicantFormerName(name=applicant.name, until=on))
    applicant.name = name
    index(session, [applicant])


def index(session: Session, applicants: Sequence[Applicant]) -> None:
    """Make applicants findable by their name, former names and codes."""
    words = [_words(applicant) for applicant in applicants]
    for applicant, called in zip(applicants, words, strict=True):
        applicant.sort_key = sort_key(applicant.name)[:500]  # a bound of the column: what differs later sorts by id
        applicant.search_text = "\n".join(dict.fromkeys(searchable(word) for word in called))
        session.add(applicant)
    session.flush()
    for applicant, called in zip(applicants, words, strict=True):
        kept = session.scalars(select(ApplicantGram.gram).where(ApplicantGram.applicant_id == applicant.id))
        outdated, missing = differences(kept, frozenset().union(*(grams(word) for word in called)))
        if outdated:
            session.execute(
                delete(ApplicantGram).where(
                    ApplicantGram.applicant_id == applicant.id, ApplicantGram.gram.in_(outdated)
                )
            )
        session.add_all(ApplicantGram(gram=gram, applicant_id=applicant.id) for gram in sorted(missing))
    session.flush()


def _words(applicant: Applicant) -> tuple[str, ...]:
    former = (former.name for former in applicant.former_names)
    return tuple(
        filter(None, (applicant.name, applicant.credit_code, applicant.body_name, applicant.body_code, *former))
    )


def named(session: Session, rows: Select[Row], word: str) -> Select[Row]:
    """`rows`, a select that has Applicant in it, of applicants whose name, former name or code contains the word."""
    return narrowed(
        session,
        rows,
        word,
        owner=Applicant.id,
        text=Applicant.search_text,
        gram=ApplicantGram.gram,
        gram_owner=ApplicantGram.applicant_id,
    )
