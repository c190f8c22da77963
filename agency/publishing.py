"""What the public register shows of an agency: as it handed it in and, once filed, as it was accepted (reading 5)."""

from agency.models import Agency
from agency.particulars import Capability, Particulars
from core.search import searchable, sort_key


def publish(agency: Agency, facts: Particulars) -> None:
    """Show what was handed in or accepted. What the agency edits later waits for its change filing."""
    words = (facts.name, facts.credit_code, *(former.name for former in agency.former_names))
    agency.public_name = facts.name
    agency.public_sort_key = sort_key(facts.name)[:500]
    agency.public_search_text = "\n".join(searchable(word) for word in words if word)
    agency.public_kind = facts.kind
    agency.public_address = facts.address
    agency.public_division = facts.division
    agency.public_bureau = facts.bureau
    agency.public_representative = facts.representative.name if facts.representative else ""
    agency.public_factories = Capability.FACTORY in facts.capabilities
    agency.public_parks = Capability.PARK in facts.capabilities
    agency.public_supply_chains = Capability.SUPPLY_CHAIN in facts.capabilities
