"""What a reporter sends, as services take it."""

from dataclasses import dataclass
from datetime import datetime

from complaints.models import Matter, ReporterKind, Target


@dataclass(frozen=True, slots=True)
class ComplaintEntry:
    """The form, filled in. `agency_id` or `applicant_id` where it was chosen from the register."""

    kind: ReporterKind
    name: str
    target: Target
    target_name: str
    facts: str
    matters: tuple[Matter, ...]
    contact: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    relation: str = ""
    agency_id: int | None = None
    applicant_id: int | None = None
    happened: str = ""
    consents: bool = True  # to how the data is used
    is_true: bool = True  # so the reporter declares


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a reporter keeps. `secret` opens the complaint together with the number; nothing else has it in clear."""

    number: str
    secret: str
    received_at: datetime
    has_evidence: bool
    has_confirmed_email: bool
