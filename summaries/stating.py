"""What is read of a summary's rows, the same for pages and for acts: texts, figures, how the desk calls it."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from agency.models import Agency
from core.refs import Ref
from summaries.figures import Stated, label_of
from summaries.models import Summary, SummaryFigure
from summaries.rules import Figure, Texts


def texts_of(summary: Summary) -> Texts:
    return Texts(summary.account, summary.problems, summary.suggestions, summary.plan)


def stated_of(rows: Iterable[SummaryFigure]) -> dict[str, Stated]:
    """What the agency states otherwise. Of one that was returned there are rows that only repeat the register."""
    return {
        row.key: Stated(row.stated, row.reason)
        for row in rows
        if row.stated is not None and (row.stated != row.known or row.reason)
    }


def figures_of(rows: Iterable[SummaryFigure]) -> tuple[Figure, ...]:
    """As they were handed in."""
    return tuple(Figure(row.key, label_of(row.key), row.known, row.stated, row.reason) for row in rows)


def agency_name(session: Session, agency_id: int) -> str:
    return session.scalars(select(Agency.name).where(Agency.id == agency_id)).one()


def ref_at_desk(summary: Summary, name: str) -> Ref:
    """With the agency's name, for whom it is one among many."""
    return Ref("summary", summary.id, f"{name} {summary.year} 年度工作总结")
