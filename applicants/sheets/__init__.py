"""Applicants in spreadsheets as bureaus keep them: which rows are applicants, what they say, what becomes of them."""

from applicants.sheets.reading import NoApplicants, NoHeading, SheetRead, SheetRow, from_json, read_applicants, to_json
from applicants.sheets.template import write_template

__all__ = [
    "NoApplicants",
    "NoHeading",
    "SheetRead",
    "SheetRow",
    "from_json",
    "read_applicants",
    "to_json",
    "write_template",
]
