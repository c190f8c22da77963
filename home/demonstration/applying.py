"""The invented applicants: entered by the desk, one renamed, one excluded, one with a login of its own."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from accounts import enrolment
from accounts.models import Role, User
from applicants.entries import ApplicantEntry, ExclusionEntry
from applicants.models import Applicant, Ground, Kind, Origin
from applicants.services import changing, entering, excluding
from core import audit, clock
from core.db import db, transaction
from core.places import bureaus
from home.demonstration.people import Population, credit_code

FIRST_SERIAL = 5001  # of the codes: those of the agencies come before


def enter_all(rows: list[dict[str, Any]], people: Population, *, by: User) -> dict[str, int]:
    """Key → id of each applicant."""
    return {
        row["key"]: entering.enter(_entry(row, serial, people), by=by, origin=Origin.DESK)
        for serial, row in enumerate(rows, start=FIRST_SERIAL)
    }


def rename(applicant_id: int, row: dict[str, Any], *, by: User) -> None:
    """第十九条: it has another name from today on; everything else stays as it was entered."""
    kept = db.session.get_one(Applicant, applicant_id)
    entry = ApplicantEntry(
        name=row["renamed"][0],
        kinds=kept.kinds,
        credit_code=kept.credit_code or "",
        bureau=kept.bureau,
        county=kept.county,
        address=kept.address,
        industry_code=kept.industry_code,
        industry=kept.industry,
        representative=kept.representative,
        contact_name=kept.contact_name,
        contact_phone=kept.contact_phone or "",
        contact_email=kept.contact_email,
        listed=kept.listed,
    )
    changing.change(applicant_id, entry, version=kept.version, by=by)


def exclude(applicant_id: int, ground: str, source: str, facts: str, *, by: User) -> None:
    """第十一条: what keeps it from the lists, known the day after it happened."""
    on = clock.today() - timedelta(days=1)
    excluding.enter(applicant_id, ExclusionEntry(Ground(ground), on, source, facts), by=by)


def enrol_users(
    accounts: list[dict[str, Any]], ids: Mapping[str, int], passwords: Mapping[str, str]
) -> dict[str, User]:
    """Key of the applicant → its user."""
    users = {}
    with transaction() as session:
        for row in accounts:
            if "applicant" in row:
                users[row["applicant"]] = user = enrolment.enrol(
                    session,
                    username=row["username"],
                    display_name=row["name"],
                    password=passwords[row["username"]],
                    roles=[Role.APPLICANT],
                    applicant_id=ids[row["applicant"]],
                    email=f"{row['username']}@example.com",
                    email_vouched=True,
                )
                audit.record(session, "account.created", user, by=None)
    return users


def _entry(row: dict[str, Any], serial: int, people: Population) -> ApplicantEntry:
    representative, contact = people.person(relevant=False), people.person(relevant=False)
    code = credit_code("91", row["division"], serial)
    is_park = "body" in row
    return ApplicantEntry(
        name=row["name"],
        kinds=tuple(Kind(kind) for kind in row["kinds"]),
        credit_code="" if is_park else code,
        body_name=row.get("body", ""),
        body_code=credit_code("12", row["division"], serial) if is_park else "",
        bureau=row["bureau"],
        county=row["county"],
        address=f"吉林省{bureaus()[row['bureau']].place}{row['county']}工业大街 {serial % 100} 号",
        industry_code=row.get("industry_code", ""),
        industry=row.get("industry", ""),
        representative=representative.name,
        representative_number=representative.number,
        contact_name=contact.name,
        contact_phone=f"1370000{serial:04d}",
        contact_email=f"{row['key']}@example.com",
        is_green_factory=row.get("is_green_factory"),
        industrial_share=row.get("industrial_share"),
    )
