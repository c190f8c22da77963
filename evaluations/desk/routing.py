"""Where the officers' pages hang."""

from flask import Blueprint

blueprint = Blueprint("evaluation_desk", __name__, url_prefix="/desk/evaluations")
