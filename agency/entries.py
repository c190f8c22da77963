"""What people enter about an agency, read into types: what services take from forms."""

from dataclasses import dataclass
from datetime import date

from agency.particulars import AgencyKind, Capability
from core.identity import IdentityDocument


@dataclass(frozen=True, slots=True)
class IdentityEntry:
    name: str
    kind: AgencyKind
    address: str
    division: str
    bureau: str  # as chosen; "": by the division
    platform_number: str
    platform_registered_on: date | None
    capabilities: tuple[Capability, ...]
    contact_name: str
    contact_phone: str
    contact_email: str
    service_consent: bool
    service_address: str


@dataclass(frozen=True, slots=True)
class RepresentativeEntry:
    name: str
    document: IdentityDocument
    number: str
    phone: str
    since: date

    def __repr__(self) -> str:
        return "RepresentativeEntry()"  # its number never slips into a log


@dataclass(frozen=True, slots=True)
class AccountEntry:
    username: str
    password: str

    def __repr__(self) -> str:
        return f"AccountEntry({self.username!r})"


@dataclass(frozen=True, slots=True)
class CodeCheckEntry:
    credit_code: str
    name: str
    contact_name: str
    contact_phone: str
    explanation: str


@dataclass(frozen=True, slots=True)
class UploadEntry:
    """One chosen file."""

    name: str
    content: bytes

    def __repr__(self) -> str:
        return f"UploadEntry({len(self.content)} bytes)"
