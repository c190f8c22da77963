"""What anybody sees of complaints: the form, the receipt, following one's own with number and secret."""

from flask import Blueprint

blueprint = Blueprint("complaint", __name__, url_prefix="/complaints")
