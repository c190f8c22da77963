"""An applicant's own side: what is known of it, and what stands against it."""

from applicants.views import own
from applicants.views.routing import blueprint

__all__ = ["blueprint", "own"]
