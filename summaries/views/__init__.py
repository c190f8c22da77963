"""An agency's side of the year's summary."""

from summaries.views import handing_in, showing, writing
from summaries.views.routing import blueprint

__all__ = ["blueprint", "handing_in", "showing", "writing"]
