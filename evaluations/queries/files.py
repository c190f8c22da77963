"""The files of an evaluation: agreements, reports in all versions, the applicant's letter. No other file is its own."""

from collections.abc import Iterator
from dataclasses import dataclass

from accounts.models import User
from core.uploads import StoredFile
from evaluations.models import Evaluation
from evaluations.queries import evaluation_seen_by


@dataclass(frozen=True, slots=True)
class EvaluationFile:
    """A file with what it is to its evaluation, as its page is headed."""

    evaluation: Evaluation
    title: str
    file: StoredFile
    agreement_id: int | None = None  # where it is an agreement's


def files_of(evaluation: Evaluation) -> Iterator[EvaluationFile]:
    for agreement in evaluation.agreements:
        if agreement.file is not None:
            yield EvaluationFile(evaluation, f"评价协议（第 {agreement.number} 份）", agreement.file, agreement.id)
    for report in evaluation.reports:
        yield EvaluationFile(evaluation, f"评价报告 {report.number}（第 {report.version} 版）", report.file)
    if evaluation.confirmation is not None and evaluation.confirmation.file is not None:
        yield EvaluationFile(evaluation, "培育对象确认函", evaluation.confirmation.file)


def file_of(evaluation: Evaluation, file_id: int) -> EvaluationFile | None:
    """One of its files by its row; None for any other."""
    return next((found for found in files_of(evaluation) if found.file.id == file_id), None)


def file_seen_by(user: User, evaluation_id: int, file_id: int) -> EvaluationFile | None:
    """A file of an evaluation that exists for this user: the loader of a guard."""
    evaluation = evaluation_seen_by(user, evaluation_id)
    return file_of(evaluation, file_id) if evaluation is not None else None
