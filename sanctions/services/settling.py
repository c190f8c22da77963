"""Looking again at what rests on a barred agency's results: what became of each (第二十二条第三款)."""

from sqlalchemy import select

from accounts.models import User
from core import audit, clock
from core.db import transaction
from evaluations.models import Recheck
from sanctions import policies
from sanctions.models import ImpactTask, TaskKind
from sanctions.rules import impact as rules


def settle(non_adoption_id: int, entry: rules.Settlement, *, by: User) -> int:
    """办结 tasks of one map, all or none; a result that was found wrong is replaced the same way.

    Raises NothingChosen, TaskMoved, WrongResult.
    """
    with transaction() as session:
        shown = dict(entry.shown)
        if not shown:
            raise rules.NothingChosen("请先勾选要办结的事项。", clause="JL-22-3")
        rows = (
            select(ImpactTask)
            .where(ImpactTask.id.in_(shown), ImpactTask.non_adoption_id == non_adoption_id)
            .order_by(ImpactTask.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        tasks = [task for task in session.scalars(rows) if policies.may_settle_task(by, task)]
        moved = [task for task in tasks if task.void_at is not None or task.version != shown[task.id]]
        if moved or len(tasks) != len(shown):
            raise rules.TaskMoved("勾选的事项中有的已由他人办理，或随决定撤销；没有办理，请核对最新情况后再办。")
        for task in tasks:
            rules.require_result(task.kind, entry.result)
            before = task.result
            task.done_at, task.done_by = clock.now(), by.id
            task.result, task.reason, task.version = entry.result, entry.reason, task.version + 1
            if task.kind is TaskKind.ADOPTED_EVALUATION:
                session.add(Recheck(evaluation_id=task.evaluation_id, at=task.done_at, by_id=by.id))
            audit.record(session, "impact.settled", task, by=by, before=before, after=entry.result, reason=entry.reason)
        return len(tasks)
