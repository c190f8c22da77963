"""自我评价 (第十二条): an applicant registers an evaluation of itself, reports and hands over. No agency, no cap."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import User
from applicants.models import Applicant
from core import clock, law, uploads
from core.db import transaction
from core.errors import Collected, Conflict
from evaluations import entering, flagging, steps, telling
from evaluations.entries import RegistrationEntry, ReportEntry, Upload
from evaluations.handed_in import examined_at
from evaluations.models import Evaluation, Report, TeamMember
from evaluations.queries import adopting as standing
from evaluations.queries import gate as facts
from evaluations.rules import adopting, gate, self_evaluating, standing_still
from evaluations.rules import entering as rules
from evaluations.rules.states import Action, HoldKind, Mode, State


class AlreadyRegistered(Conflict):
    """The same was registered before: a second sending of the form, or a colleague was faster."""


class NotItsOwn(Conflict):
    """An agency makes it: its report is the agency's."""


def register(entry: RegistrationEntry, *, team: Sequence[str], by: User) -> int:
    """登记自我评价: returns the evaluation's id. `team`: names, the first leads.

    Raises AlreadyRegistered, and together whatever is unsound or the gate refuses (第十一条).
    """
    refusals = Collected()
    with transaction() as session:
        applicant = session.get_one(Applicant, entry.applicant_id, with_for_update={"of": Applicant})
        _require_not_yet(session, entry)
        today = clock.today()
        with refusals.attempt():
            rules.require_sound(entry, today=today, law=law.jurisdiction())
        with refusals.attempt():
            self_evaluating.require_team(team)
        with refusals.attempt():
            gate.require_open(facts.facts_of(session, entry, on=today, desk=False), law.jurisdiction())
        refusals.settle()
        evaluation = entering.enter(session, entry, by=by, name=applicant.name, agreement=None)
        evaluation.team.extend(TeamMember(name=name, leads=place == 0) for place, name in enumerate(team))
        return evaluation.id


def _require_not_yet(session: Session, entry: RegistrationEntry) -> None:
    same = session.scalar(
        select(Evaluation.number)
        .where(
            Evaluation.applicant_id == entry.applicant_id,
            Evaluation.mode == Mode.SELF,
            Evaluation.kind == entry.kind,
            Evaluation.begun_on == entry.begun_on,
            Evaluation.state != State.WITHDRAWN,
        )
        .limit(1)
    )
    if same is not None:
        raise AlreadyRegistered(f"同一天开始的这项自我评价已登记为 {same}，没有再次登记。")


def report(evaluation_id: int, entry: ReportEntry, file: Upload, *, version: int, by: User) -> None:
    """出具报告; later ones correct it, and are handed over anew. Raises NotPossibleNow, NotItsOwn, DomainErrors."""
    refusals = Collected()
    with refusals.attempt():
        examined = examined_at("file", file)
    with transaction() as session:
        evaluation = _own(session, evaluation_id, version)
        last = evaluation.reports[-1] if evaluation.reports else None
        with refusals.attempt():
            self_evaluating.require_sound_report(
                entry,
                begun_on=evaluation.begun_on,
                last=last.issued_on if last else None,
                today=clock.today(),
            )
        refusals.settle()
        stored = uploads.keep(session, file.content, examined, name=file.name, by=by)
        name = evaluation.applicant.name
        if evaluation.state is State.REGISTERED:
            steps.take(session, evaluation, Action.START, by=by, name=name)
        action = Action.ISSUE if last is None else Action.CORRECT
        steps.take(session, evaluation, action, by=by, name=name, reason=entry.reason if last else "")
        if evaluation.handed_over_on is not None:
            evaluation.handed_over_on = None
            telling.desk(session, evaluation, "evaluation_report_corrected")
        evaluation.reports.append(
            Report(
                version=last.version + 1 if last else 1,
                number=entry.number,
                issued_on=entry.issued_on,
                file_id=stored.id,
                score=entry.score,
                conclusion=entry.conclusion,
                reason=entry.reason if last else "",
                entered_at=clock.now(),
                entered_by=by.id,
            )
        )


def hand_over(evaluation_id: int, *, version: int, by: User) -> None:
    """提交: from now on the officers of its level may adopt it. Raises NotPossibleNow, NotItsOwn, NotAdoptable."""
    with transaction() as session:
        evaluation = _own(session, evaluation_id, version)
        steps.take(session, evaluation, Action.HAND_OVER, by=by, name=evaluation.applicant.name)
        adopting.require_hand_over(standing.facts_of(session, evaluation, on=clock.today()))
        evaluation.handed_over_on = clock.today()
        telling.desk(session, evaluation, "self_evaluation_handed_over")


def withdraw(evaluation_id: int, *, version: int, reason: str, by: User) -> None:
    """撤回. Raises NotPossibleNow, NotItsOwn, StandsStill."""
    with transaction() as session:
        evaluation = _own(session, evaluation_id, version)
        before = evaluation.state
        is_blocked = flagging.open_hold(evaluation, HoldKind.BLOCK) is not None
        standing_still.require_withdrawable(is_blocked=is_blocked)
        steps.take(session, evaluation, Action.WITHDRAW, by=by, name=evaluation.applicant.name, reason=reason)
        evaluation.withdrawn_from = before


def _own(session: Session, evaluation_id: int, version: int) -> Evaluation:
    evaluation = steps.begin(session, evaluation_id, shown=version)
    if evaluation.mode is not Mode.SELF:
        raise NotItsOwn("这项评价由第三方机构开展，由机构办理。")
    return evaluation
