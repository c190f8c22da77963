"""The files of a summary: attachments, those of earlier versions, those of supplements. No other is its own."""

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from accounts.models import User
from core.db import db
from core.uploads import StoredFile
from summaries.models import Summary, SummaryAttachment, SummarySupplement


@dataclass(frozen=True, slots=True)
class SummaryFile:
    """A file with the summary that it belongs to."""

    summary: Summary
    file: StoredFile

    @property
    def agency_id(self) -> int:
        return self.summary.agency_id


def file_of(session: Session, summary: Summary, file_id: int) -> SummaryFile | None:
    """One of its files by its row, removed ones too (a version may refer to them); None for any other."""
    attached = select(SummaryAttachment.file_id).where(SummaryAttachment.summary_id == summary.id)
    supplied = select(SummarySupplement.file_id).where(SummarySupplement.summary_id == summary.id)
    rows = select(StoredFile).where(
        StoredFile.id == file_id, or_(StoredFile.id.in_(attached), StoredFile.id.in_(supplied))
    )
    file = session.scalar(rows)
    return SummaryFile(summary, file) if file is not None else None


def own_file(user: User, year: int, file_id: int) -> SummaryFile | None:
    """A file of the user's agency's summary: the loader of a guard."""
    if user.agency_id is None:
        return None
    session = db.session()
    summary = session.scalar(select(Summary).where(Summary.agency_id == user.agency_id, Summary.year == year))
    return file_of(session, summary, file_id) if summary is not None else None
