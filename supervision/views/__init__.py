"""What an agency or a listed unit is asked in a case, and what it is told to put right."""

from flask import Blueprint

blueprint = Blueprint("supervision", __name__, url_prefix="/matters")

from supervision.views import inquiries, rectifications  # noqa: E402, F401 - each adds its routes
