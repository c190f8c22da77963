"""The officers' side of applicants: the register, its facts, spreadsheets, accounts. One noun a module."""

from applicants.desk import accounts, applicants, exclusions, register, sheets
from applicants.desk.routing import blueprint

__all__ = ["accounts", "applicants", "blueprint", "exclusions", "register", "sheets"]
