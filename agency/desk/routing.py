"""What the views of the officers' side share."""

from flask import Blueprint

blueprint = Blueprint("agency_desk", __name__, url_prefix="/desk/agencies")
