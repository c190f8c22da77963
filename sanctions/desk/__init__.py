"""The officers' side of adverse decisions: proposing, hearing, deciding, serving, publishing, what rests on them."""

from flask import Blueprint

blueprint = Blueprint("sanction_desk", __name__, url_prefix="/desk/sanctions")

from sanctions.desk import barring, impact, papers, proceedings, steps  # noqa: E402, F401 - each adds its routes
