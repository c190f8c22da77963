"""`flask demo …`: a demonstration province, judged relative to today."""

from flask.cli import AppGroup

demo = AppGroup("demo", help="The demonstration province.")
