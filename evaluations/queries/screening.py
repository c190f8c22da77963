"""Reading screenings of agreements and their marks: an evaluation's, as seen by a user, and what waits for the desk."""

from collections.abc import Collection
from typing import Any, cast

from sqlalchemy import CompoundSelect, Select, func, select, union
from sqlalchemy.orm import Session, joinedload, selectinload

from accounts.models import User
from core.db import db
from evaluations import policies
from evaluations.models import Agreement, AgreementMark, AgreementScreening, Evaluation
from evaluations.models.screening import CONFIRMED, STILL_UNDECIDED, UNFINISHED
from evaluations.rules.screening import ScreeningFacts
from evaluations.rules.states import UNDECIDED, MarkStanding, ScreeningState

RUNNING = (ScreeningState.WAITING, ScreeningState.RUNNING)


def screenings_of(session: Session, evaluation: Evaluation) -> tuple[AgreementScreening, ...]:
    """Of all versions of its agreement, the one in use first, with their marks. Without their text."""
    rows = (
        select(AgreementScreening)
        .join(AgreementScreening.agreement)
        .where(AgreementScreening.evaluation_id == evaluation.id)
        .order_by(Agreement.number.desc())
        .options(selectinload(AgreementScreening.marks), joinedload(AgreementScreening.agreement))
    )
    return tuple(session.scalars(rows))


def screening_seen_by(user: User, screening_id: int) -> AgreementScreening | None:
    """A screening with its marks and its evaluation, where that exists for this user: the loader of a guard."""
    found = find_screening(cast(Session, db.session()), screening_id)
    return found if found is not None and policies.may_see_evaluation(user, found.evaluation) else None


def find_screening(session: Session, screening_id: int) -> AgreementScreening | None:
    return session.scalar(
        select(AgreementScreening)
        .where(AgreementScreening.id == screening_id)
        .options(
            joinedload(AgreementScreening.evaluation).selectinload(Evaluation.parties),
            joinedload(AgreementScreening.agreement).joinedload(Agreement.file),
            selectinload(AgreementScreening.marks),
        )
    )


def content_of(session: Session, screening: AgreementScreening) -> Any:
    """The text of its pages and its clauses, as `evaluations.agreed.text_of` shows it; None where nothing was read."""
    return session.scalar(select(AgreementScreening.content).where(AgreementScreening.id == screening.id))


def text_of_agreement(session: Session, agreement_id: int | None) -> Any:
    """As `content_of`, by the agreement that was screened."""
    return session.scalar(select(AgreementScreening.content).where(AgreementScreening.agreement_id == agreement_id))


def unsettled(evaluation_ids: Collection[int] | None = None) -> CompoundSelect[Any]:
    """The evaluations, of these or of all, whose agreement is not read yet or has marks that nobody has decided on."""
    marked = select(AgreementMark.evaluation_id).where(STILL_UNDECIDED)
    running = select(AgreementScreening.evaluation_id).where(UNFINISHED)
    unread = select(AgreementScreening.evaluation_id).where(AgreementScreening.by_eye)
    if evaluation_ids is None:
        return union(marked, running, unread)
    of_these = AgreementScreening.evaluation_id.in_(evaluation_ids)
    return union(
        marked.where(AgreementMark.evaluation_id.in_(evaluation_ids)), running.where(of_these), unread.where(of_these)
    )


def facts_of(session: Session, evaluation: Evaluation) -> ScreeningFacts:
    """How it stands with the screening of its agreements, in two queries."""
    rows = session.execute(
        select(AgreementScreening.id, AgreementScreening.state, AgreementScreening.by_eye)
        .select_from(Agreement)
        .outerjoin(AgreementScreening, AgreementScreening.agreement_id == Agreement.id)
        .where(Agreement.evaluation_id == evaluation.id, Agreement.file_id.is_not(None))
        .order_by(Agreement.number)
    ).all()
    marks = session.execute(
        select(AgreementMark.screening_id, AgreementMark.standing, func.count())
        .where(AgreementMark.evaluation_id == evaluation.id)
        .group_by(AgreementMark.screening_id, AgreementMark.standing)
    ).all()
    in_use = rows[-1].id if rows else None
    return ScreeningFacts(
        undecided=sum(count for _, standing, count in marks if standing in UNDECIDED),
        is_running=any(row.state is None or row.state in RUNNING for row in rows),
        is_unread=any(row.by_eye for row in rows),
        confirmed=sum(
            count
            for screening_id, standing, count in marks
            if screening_id == in_use and standing is MarkStanding.CONFIRMED
        ),
    )


def with_confirmed() -> Select[Any]:
    """The evaluations of which an officer has ever confirmed a mark, of whichever version of the agreement."""
    return select(AgreementMark.evaluation_id).where(CONFIRMED)


def has_confirmed(session: Session, evaluation_id: int) -> bool:
    """Whether an evaluation is one of those."""
    rows = with_confirmed().where(AgreementMark.evaluation_id == evaluation_id)
    return session.scalars(rows.limit(1)).first() is not None
