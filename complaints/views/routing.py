"""The blueprint, and what all its pages share: nobody's address is written down."""

from flask import Blueprint, request

from complaints.uploads import Sent
from core import audit

blueprint = Blueprint("complaint", __name__, url_prefix="/complaints")
LARGE = frozenset({"complaint.new", "complaint.add", "complaint.answer"})  # take as much as a report may bring


@blueprint.before_request
def forget_origin() -> None:
    """Where a report comes from could give its reporter away: the log says that it came from the public."""
    audit.set_origin("public")


def address() -> str:
    """For limits alone, which keep a keyed hash of it."""
    return request.remote_addr or ""


def sent(name: str = "files") -> list[Sent]:
    """The files chosen in a field, each read when its turn comes; empty choices left out."""
    found = []
    for file in request.files.getlist(name):
        if file.filename:
            size = file.stream.seek(0, 2)
            file.stream.seek(0)
            found.append(Sent(file.filename, size, file.read))
    return found
