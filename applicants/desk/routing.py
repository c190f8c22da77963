"""Where the officers' pages hang."""

from flask import Blueprint

blueprint = Blueprint("applicant_desk", __name__, url_prefix="/desk/applicants")
