"""An agency's side of evaluations: registering them and the work on them. One noun a module."""

from evaluations.views import agreements, listing, raising, registering, reporting, showing, working
from evaluations.views.routing import blueprint

__all__ = ["agreements", "blueprint", "listing", "raising", "registering", "reporting", "showing", "working"]
