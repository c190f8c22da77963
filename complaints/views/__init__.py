"""What anybody sees of complaints: the form, the receipt, following one's own with number and secret."""

from complaints.views import following, receipt, reporting, riddle
from complaints.views.routing import LARGE, blueprint

__all__ = ["LARGE", "blueprint", "following", "receipt", "reporting", "riddle"]
