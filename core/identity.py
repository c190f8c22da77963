"""Who a person is by document: one person is one, however the number is written (reading 12)."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Self

from core.errors import DomainError
from core.identifiers import RESIDENCE_PERMITS, IdentifierError, IdNumber, normalise
from core.labels import Labelled
from core.sealed import keyring

PASSPORT = re.compile(r"[A-Z0-9]{5,20}", re.ASCII)


class IdentityDocument(Labelled):
    """What a person's identity rests on."""

    RESIDENT_ID = "resident_id", "居民身份证"
    RESIDENCE_PERMIT = "residence_permit", "港澳台居民居住证"
    PERMANENT_RESIDENT = "permanent_resident", "外国人永久居留身份证"
    PASSPORT = "passport", "护照"


class Sex(Labelled):
    MALE = "male", "男"
    FEMALE = "female", "女"


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
