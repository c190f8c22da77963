"""The officers' side of supervision: cases, recording past the gate, decisions of non-adoption."""

from flask import Blueprint

blueprint = Blueprint("supervision_desk", __name__, url_prefix="/desk/supervision")
