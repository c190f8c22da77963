"""Who may look into the outbox. A policy judges role and scope, never state."""

from typing import Any, cast

from flask import current_app

from accounts import policies
from accounts.models import User
from core.settings import Settings


def may_see_outbox(user: User, thing: Any) -> bool:
    """The admin; in the demonstration, where nothing leaves, the desks too."""
    return policies.is_admin(user, thing) or (reads_mail(user) and user.is_department)


def reads_mail(user: User) -> bool:
    """Whether the words of mails are shown: only in the demonstration, where nobody's are in them."""
    return cast(Settings, current_app.extensions["settings"]).demonstration
