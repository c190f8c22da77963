"""An applicant's side of evaluations: those of itself, confirming or disputing them, evaluating itself (第十二条)."""

from flask import Blueprint

blueprint = Blueprint("commissioned", __name__, url_prefix="/applicant/evaluations")
