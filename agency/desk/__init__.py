"""The officers' side of agencies: who they are, and what a person must decide about them."""

from flask import Blueprint

blueprint = Blueprint("agency_desk", __name__, url_prefix="/desk/agencies")

from agency.desk import agencies, flags, ledgers, register, sharing, tables  # noqa: E402, F401 - each adds its routes
