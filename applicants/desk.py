"""The officers' side of applicants: the register, its facts, spreadsheets, accounts."""

from flask import Blueprint

blueprint = Blueprint("applicant_desk", __name__, url_prefix="/desk/applicants")
