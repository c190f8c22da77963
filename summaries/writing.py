"""What every act on a summary does to its rows inside a running transaction: lock it, keep its figures, its history."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from accounts.models import User
from core import audit, clock
from summaries import opening, rules
from summaries.models import Summary, SummaryFigure, SummaryStep, SummaryVersion
from summaries.queries import years
from summaries.rules import Dates, Figure
from summaries.states import Action, State

SERIES = "summary"


def begun(session: Session, agency_id: int, year: int, *, shown: int) -> tuple[Summary, Dates]:
    """The agency's summary of an open year, locked, as the reader saw it (0: there was none yet); its version raised.

    Raises NotOpen, NotPossibleNow.
    """
    dates = years.open_dates(session, year, today=clock.today())
    summary = opening.summary_row(session, agency_id, dates)
    untouched = summary.version == 1 and summary.saved_at is None
    rules.require_shown(shown=1 if shown == 0 and untouched else shown, now=summary.version)
    summary.version += 1
    return summary, dates


def state_figures(session: Session, summary: Summary, figures: Collection[Figure]) -> None:
    """Keep these figures and no others."""
    session.flush()
    session.execute(delete(SummaryFigure).where(SummaryFigure.summary_id == summary.id))
    rows: list[Mapping[str, Any]] = [
        {
            "summary_id": summary.id,
            "key": figure.key,
            "known": figure.known,
            "stated": figure.stated,
            "reason": figure.reason,
        }
        for figure in figures
    ]
    if rows:
        session.execute(insert(SummaryFigure), rows)
    session.expire(summary, ["figures"])


def take_step(
    session: Session, summary: Summary, action: Action, *, by: User | None, name: str, at: datetime, reason: str = ""
) -> None:
    """Move the summary along its course, with its history and the log. Raises NotPossibleNow."""
    before = summary.state
    summary.state = rules.next_state(before, action)
    session.add(
        SummaryStep(
            summary_id=summary.id,
            action=action,
            before=before,
            after=summary.state,
            at=at,
            by_id=by.id if by else None,
            by=name,
            reason=reason,
        )
    )
    audit.record(
        session, f"summary.{action}", summary, by=by, before=before, after=summary.state, reason=reason or None
    )


def keep_version(
    session: Session, summary: Summary, figures: Iterable[Figure], *, at: datetime, by: User, name: str
) -> None:
    """What is handed in, whole: texts, figures as known and as stated, and which files were with it."""
    wanted = select(SummaryVersion.number).where(SummaryVersion.summary_id == summary.id)
    last = session.scalar(wanted.order_by(SummaryVersion.number.desc()).limit(1)) or 0
    session.add(
        SummaryVersion(
            summary_id=summary.id,
            number=last + 1,
            at=at,
            by_id=by.id,
            by=name,
            content={
                "nil": summary.nil,
                "account": summary.account,
                "problems": summary.problems,
                "suggestions": summary.suggestions,
                "plan": summary.plan,
                "figures": [
                    {"key": each.key, "known": each.known, "stated": each.stated, "reason": each.reason}
                    for each in figures
                ],
                "files": [attachment.file_id for attachment in summary.attachments],
            },
        )
    )


def is_again(summary: Summary) -> bool:
    return summary.state is State.RETURNED
