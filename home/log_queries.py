"""Reading the audit log: filtered, page by page, or row by row for a spreadsheet."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from core import clock
from core.audit import AuditEntry
from core.paging import Page, page_of

SIZE = 50
MOST_EXPORTED = 100_000


@dataclass(frozen=True, slots=True)
class LogFilter:
    action: str = ""
    kind: str = ""
    actor: str = ""
    since: date | None = None
    until: date | None = None


def entries(session: Session, wanted: LogFilter, cursor: str | None) -> Page[AuditEntry]:
    """The newest first."""
    return page_of(session, _chosen(wanted), keys=[AuditEntry.number], cursor=cursor, size=SIZE, descending=True)


def rows(session: Session, wanted: LogFilter) -> Iterator[AuditEntry]:
    """The newest MOST_EXPORTED of what is filtered, read as they are written."""
    found = _chosen(wanted).order_by(AuditEntry.number.desc()).limit(MOST_EXPORTED)
    yield from session.scalars(found.execution_options(yield_per=1000))


def actions(session: Session) -> list[str]:
    """Every action there is in the log, by as many steps through the index."""
    return _distinct(session, AuditEntry.action)


def kinds(session: Session) -> list[str]:
    return _distinct(session, AuditEntry.object_kind)


def _chosen(wanted: LogFilter) -> Select[AuditEntry]:
    chosen = select(AuditEntry)
    if wanted.action:
        chosen = chosen.where(AuditEntry.action == wanted.action)
    if wanted.kind:
        chosen = chosen.where(AuditEntry.object_kind == wanted.kind)
    if wanted.actor:
        chosen = chosen.where(AuditEntry.actor == wanted.actor)
    if wanted.since:
        chosen = chosen.where(AuditEntry.at >= clock.start_of(wanted.since))
    if wanted.until:
        chosen = chosen.where(AuditEntry.at < clock.end_of(wanted.until))
    return chosen


def _distinct(session: Session, column: InstrumentedAttribute[str]) -> list[str]:
    """Walks from value to value: neither database skips through an index by itself."""
    steps = select(func.min(column).label("value")).cte("steps", recursive=True)
    following = select(func.min(column)).where(column > steps.c.value).scalar_subquery()
    steps = steps.union_all(select(following).where(steps.c.value.is_not(None)))
    return list(session.scalars(select(steps.c.value).where(steps.c.value.is_not(None))))
