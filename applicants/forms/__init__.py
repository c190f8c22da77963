"""Forms about applicants."""

from applicants.forms.particulars import ApplicantForm

__all__ = ["ApplicantForm"]
