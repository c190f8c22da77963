"""An agency's name, its former ones, its published spellings, and the index by which the registers find it."""

from collections.abc import Sequence
from datetime import date
from typing import TypeVar

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from agency.models import Agency, AgencyGram, FormerName
from core.search import differences, grams, narrowed, searchable, sort_key

Row = TypeVar("Row")


def set_name(session: Session, agency: Agency, name: str, *, on: date) -> None:
    """Give an agency its name: a different one before is kept as a former name, and all of them stay findable.

    Call it as well when the credit code was set: the index holds that too. The agency must be in the session.
    """
    if agency.name and agency.name != name and agency.id is not None:
        agency.former_names.append(FormerName(name=agency.name, until=on))
    agency.name = name
    index(session, [agency])


def index(session: Session, agencies: Sequence[Agency]) -> None:
    """Make agencies findable by what they are called now: for names that a ledger gave, which are never former ones."""
    words = [_words(agency) for agency in agencies]
    for agency, called in zip(agencies, words, strict=True):
        agency.sort_key = sort_key(agency.name)[:500]  # a bound of the column: what differs later sorts by id
        agency.search_text = "\n".join(dict.fromkeys(searchable(word) for word in called))
        session.add(agency)
    session.flush()
    for agency, called in zip(agencies, words, strict=True):
        kept = session.scalars(select(AgencyGram.gram).where(AgencyGram.agency_id == agency.id))
        outdated, missing = differences(kept, frozenset().union(*(grams(word) for word in called)))
        if outdated:
            session.execute(delete(AgencyGram).where(AgencyGram.agency_id == agency.id, AgencyGram.gram.in_(outdated)))
        session.add_all(AgencyGram(gram=gram, agency_id=agency.id) for gram in sorted(missing))
    session.flush()


def _words(agency: Agency) -> tuple[str, ...]:
    former = (former.name for former in agency.former_names)
    return tuple(filter(None, (agency.name, agency.credit_code, *former, *(row.text for row in agency.spellings))))


def named(
    session: Session, rows: Select[Row], word: str, *, text: InstrumentedAttribute[str] = Agency.search_text
) -> Select[Row]:
    """`rows`, a select that has Agency in it, of agencies whose name, former name or code contains the word.

    `text`: which names are compared; the index holds them all, the one that was filed among them.
    """
    return narrowed(
        session,
        rows,
        word,
        owner=Agency.id,
        text=text,
        gram=AgencyGram.gram,
        gram_owner=AgencyGram.agency_id,
    )
