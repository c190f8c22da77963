"""Where the agency's pages hang."""

from flask import Blueprint

blueprint = Blueprint("evaluation", __name__, url_prefix="/evaluations")
