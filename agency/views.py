"""The agency's own side: registration and particulars."""

from flask import Blueprint

blueprint = Blueprint("agency", __name__, url_prefix="/agency")
