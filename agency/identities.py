"""Writing who an agency is, for a registration as for a later change."""

from sqlalchemy.orm import Session

from agency import naming, validity
from agency.entries import IdentityEntry
from agency.models import Agency
from agency.particulars import Capability
from core import clock
from core.errors import Collected


def require_possible(entry: IdentityEntry) -> None:
    """Raises Refusals, or the one refusal, for what an agency can't be."""
    refusals = Collected()
    with refusals.attempt():
        validity.require_independent_body(entry.name)
    with refusals.attempt():
        validity.bureau_for(entry.division, entry.bureau)
    with refusals.attempt():
        validity.require_service_address(entry.service_consent, entry.service_address)
    with refusals.attempt():
        if entry.platform_registered_on:
            validity.require_past(
                entry.platform_registered_on,
                today=clock.today(),
                what="平台注册日期",
                field="platform_registered_on",
            )
    refusals.settle()


def write(session: Session, agency: Agency, entry: IdentityEntry) -> None:
    """Put the entry into the row; a consent to electronic service keeps the instant it was given for its address."""
    agency.kind = entry.kind
    agency.address = entry.address
    agency.division = entry.division
    agency.bureau = validity.bureau_for(entry.division, entry.bureau)
    agency.platform_number = entry.platform_number
    agency.platform_registered_on = entry.platform_registered_on
    agency.does_factories = Capability.FACTORY in entry.capabilities
    agency.does_parks = Capability.PARK in entry.capabilities
    agency.does_supply_chains = Capability.SUPPLY_CHAIN in entry.capabilities
    agency.contact_name = entry.contact_name
    agency.contact_phone = entry.contact_phone
    agency.contact_email = entry.contact_email
    if agency.service_address != entry.service_address:
        agency.service_consent_at = clock.now() if entry.service_address else None
    agency.service_address = entry.service_address
    naming.set_name(session, agency, entry.name, on=clock.today())
