"""The officers' side of complaints: from the list to the reply."""

from flask import Blueprint

blueprint = Blueprint("complaint_desk", __name__, url_prefix="/desk/complaints")

from complaints.desk import assigning, ending, handling, lists, naming, recusals, showing  # noqa: E402, F401 - routes
