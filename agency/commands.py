"""`flask agency …` and `flask roster …`."""

from flask.cli import AppGroup

agencies = AppGroup("agency", help="Agencies.")
roster = AppGroup("roster", help="Staff rosters.")
