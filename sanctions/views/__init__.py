"""What the other side sees and does: notices of intended measures, its statement, decisions served on it."""

from flask import Blueprint

blueprint = Blueprint("sanction", __name__, url_prefix="/matters")

from sanctions.views import matters  # noqa: E402, F401 - each adds its routes
