"""The officers' side of filings: worklist, review, decision."""

from flask import Blueprint

blueprint = Blueprint("filing_desk", __name__, url_prefix="/desk/filings")
