"""Reading evaluations: one as seen by a user, with what belongs to it."""

from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session, lazyload
from sqlalchemy.orm.interfaces import ORMOption

from accounts.models import User
from core.db import db
from evaluations import policies
from evaluations.models import Agreement, Confirmation, Evaluation, Report

# what belongs to an evaluation comes when it is asked for, a query a noun; the files come with what they are files of
_WITH_FILES: tuple[ORMOption, ...] = (
    lazyload(Evaluation.agreements).joinedload(Agreement.file),
    lazyload(Evaluation.reports).joinedload(Report.file),
    lazyload(Evaluation.confirmation).joinedload(Confirmation.file),
)


def find_evaluation(session: Session, evaluation_id: int) -> Evaluation | None:
    """An evaluation; a page that shows all of it asks a fixed number of queries."""
    return session.scalar(select(Evaluation).where(Evaluation.id == evaluation_id).options(*_WITH_FILES))


def evaluation_seen_by(user: User, evaluation_id: int) -> Evaluation | None:
    """An evaluation, where it exists for this user: see `policies.may_see_evaluation`."""
    found = find_evaluation(cast(Session, db.session()), evaluation_id)
    return found if found is not None and policies.may_see_evaluation(user, found) else None
