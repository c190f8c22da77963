"""The officers' side of evaluations: lists, decisions, places, the old years. One noun a module."""

from evaluations.desk import history, levels
from evaluations.desk.routing import blueprint

__all__ = ["blueprint", "history", "levels"]
