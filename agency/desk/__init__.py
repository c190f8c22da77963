"""The officers' side of agencies: who they are, and what a person must decide about them."""

from agency.desk import agencies, flags, sharing, tables
from agency.desk.routing import blueprint

__all__ = ["agencies", "blueprint", "flags", "sharing", "tables"]
