"""Screening agreements for what 第二十二条第一款 forbids (JL-22-1b): clauses in, marks out; pure and offline."""

from evaluations.screening.judging import screen_clause
from evaluations.screening.labels import Label, Mark, Screening

__all__ = ["Label", "Mark", "Screening", "screen_clause"]
