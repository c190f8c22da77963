"""An agency's name, its former ones, and the index by which the registers find it."""

from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from agency.models import Agency, AgencyGram, FormerName
from core.search import differences, grams, searchable, sort_key


def set_name(session: Session, agency: Agency, name: str, *, on: date) -> None:
    """Give an agency its name: a different one before is kept as a former name, and all of them stay findable.

    Call it as well when the credit code was set: the index holds that too. The agency must be in the session.
    """
    if agency.name and agency.name != name and agency.id is not None:
        agency.former_names.append(FormerName(name=agency.name, until=on))
    agency.name = name
    agency.sort_key = sort_key(name)[:500]  # a bound of the column: what differs later sorts by id
    words = (name, agency.credit_code or "", *(former.name for former in agency.former_names))
    agency.search_text = "\n".join(searchable(word) for word in words if word)
    session.add(agency)
    session.flush()
    _index(session, agency, words)


def _index(session: Session, agency: Agency, words: tuple[str, ...]) -> None:
    kept = session.scalars(select(AgencyGram.gram).where(AgencyGram.agency_id == agency.id))
    outdated, missing = differences(kept, frozenset().union(*(grams(word) for word in words)))
    if outdated:
        session.execute(delete(AgencyGram).where(AgencyGram.agency_id == agency.id, AgencyGram.gram.in_(outdated)))
    session.add_all(AgencyGram(gram=gram, agency_id=agency.id) for gram in sorted(missing))
    session.flush()
