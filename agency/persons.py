"""Natural persons by their documents: one person is one row, however the number is written (reading 12)."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from agency.models import Person
from core.identity import Identity

AT_ONCE = 5000  # numbers in one statement: both databases bound its parameters


def find_or_add(session: Session, identity: Identity) -> Person:
    """The row of a person; made when there is none, also when another transaction makes it at the same moment."""
    known = select(Person).where(Person.document == identity.document, Person.identity == identity.key)
    person = session.scalars(known).one_or_none()
    if person is not None:
        return person
    person = Person(**_columns(identity, identity.key))
    try:
        with session.begin_nested():
            session.add(person)
    except IntegrityError:
        return session.scalars(known).one()
    return person


def _columns(identity: Identity, key: str) -> dict[str, Any]:
    return {
        "document": identity.document,
        "identity": key,
        "number": identity.number,
        "masked": identity.masked,
        "birth_on": identity.birth_on,
        "sex": identity.sex,
    }


def find_all(session: Session, keys: Iterable[str]) -> dict[str, int]:
    """Row ids of those known among many, by key."""
    found: dict[str, int] = {}
    for some in in_chunks(keys):
        rows = session.execute(select(Person.identity, Person.id).where(Person.identity.in_(some)))
        found |= {row.identity: row.id for row in rows}
    return found


def find_or_add_all(session: Session, identities: Mapping[str, Identity]) -> Mapping[str, int]:
    """Row ids of many by key; who is missing is made, also when another transaction makes them at the same moment."""
    known = find_all(session, identities)
    missing = {key: identity for key, identity in identities.items() if key not in known}
    if missing:
        insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
        session.execute(
            insert(Person).on_conflict_do_nothing(index_elements=[Person.document, Person.identity]),
            [_columns(identity, key) for key, identity in missing.items()],
        )
        known |= find_all(session, missing)
    return known


def in_chunks(values: Iterable[Any]) -> Iterator[list[Any]]:
    rest = iter(values)
    while some := list(islice(rest, AT_ONCE)):
        yield some
