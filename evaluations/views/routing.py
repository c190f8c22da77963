"""Where the agency's pages hang, and whose they are."""

from typing import cast

from flask import Blueprint

from accounts.signin import signed_in

blueprint = Blueprint("evaluation", __name__, url_prefix="/evaluations")


def own_agency() -> int:
    """The agency of who is signed in; the guard has seen that there is one."""
    return cast(int, signed_in().agency_id)
