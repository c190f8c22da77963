"""What supervision keeps. One noun group a module; importing this package maps them all."""

from supervision.models.cases import Case, CaseKind, CaseNote, CaseOutcome, CaseState
from supervision.models.folders import ScreenedFile, ScreenedFolder

__all__ = [
    "Case",
    "CaseKind",
    "CaseNote",
    "CaseOutcome",
    "CaseState",
    "ScreenedFile",
    "ScreenedFolder",
]
