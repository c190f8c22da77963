"""An agency's side of evaluations: registering them and the work on them. One noun a module."""

from evaluations.views import agreements, joining, listing, raising, registering, reporting, showing, working
from evaluations.views.routing import blueprint

__all__ = ["agreements", "blueprint", "joining", "listing", "raising", "registering", "reporting", "showing", "working"]
