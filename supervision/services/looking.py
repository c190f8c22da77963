"""第二十四条: who tries to see a case that a complaint opened, and isn't its officer, is refused and written down."""

from accounts.models import User
from core import audit
from core.db import transaction
from supervision.models import Case


def refused(user: User, case: Case) -> None:
    """For `core.guards.guard(…, refused=…)`."""
    if case.is_restricted:
        ref = case.ref
        with transaction() as session:
            audit.record(session, "case.refused_look", ref, by=user)
