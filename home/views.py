"""The start page of each role: what is there to do, by when."""

from flask import Blueprint

blueprint = Blueprint("home", __name__)
