"""An applicant's own side: what is known of it. Agencies enter an applicant that isn't there yet."""

from flask import Blueprint

blueprint = Blueprint("applicant", __name__, url_prefix="/applicant")
