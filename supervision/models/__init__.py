"""What supervision keeps. One noun group a module; importing this package maps them all."""

from supervision.models.cases import Case, CaseKind, CaseNote, CaseOfficer, CaseOutcome, CaseState, Result, StepKind
from supervision.models.folders import ScreenedFile, ScreenedFolder
from supervision.models.inspections import Adjustment, Ground, Inspection, InspectionDraw
from supervision.models.verification import (
    CaseFile,
    Conclusion,
    Inquiry,
    Misconduct,
    OutsideFile,
    Rectification,
    RectificationState,
)

__all__ = [
    "Adjustment",
    "Case",
    "CaseFile",
    "CaseKind",
    "CaseNote",
    "CaseOfficer",
    "CaseOutcome",
    "CaseState",
    "Conclusion",
    "Ground",
    "Inquiry",
    "Inspection",
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
