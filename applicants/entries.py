"""What people enter about applicants, read into types: what services take from forms and spreadsheets."""

from dataclasses import dataclass
from datetime import date

from applicants.models import Ground, Kind, ListLevel
from core.identity import IdentityDocument

JILIN = "吉林"


@dataclass(frozen=True, slots=True)
class ApplicantEntry:
    """An applicant as it is entered; "" and None where nothing was said.

    `representative_number` "": the one known stays, as long as the representative's name does. `park`: name or code
    of the park it lies in. `overrule_code`: why an officer accepts a code whose check character is wrong.
    """

    name: str
    kinds: tuple[Kind, ...]
    credit_code: str = ""
    body_name: str = ""
    body_code: str = ""
    region: str = JILIN
    bureau: str = ""
    county: str = ""
    address: str = ""
    industry_code: str = ""
    industry: str = ""
    representative: str = ""
    representative_document: IdentityDocument = IdentityDocument.RESIDENT_ID
    representative_number: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    contact_email: str = ""
    listed: ListLevel = ListLevel.NONE
    is_green_factory: bool | None = None
    industrial_share: int | None = None  # tenths of a percent
    park: str = ""
    overrule_code: str = ""

    def __repr__(self) -> str:
        return f"ApplicantEntry({self.name!r})"  # numbers and phones never slip into a log


@dataclass(frozen=True, slots=True)
class ContactEntry:
    name: str
    phone: str
    email: str

    def __repr__(self) -> str:
        return "ContactEntry()"


@dataclass(frozen=True, slots=True)
class ExclusionEntry:
    ground: Ground
    on: date
    source: str
    facts: str
    lifted_on: date | None = None
