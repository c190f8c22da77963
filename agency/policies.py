"""Who may read and do what about agencies, beyond the roles themselves."""

from typing import Any

from accounts.models import User


def may_read_tables(user: User, thing: Any) -> bool:
    """The tables of titles and majors: whoever works for the Department or a bureau, the admin too."""
    return user.is_department
