"""The agency's side of its filing."""

from flask import Blueprint

blueprint = Blueprint("filing", __name__, url_prefix="/filing")
