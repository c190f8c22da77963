"""Evaluations and what belongs to them. One noun group a module; importing this package maps them all."""

from evaluations.models.evaluations import (
    Admission,
    Adoption,
    Agreement,
    Evaluation,
    EvaluationStep,
    Hold,
    LevelSetting,
    Party,
    Recheck,
    Tally,
)
from evaluations.models.history import ListEntry, ListImport
from evaluations.models.screening import AgreementMark, AgreementScreening
from evaluations.models.work import Advice, Confirmation, Report, ReportNumber, Review, TeamMember, Visit

__all__ = [
    "Admission",
    "Adoption",
    "Advice",
    "Agreement",
    "AgreementMark",
    "AgreementScreening",
    "Confirmation",
    "Evaluation",
    "EvaluationStep",
    "Hold",
    "LevelSetting",
    "ListEntry",
    "ListImport",
    "Party",
    "Recheck",
    "Report",
    "ReportNumber",
    "Review",
    "Tally",
    "TeamMember",
    "Visit",
]
