"""`flask filing …`."""

from flask.cli import AppGroup

group = AppGroup("filing", help="Filings.")
