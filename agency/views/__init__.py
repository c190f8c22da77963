"""The agency's own side: registration and particulars."""

from agency.views import (
    declarations,
    imports,
    materials,
    particulars,
    possessions,
    registration,
    representative,
    staff,
)
from agency.views.routing import blueprint

__all__ = [
    "blueprint",
    "declarations",
    "imports",
    "materials",
    "particulars",
    "possessions",
    "registration",
    "representative",
    "staff",
]
