"""What supervision keeps. One noun group a module; importing this package maps them all."""

from supervision.models.cases import Case, CaseKind, CaseNote, CaseOfficer, CaseOutcome, CaseState, Result, StepKind
from supervision.models.folders import ScreenedFile, ScreenedFolder
from supervision.models.verification import (
    CaseFile,
    Conclusion,
    Inquiry,
    InspectionDraw,
    Misconduct,
    OutsideFile,
    Rectification,
    RectificationState,
)

__all__ = [
    "Case",
    "CaseFile",
    "CaseKind",
    "CaseNote",
    "CaseOfficer",
    "CaseOutcome",
    "CaseState",
    "Conclusion",
    "Inquiry",
    "InspectionDraw",
    "Misconduct",
    "OutsideFile",
    "Rectification",
    "RectificationState",
    "Result",
    "ScreenedFile",
    "ScreenedFolder",
    "StepKind",
]
