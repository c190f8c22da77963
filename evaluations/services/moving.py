"""An applicant goes over to another bureau, and with it the evaluations that the bureau has on its list."""

from sqlalchemy import select

from accounts.models import User
from applicants.models import Applicant
from core import audit
from core.db import transaction
from core.errors import Conflict, DomainError
from core.places import bureaus
from evaluations import tallies
from evaluations.models import Evaluation
from notices import outbox
from notices.outbox import Audience


class AppliesAlready(Conflict):
    """It is with this bureau, or has changed meanwhile."""


def move(applicant_id: int, bureau: str, *, version: int, reason: str, by: User) -> int:
    """变更所属工信局, with all its evaluations and their sums; returns how many. Raises AppliesAlready, DomainError."""
    with transaction() as session:
        if bureau not in bureaus():
            raise DomainError("请选择要移交给哪个工信局。", field="bureau")
        applicant = session.get_one(Applicant, applicant_id, with_for_update=True, populate_existing=True)
        if applicant.version != version:
            raise AppliesAlready(
                "您打开此页之后，登记内容已有改动（也可能是重复提交）。请先核对，仍要办理的再办理一次。"
            )
        if applicant.bureau == bureau:
            raise DomainError(f"它已经属于{bureaus()[bureau].name}，没有变化。", field="bureau")
        moved = session.scalars(
            select(Evaluation)
            .where(Evaluation.applicant_id == applicant.id)
            .order_by(Evaluation.id)
            .with_for_update(of=Evaluation, key_share=True)
            .execution_options(populate_existing=True)
        ).all()
        before, applicant.bureau = applicant.bureau, bureau
        applicant.version += 1
        for evaluation in moved:
            tallies.count(session, evaluation, -1)
            evaluation.bureau = bureau
            evaluation.version += 1
            tallies.count(session, evaluation, 1)
        after = f"{_place(bureau)}，连同 {len(moved)} 项评价"
        audit.record(session, "applicant.moved", applicant, by=by, before=_place(before), after=after, reason=reason)
        for reader in (Audience.applicant(applicant.id), Audience.bureau(bureau)):
            outbox.post(session, "applicant_moved", to=reader, about=applicant)
        return len(moved)


def _place(bureau: str) -> str:
    return bureaus()[bureau].place if bureau in bureaus() else "未定"
