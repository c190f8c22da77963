"""What an applicant says of an evaluation: that it commissioned it, or that it did not; and its letter."""

from sqlalchemy.orm import Session

from accounts.models import User
from core import audit
from core.db import transaction
from core.errors import Conflict
from evaluations import flagging, handed_in, steps, telling
from evaluations.entries import Upload
from evaluations.models import Evaluation
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
        handed_in.confirm(session, evaluation, by=by, name=evaluation.applicant.name)
        audit.record(session, "evaluation.confirmed", evaluation, by=by)
        telling.parties(session, evaluation, "evaluation_confirmed")


def add_letter(evaluation_id: int, letter: Upload, *, version: int, by: User, name: str) -> None:
    """上传确认函: the applicant's letter stands for its login; `name` is who brings it.

    Raises NotPossibleNow, AlreadyConfirmed, NothingToConfirm, DocumentRefused.
    """
    examined = handed_in.examined_at("letter", letter)
    with transaction() as session:
        evaluation = _to_confirm(session, evaluation_id, version)
        handed_in.keep_letter(session, evaluation, letter, examined, by=by, name=name)
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
