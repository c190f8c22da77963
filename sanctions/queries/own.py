"""What an agency or a listed unit sees of matters: its own proceedings, and nothing before they were told to it."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from accounts.models import User
from core import clock
from core.db import db
from sanctions.models import Proceeding, Service, State
from sanctions.queries import proceedings as queries
from sanctions.queries.proceedings import FoundFile
from supervision.queries import matters

MOST = 200  # of one party: they are few


def own_of(user: User, proceeding_id: int) -> Proceeding | None:
    """The loader of its side's guards: None for another's, and for what was not told to it."""
    row = queries.find(db.session(), proceeding_id)
    if row is None or row.told_at is None:
        return None
    mine = row.agency_id == user.agency_id if row.agency_id is not None else row.applicant_id == user.applicant_id
    return row if mine else None


def own_file(user: User, proceeding_id: int, file_id: int) -> FoundFile | None:
    row = own_of(user, proceeding_id)
    return queries.file_of(db.session(), row, file_id) if row is not None else None


def of_party(session: Session, user: User) -> Sequence[Proceeding]:
    """The user's proceedings, the latest first."""
    rows = select(Proceeding).where(_mine(user), Proceeding.told_at.is_not(None))
    return session.scalars(rows.order_by(Proceeding.id.desc()).limit(MOST)).all()


def count_waiting(session: Session, user: User) -> int:
    """How many of them wait for the user: a statement in its term, or a document that nobody has opened."""
    counted = [rows.scalar_subquery() for rows in (waiting(user), *matters.count_due(user))]
    return int(session.scalar(select(sum(counted[1:], counted[0]))) or 0)


def waiting(user: User) -> Select[int]:
    unopened = (
        select(Service.id)
        .where(Service.proceeding_id == Proceeding.id, Service.served_on.is_not(None), Service.opened_at.is_(None))
        .exists()
    )
    stating = and_(Proceeding.state == State.TOLD, Proceeding.statement_due >= clock.today())
    return select(func.count(Proceeding.id)).where(_mine(user), Proceeding.told_at.is_not(None), or_(stating, unopened))


def _mine(user: User) -> ColumnElement[bool]:
    if user.agency_id is not None:
        return Proceeding.agency_id == user.agency_id
    return and_(Proceeding.applicant_id.is_not(None), Proceeding.applicant_id == user.applicant_id)
