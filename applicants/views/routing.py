"""Where an applicant's own pages hang."""

from flask import Blueprint

blueprint = Blueprint("applicant", __name__, url_prefix="/applicant")
