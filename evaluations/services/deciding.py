"""What officers decide on evaluations: adopting, declining, disputes, blocks, places of withdrawn ones."""

from sqlalchemy.orm import Session

from accounts.models import User
from accounts.policies import is_approver
from agency import places
from core import audit, clock
from core.db import transaction
from core.errors import Conflict
from evaluations import flagging, steps, telling
from evaluations.models import Admission, Adoption, Evaluation
from evaluations.queries import adopting as facts
from evaluations.rules import adopting, course
from evaluations.rules.states import Action, HoldKind, Level, Release, State


class DisputeOpen(Conflict):
    """What is disputed is decided on first."""


class NoReleaseAsked(Conflict):
    """Of these places nothing is to be confirmed: it was decided, or they were never asked for."""


def adopt(evaluation_id: int, *, version: int, reason: str, in_spite_of: str = "", by: User) -> None:
    """采信, at the level it is at. `in_spite_of`: why a result counts that was issued in a period of non-adoption and
    presented after it (reading 15).

    Raises NotPossibleNow, and together what stands against it (DomainError, several as Refusals).
    """
    with transaction() as session:
        evaluation = steps.begin(session, evaluation_id, shown=version)
        steps.take(session, evaluation, Action.ADOPT, by=by, name=by.display_name, reason=reason)
        judged = facts.facts_of(session, evaluation, on=clock.today())
        said = in_spite_of if is_approver(by, evaluation) else ""  # nobody else may decide so
        adopting.require_adoptable(judged, in_spite_of=said)
        if adopting.yielding(judged):
            _admit(session, evaluation, said, by)
        in_spite_of = evaluation.admissions[-1].reason if judged.is_admitted else said
        _note(evaluation, adopted=True, reason=reason, in_spite_of=in_spite_of, by=by)
        telling.sides(session, evaluation, "evaluation_adopted")


def admit(evaluation_id: int, *, version: int, reason: str, by: User) -> None:
    """个案认定: an approver decides, with a reason, that a result counts though a period of non-adoption bears on it.

    Who adopts at its level may do so then. Raises NotPossibleNow, NothingToAdmit.
    """
    with transaction() as session:
        evaluation = steps.begin(session, evaluation_id, shown=version)
        adopting.require_admissible(facts.facts_of(session, evaluation, on=clock.today()))
        _admit(session, evaluation, reason, by)


def _admit(session: Session, evaluation: Evaluation, reason: str, by: User) -> None:
    evaluation.admissions.append(
        Admission(
            report_version=evaluation.reports[-1].version,
            reason=reason,
            at=clock.now(),
            by_id=by.id,
            by=by.display_name,
        )
    )
    audit.record(session, "evaluation.admitted", evaluation, by=by, reason=reason)
    telling.sides(session, evaluation, "evaluation_admitted")
    telling.desk(session, evaluation, "evaluation_admitted")


def decline(evaluation_id: int, *, version: int, reason: str, by: User) -> None:
    """不予采信, with its reason. Raises NotPossibleNow, DisputeOpen."""
    with transaction() as session:
        evaluation = steps.begin(session, evaluation_id, shown=version)
        steps.take(session, evaluation, Action.DECLINE, by=by, name=by.display_name, reason=reason)
        if flagging.open_hold(evaluation, HoldKind.DISPUTE) is not None:
            raise DisputeOpen("培育对象的异议还没有办结，请先对异议作出决定。")
        _note(evaluation, adopted=False, reason=reason, in_spite_of="", by=by)
        telling.sides(session, evaluation, "evaluation_declined")


def _note(evaluation: Evaluation, *, adopted: bool, reason: str, in_spite_of: str, by: User) -> None:
    evaluation.adoptions.append(
        Adoption(
            level=evaluation.level,
            adopted=adopted,
            on=clock.today(),
            reason=reason,
            in_spite_of=in_spite_of,
            by_id=by.id,
            by=by.display_name,
        )
    )


def decide_dispute(evaluation_id: int, *, version: int, upheld: bool, reason: str, by: User) -> None:
    """对异议作出决定: upheld, the evaluation is blocked; dismissed, it goes on. Raises NotPossibleNow, NotHeld."""
    with transaction() as session:
        evaluation = steps.begin(session, evaluation_id, shown=version)
        flagging.decide(session, evaluation, upheld=upheld, reason=reason, by=by)


def block(evaluation_id: int, *, version: int, reason: str, by: User) -> None:
    """中止. Raises NotPossibleNow, AlreadyHeld, NothingToStop."""
    with transaction() as session:
        evaluation = steps.begin(session, evaluation_id, shown=version)
        flagging.block(session, evaluation, reason=reason, by=by)


def lift(evaluation_id: int, *, version: int, reason: str, by: User) -> None:
    """解除中止. Raises NotPossibleNow, NotHeld, NotClean."""
    with transaction() as session:
        evaluation = steps.begin(session, evaluation_id, shown=version)
        flagging.lift(session, evaluation, reason=reason, by=by)


def release(evaluation_id: int, *, version: int, granted: bool, reason: str, by: User) -> None:
    """确认释放名额 of one withdrawn before work on site (reading 10), or decline it: then they stay used.

    Raises NotPossibleNow, NoReleaseAsked.
    """
    with transaction() as session:
        evaluation = steps.begin(session, evaluation_id, shown=version)
        if evaluation.release is not Release.ASKED:
            raise NoReleaseAsked("这项评价没有待确认释放的名额。")
        evaluation.release = Release.GRANTED if granted else Release.DECLINED
        if granted:
            places.release(session, evaluation.id)
        event = "release_granted" if granted else "release_declined"
        audit.record(session, f"evaluation.{event}", evaluation, by=by, after=evaluation.release, reason=reason)
        telling.parties(session, evaluation, f"evaluation_{event}")


def place(evaluation_id: int, *, version: int, reason: str, by: User) -> None:
    """核定名额: one that is over the cap gets the places that have become free; then it is over it no longer.

    What was recorded past the gate stays what it is (reading 6). Raises NotPossibleNow, NothingDue, NoPlaceLeft,
    PlacesMoved.
    """
    with transaction() as session:
        evaluation = steps.begin(session, evaluation_id, shown=version)
        if evaluation.state is State.WITHDRAWN:
            raise course.NotPossibleNow("该评价已撤回，恢复之后才能核定名额。")
        places.place(session, evaluation.id)
        audit.record(session, "evaluation.placed", evaluation, by=by, reason=reason)
        telling.parties(session, evaluation, "evaluation_placed")


def restore(evaluation_id: int, *, version: int, reason: str, by: User) -> None:
    """恢复 a withdrawn one to where it was; places that were released must be free again (reading 10).

    Raises NotPossibleNow, NoPlaceLeft, PlacesMoved.
    """
    with transaction() as session:
        evaluation = steps.begin(session, evaluation_id, shown=version)
        course.next_state(evaluation.state, Action.RESTORE, withdrawn_from=evaluation.withdrawn_from)
        _take_again(session, evaluation)  # before the log's one row is locked, as whoever takes places does
        steps.take(session, evaluation, Action.RESTORE, by=by, name=by.display_name, reason=reason)
        evaluation.withdrawn_from, evaluation.release = None, Release.NONE
        telling.sides(session, evaluation, "evaluation_restored")


def _take_again(session: Session, evaluation: Evaluation) -> None:
    agency_ids = [party.agency_id for party in evaluation.parties]
    if evaluation.level is Level.NATIONAL and agency_ids:
        places.restore(session, evaluation.id, agency_ids, counted_on=evaluation.counted_on)
