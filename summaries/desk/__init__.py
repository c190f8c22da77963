"""The officers' side of the year's summary: the years, who has handed in, one summary, the whole year as a document."""

from flask import Blueprint

blueprint = Blueprint("summary_desk", __name__, url_prefix="/desk/summaries")

from summaries.desk import consolidated, overview, reading, years  # noqa: E402, F401 - each adds its routes
