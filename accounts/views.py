"""Signing in and out, one's own account, and the accounts that an admin manages."""

from flask import Blueprint

blueprint = Blueprint("accounts", __name__, url_prefix="/accounts")
