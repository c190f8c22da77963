"""What the views of the agency's own side share."""

from flask import Blueprint, abort

from accounts.signin import signed_in
from agency import queries
from agency.models import Agency
from core.db import db
from core.errors import Conflict, DomainError
from core.forms import VersionedForm

blueprint = Blueprint("agency", __name__, url_prefix="/agency")


def own() -> Agency:
    """The agency of who is signed in, with everything; behind a guard that lets in agencies only."""
    agency = queries.own_agency(db.session(), signed_in())
    return agency if agency is not None else abort(404)


def refuse(form: VersionedForm, refusal: DomainError) -> None:
    """Show a refusal; after a conflict the form carries the version of now, so that a second try is an informed one."""
    form.refuse(refusal)
    if isinstance(refusal, Conflict):
        form.version.data = str(own().version)
