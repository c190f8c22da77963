"""The officers' side of filings: worklist, review, decision."""

from flask import Blueprint

from filing import queries

blueprint = Blueprint("filing_desk", __name__, url_prefix="/desk/filings")
