"""The officers' side of evaluations: lists, decisions, places, the old years. One noun a module."""

from evaluations.desk import deciding, history, levels, listing, moving, representatives, showing
from evaluations.desk.routing import blueprint

__all__ = [
    "blueprint",
    "deciding",
    "history",
    "levels",
    "listing",
    "moving",
    "representatives",
    "showing",
]
