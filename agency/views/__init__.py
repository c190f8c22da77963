"""The agency's own side: registration and particulars."""

from agency.views import declarations, materials, particulars, possessions, registration, representative
from agency.views.routing import blueprint

__all__ = ["blueprint", "declarations", "materials", "particulars", "possessions", "registration", "representative"]
