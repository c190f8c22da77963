"""Natural persons by their documents: one person is one row, however the number is written (reading 12)."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any, Self

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from agency.models import Person
from agency.particulars import IdentityDocument, Sex
from core.errors import DomainError
from core.identifiers import RESIDENCE_PERMITS, IdentifierError, IdNumber, normalise
from core.sealed import keyring

AT_ONCE = 5000  # numbers in one statement: both databases bound its parameters
PASSPORT = re.compile(r"[A-Z0-9]{5,20}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Identity:
    """A document's number as read: what makes a person one."""

    document: IdentityDocument
    number: str
    birth_on: date | None
    sex: Sex | None

    def __repr__(self) -> str:
        return f"Identity({self.document}, {self.masked})"  # a number never slips into a log or a traceback in clear

    @classmethod
    def of_number(cls, number: IdNumber) -> Self:
        """An identity number says itself which of the three documents it stands on."""
        document = IdentityDocument.RESIDENT_ID
        if number.text[:6] in RESIDENCE_PERMITS:
            document = IdentityDocument.RESIDENCE_PERMIT
        elif number.text.startswith("9"):
            document = IdentityDocument.PERMANENT_RESIDENT
        return cls(document, number.text, number.birth_on, Sex.MALE if number.is_male else Sex.FEMALE)

    @classmethod
    def read(cls, document: IdentityDocument, text: str, *, field: str | None = None) -> Self:
        """Read what was typed. Raises DomainError for a number that the document can't have."""
        if document is IdentityDocument.PASSPORT:
            return cls(document, _passport(text, field), None, None)
        try:
            return cls.of_number(IdNumber.parse(text))
        except IdentifierError as refusal:
            refusal.field = field
            raise

    @property
    def masked(self) -> str:
        shown = 2 if self.document is IdentityDocument.PASSPORT else 3
        return f"{self.number[:shown]}{'*' * (len(self.number) - shown - 2)}{self.number[-2:]}"

    @property
    def key(self) -> str:
        """The keyed hash under which the person is found."""
        return keyring().keyed_hash(f"{self.document.value}:{self.number}")


def _passport(text: str, field: str | None) -> str:
    number = normalise(text)
    if not PASSPORT.fullmatch(number):
        raise DomainError("护照号码应为 5 至 20 位字母和数字，请对照护照填写。", field=field)
    try:
        IdNumber.parse(number)
    except IdentifierError:
        return number
    raise DomainError("这是身份证件号码，请把证件类型改为居民身份证。", field=field)


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
