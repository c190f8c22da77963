"""Files that are handed in on an evaluation: judged before any transaction, kept inside it."""

from sqlalchemy.orm import Session

from core import clock, uploads
from core.documents import Examined, examine
from core.errors import DomainError
from core.refs import Actor
from evaluations.entries import Upload
from evaluations.models import Confirmation, Evaluation


def examined_at(field: str, file: Upload) -> Examined:
    """A file judged by its content, before any transaction. Raises DocumentRefused at its field."""
    try:
        return examine(file.content)
    except DomainError as refusal:
        refusal.field = field
        raise


def keep_letter(
    session: Session, evaluation: Evaluation, letter: Upload, examined: Examined, *, by: Actor, name: str
) -> None:
    """确认函: the applicant's letter stands for its login, and takes the place of an earlier one.

    `name` is who brings it. Whether one is wanted is asked before.
    """
    file = uploads.keep(session, letter.content, examined, name=letter.name, by=by)
    confirm(session, evaluation, by=by, name=name, file_id=file.id)


def confirm(session: Session, evaluation: Evaluation, *, by: Actor, name: str, file_id: int | None = None) -> None:
    """A first word, or one that renews what a dispute took back; by login where no letter is given."""
    given = evaluation.confirmation or Confirmation(evaluation_id=evaluation.id)
    given.at, given.by_id, given.by, given.file_id = clock.now(), by.id, name, file_id
    evaluation.confirmation = given
    session.flush()
