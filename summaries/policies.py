"""Who may do what with a summary. A policy judges role and scope, never the state."""

from typing import Any

from accounts.models import User
from accounts.policies import is_agency


def is_own(user: User, thing: Any) -> bool:
    """Every user of the agency reads and writes its own summaries, and hands them in."""
    return is_agency(user, thing) and thing.agency_id == user.agency_id
