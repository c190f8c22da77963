"""What an applicant says of an evaluation: that it commissioned it, or that it did not; and its letter."""

from sqlalchemy.orm import Session

from accounts.models import User
from core import audit, clock, uploads
from core.db import transaction
from core.documents import Examined, examine
from core.errors import Conflict, DomainError
from evaluations import flagging, steps, telling
from evaluations.entries import Upload
from evaluations.models import Confirmation, Evaluation
from evaluations.queries.adopting import is_confirmed
from evaluations.rules.states import ENDED, HoldKind, Mode


class AlreadyConfirmed(Conflict):
    """Its word is there already."""


class NothingToConfirm(Conflict):
    """Nobody was commissioned, or nothing goes on any more."""


def confirm(evaluation_id: int, *, version: int, by: User) -> None:
    """确认委托, with the applicant's own login; a dispute of its own that is still open is decided by an officer.

    Raises NotPossibleNow, AlreadyConfirmed, NothingToConfirm.
    """
    with transaction() as session:
        evaluation = _to_confirm(session, evaluation_id, version)
        if flagging.open_hold(evaluation, HoldKind.DISPUTE) is not None:
            raise NothingToConfirm("您对这项评价提出的异议还在办理，办结后才能确认委托。")
        _confirm(session, evaluation, by=by, name=evaluation.applicant.name, file_id=None)
        audit.record(session, "evaluation.confirmed", evaluation, by=by)
        telling.parties(session, evaluation, "evaluation_confirmed")


def add_letter(evaluation_id: int, letter: Upload, *, version: int, by: User, name: str) -> None:
    """上传确认函: the applicant's letter stands for its login; `name` is who brings it.

    Raises NotPossibleNow, AlreadyConfirmed, NothingToConfirm, DocumentRefused.
    """
    examined = _examined(letter)
    with transaction() as session:
        evaluation = _to_confirm(session, evaluation_id, version)
        file = uploads.keep(session, letter.content, examined, name=letter.name, by=by)
        _confirm(session, evaluation, by=by, name=name, file_id=file.id)
        audit.record(session, "evaluation.letter_added", evaluation, by=by)
        telling.sides(session, evaluation, "evaluation_confirmed")


def dispute(evaluation_id: int, *, version: int, reason: str, by: User) -> None:
    """提出异议, any time before adoption. Raises NotPossibleNow, AlreadyHeld, NothingToStop."""
    with transaction() as session:
        evaluation = steps.begin(session, evaluation_id, shown=version)
        if evaluation.mode is Mode.SELF:
            raise NothingToConfirm("自我评价由贵单位自己开展，不需要提出异议；不再继续的请撤回。")
        flagging.dispute(session, evaluation, reason=reason, by=by)


def _to_confirm(session: Session, evaluation_id: int, version: int) -> Evaluation:
    evaluation = steps.begin(session, evaluation_id, shown=version)
    if evaluation.mode is Mode.SELF:
        raise NothingToConfirm("自我评价没有委托关系，不需要确认。")
    if evaluation.state in ENDED:
        raise NothingToConfirm(f"这项评价{evaluation.state.label}，不需要再确认。")
    if is_confirmed(evaluation):
        raise AlreadyConfirmed("这项评价的委托关系已经确认过。")
    return evaluation


def _confirm(session: Session, evaluation: Evaluation, *, by: User, name: str, file_id: int | None) -> None:
    """A first word, or one that renews what a dispute took back."""
    given = evaluation.confirmation or Confirmation(evaluation_id=evaluation.id)
    given.at, given.by_id, given.by, given.file_id = clock.now(), by.id, name, file_id
    evaluation.confirmation = given
    session.flush()


def _examined(letter: Upload) -> Examined:
    try:
        return examine(letter.content)
    except DomainError as refusal:
        refusal.field = "letter"
        raise
