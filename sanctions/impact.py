"""The impact map (第二十二条第三款): what rests on a barred agency's results becomes tasks, in a running transaction.

Called by whoever begins or annuls a period (`sanctions.periods`), and each night for what became known since.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from sqlalchemy import insert, or_, select, update
from sqlalchemy.orm import Session

from accounts.models import PROVINCIAL_ROLES
from agency.models import Agency, NonAdoption
from core import audit, clock, law
from core.places import bureaus
from core.refs import Actor, Ref
from evaluations.models import Evaluation, ListEntry
from evaluations.rules.states import ENDED, RUNNING, State
from notices import outbox
from notices.outbox import Audience
from sanctions.models import ImpactTask, TaskKind, TaskResult
from sanctions.queries.resting import Resting, resting_on

Thing = tuple[int | None, int | None]  # ids of evaluation and list entry, one of them None


def lay(session: Session, period: NonAdoption, *, by: Actor | None) -> int:
    """Make a task of everything that rests on the agency's results and has none yet, and tell whom it concerns.

    How many were made: none at a second call. Tasks of another period of the agency that are still open, or were done
    since this one was entered, serve for it as well: nobody looks twice.
    """
    session.flush()
    covered = _covered(session, period)
    new = [each for each in resting_on(session, period) if (each.evaluation_id, each.list_entry_id) not in covered]
    if not new:
        return 0
    now = clock.now()
    session.execute(
        insert(ImpactTask),
        [
            {
                "version": 1, "non_adoption_id": period.id, "kind": each.kind, "applicant_id": each.applicant_id,
                "evaluation_id": each.evaluation_id, "list_entry_id": each.list_entry_id, "bureau": each.bureau,
                "made_at": now,
            }
            for each in new
        ],
    )  # fmt: skip
    agency = session.get_one(Agency, period.agency_id)
    _tell_applicants(session, period, agency, new)
    _tell_officers(session, period, agency, new)
    audit.record(session, "impact.laid", _ref(period, agency), by=by, after=f"复核任务 {len(new)} 项")
    return len(new)


def lift(session: Session, period: NonAdoption, *, by: Actor) -> int:
    """The decision was annulled: what is open goes to another running period of the agency, or falls away.

    How many fell away. What was done stays as it was found. The applicants of evaluations that are free again are told.
    """
    session.flush()
    heir = _heir(session, period)
    open_tasks = session.scalars(
        select(ImpactTask)
        .where(ImpactTask.non_adoption_id == period.id, ImpactTask.void_at.is_(None))
        .order_by(ImpactTask.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    agency = session.get_one(Agency, period.agency_id)
    if heir is not None:
        _hand_on(session, open_tasks, heir)
        return 0
    void = [task for task in open_tasks if task.done_at is None]
    for task in void:
        task.void_at, task.version = clock.now(), task.version + 1
    free = [task for task in void if task.kind is TaskKind.OPEN_EVALUATION and task.evaluation is not None]
    for task in free:
        if task.evaluation is not None and task.evaluation.state not in ENDED:
            outbox.post(
                session,
                "impact_lifted",
                to=Audience.applicant(task.applicant_id),
                about=task.evaluation,
                detail={"agency": agency.name},
            )
    if void:
        audit.record(session, "impact.lifted", _ref(period, agency), by=by, after=f"复核任务 {len(void)} 项不再办理")
    return len(void)


def follow(session: Session, period: NonAdoption) -> int:
    """What other acts have settled meanwhile is done, what runs again is open again: how many tasks moved."""
    rows = (
        select(ImpactTask, Evaluation.state, ListEntry.removed_on)
        .outerjoin(Evaluation, Evaluation.id == ImpactTask.evaluation_id)
        .outerjoin(ListEntry, ListEntry.id == ImpactTask.list_entry_id)
        .where(ImpactTask.non_adoption_id == period.id, ImpactTask.void_at.is_(None))
        .where(or_(ImpactTask.done_at.is_(None), ImpactTask.done_by.is_(None)))
        .order_by(ImpactTask.id)
        .with_for_update(of=ImpactTask)
    )
    moved = 0
    for task, state, removed_on in session.execute(rows).all():
        moved += _reopened(task, state) if task.done_at is not None else _settled(task, state, removed_on)
    if moved:
        agency = session.get_one(Agency, period.agency_id)
        audit.record(session, "impact.followed", _ref(period, agency), by=None, after=f"复核任务 {moved} 项")
    return moved


def _settled(task: ImpactTask, state: State | None, removed_on: object) -> bool:
    if state in (State.NOT_ADOPTED, State.WITHDRAWN) and task.kind is TaskKind.OPEN_EVALUATION:
        _done(task, TaskResult.WITHDRAWN, f"该评价{state.label}，由系统记入。")
    elif removed_on is not None:
        _done(task, TaskResult.REMOVAL_PROPOSED, f"该条目已于 {removed_on} 移出名单，由系统记入。")
    elif state is State.ADOPTED and task.kind is TaskKind.OPEN_EVALUATION:
        task.kind, task.version = TaskKind.ADOPTED_EVALUATION, task.version + 1
    else:
        return False
    return True


def _reopened(task: ImpactTask, state: State | None) -> bool:
    """Nobody had decided on it: a withdrawn evaluation that is restored is to be looked at again."""
    if state not in RUNNING:
        return False
    task.done_at = task.result = task.reason = None
    task.version += 1
    return True


def _done(task: ImpactTask, result: TaskResult, reason: str) -> None:
    task.done_at, task.result, task.reason = clock.now(), result, reason
    task.version += 1


def _covered(session: Session, period: NonAdoption) -> set[Thing]:
    """What has its task already: of this period, or one of another period that serves for it."""
    rows = (
        select(ImpactTask.evaluation_id, ImpactTask.list_entry_id)
        .join(NonAdoption, NonAdoption.id == ImpactTask.non_adoption_id)
        .where(NonAdoption.agency_id == period.agency_id)
        .where(
            or_(
                NonAdoption.id == period.id,
                NonAdoption.annulled_at.is_(None)
                & ImpactTask.void_at.is_(None)
                & (ImpactTask.done_at.is_(None) | (ImpactTask.done_at >= period.entered_at)),
            )
        )
    )
    return {(evaluation_id, entry_id) for evaluation_id, entry_id in session.execute(rows)}


def _heir(session: Session, period: NonAdoption) -> NonAdoption | None:
    """Another period of the agency that goes on or is to come; of several the one that ends last."""
    return session.scalar(
        select(NonAdoption)
        .where(
            NonAdoption.agency_id == period.agency_id,
            NonAdoption.id != period.id,
            NonAdoption.annulled_at.is_(None),
            NonAdoption.last_day >= clock.today(),
        )
        .order_by(NonAdoption.last_day.desc(), NonAdoption.id.desc())
        .limit(1)
    )


def _hand_on(session: Session, tasks: Sequence[ImpactTask], heir: NonAdoption) -> None:
    """What is open, or was done since the other decision, is the other one's now, unless it has one of its own."""
    own = select(ImpactTask.evaluation_id, ImpactTask.list_entry_id).where(ImpactTask.non_adoption_id == heir.id)
    taken = {(evaluation_id, entry_id) for evaluation_id, entry_id in session.execute(own)}
    moving: list[int] = []
    void: list[int] = []
    for task in tasks:
        if task.done_at is not None and task.done_at < heir.entered_at:
            continue
        (void if (task.evaluation_id, task.list_entry_id) in taken else moving).append(task.id)
    raised = {"version": ImpactTask.version + 1}
    if moving:
        session.execute(update(ImpactTask).where(ImpactTask.id.in_(moving)).values(non_adoption_id=heir.id, **raised))
    if void:
        still_open = update(ImpactTask).where(ImpactTask.id.in_(void), ImpactTask.done_at.is_(None))
        session.execute(still_open.values(void_at=clock.now(), **raised))


def _tell_applicants(session: Session, period: NonAdoption, agency: Agency, new: Sequence[Resting]) -> None:
    days = {"agency": agency.name, "first": str(period.first_day), "last": str(period.last_day)}
    outbox.post_all(
        session,
        "impact_open",
        [
            (Audience.applicant(each.applicant_id), _about(each), {**days, "whom": _whom(each)})
            for each in new
            if each.kind is TaskKind.OPEN_EVALUATION
        ],
    )
    first_of: dict[int, Resting] = {}
    for each in new:
        if each.kind is not TaskKind.OPEN_EVALUATION:
            first_of.setdefault(each.applicant_id, each)
    outbox.post_all(
        session,
        "impact_recheck",
        [
            (Audience.applicant(each.applicant_id), _about(each), {**days, "whom": _whom(each)})
            for each in first_of.values()
        ],
    )


def _tell_officers(session: Session, period: NonAdoption, agency: Agency, new: Iterable[Resting]) -> None:
    counts = Counter(each.bureau for each in new)
    for bureau, count in sorted(counts.items(), key=lambda item: item[0] or ""):
        readers = [Audience.bureau(bureau)] if bureau else [Audience.role(role) for role in sorted(PROVINCIAL_ROLES)]
        for to in readers:
            detail = {"count": str(count)}
            outbox.post(session, "impact_tasks", to=to, about=_map_ref(period, agency), detail=detail)


def _about(each: Resting) -> Ref:
    if each.evaluation_id is not None:
        return Ref("evaluation", each.evaluation_id, each.label)
    return Ref("applicant", each.applicant_id, each.label)


def _whom(each: Resting) -> str:
    """Who answers an applicant's questions."""
    known = bureaus()
    return known[each.applicants_bureau].name if each.applicants_bureau in known else law.jurisdiction().department


def _ref(period: NonAdoption, agency: Agency) -> Ref:
    return Ref("non_adoption", period.id, f"{agency.name} {period.document}")


def _map_ref(period: NonAdoption, agency: Agency) -> Ref:
    return Ref("impact_map", period.id, f"{agency.name} {period.document}")
