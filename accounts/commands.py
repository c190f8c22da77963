"""`flask accounts …`."""

from flask.cli import AppGroup

group = AppGroup("accounts", help="People who log in.")
