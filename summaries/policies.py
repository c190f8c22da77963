"""Who may do what with a summary. A policy judges role and scope, never the state."""

from typing import Any

from accounts.models import User
from accounts.policies import is_agency, is_department, is_provincial


def is_own(user: User, thing: Any) -> bool:
    """Every user of the agency reads and writes its own summaries, and hands them in."""
    return is_agency(user, thing) and thing.agency_id == user.agency_id


def may_see_year(user: User, year: Any) -> bool:
    """The province sees all agencies, a bureau those of its city; the loader and the queries keep to that."""
    return is_department(user, year)


def may_read_summary(user: User, summary: Any) -> bool:
    """Handed-in ones, as loaded within the officer's scope."""
    return is_department(user, summary)


def may_run_year(user: User, year: Any) -> bool:
    """Setting and opening it, reminding, consolidating: the provincial desk, to which summaries are owed."""
    return is_provincial(user, year)


def may_decide_on_summary(user: User, summary: Any) -> bool:
    """Accepting and returning: no sanction, so one officer of the provincial desk, reviewer or approver."""
    return is_provincial(user, summary)
