"""The officers' side of supervision: cases, recording past the gate."""

from flask import Blueprint

blueprint = Blueprint("supervision_desk", __name__, url_prefix="/desk/supervision")

from supervision.desk import (  # noqa: E402, F401 - each adds its routes
    agreements,
    case_files,
    cases,
    concluding,
    folders,
    inspections,
    measures,
    recording,
    verifying,
)
