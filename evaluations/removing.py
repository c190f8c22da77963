"""Taking an entry off its published list and putting it back, inside a running transaction."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from applicants.models import Exclusion, Ground
from core import audit, clock
from core.errors import Conflict, DomainError
from core.refs import Actor
from evaluations.models import ListEntry
from notices import outbox
from notices.outbox import Audience


class AlreadyRemoved(Conflict):
    """Another officer was first, or the same click came twice."""


class NotRemoved(Conflict):
    """It stands on its list: somebody put it back first."""


def locked(session: Session, entry_id: int) -> ListEntry:
    return session.get_one(ListEntry, entry_id, with_for_update={"of": ListEntry}, populate_existing=True)


def remove(session: Session, entry: ListEntry, *, on: date, basis: str, by: Actor) -> None:
    """移出名单: an entry stays with the day and the basis of its removal, which is a fact of 第十一条（三） as well.

    The entry is locked. Raises AlreadyRemoved, DomainError.
    """
    if entry.removed_on is not None:
        raise AlreadyRemoved(f"该条已于 {entry.removed_on} 移出名单（{entry.basis}），请刷新后查看。")
    if on < entry.published:
        raise DomainError(f"移出日期不能早于公布日期 {entry.published}，请核对。", field="on")
    if on > clock.today():
        raise DomainError("移出日期不能晚于今天。移出公告发布后再登记。", field="on")
    entry.removed_on, entry.basis = on, basis
    _exclude(session, entry, by=by)
    audit.record(session, "list_entry.removed", entry, by=by, after=str(on), reason=basis)


def put_back(session: Session, entry: ListEntry, *, reason: str, by: Actor) -> None:
    """撤销移出: the fact of 第十一条（三） that came of it goes with it. The entry is locked. Raises NotRemoved."""
    if entry.removed_on is None:
        raise NotRemoved("该条没有登记移出，或刚刚已撤销，请刷新后查看。")
    fact = session.scalars(
        select(Exclusion).where(
            Exclusion.applicant_id == entry.applicant_id,
            Exclusion.ground == Ground.REMOVED,
            Exclusion.on == entry.removed_on,
            Exclusion.source == entry.basis,
            Exclusion.annulled_at.is_(None),
        )
    ).first()
    before = str(entry.removed_on)
    entry.removed_on, entry.basis = None, ""
    audit.record(session, "list_entry.put_back", entry, by=by, before=before, reason=reason)
    if fact is not None:
        fact.annulled_at, fact.annulled_by, fact.annulled_reason = clock.now(), by.id, reason
        audit.record(session, "exclusion.annulled", fact, by=by, before=before, reason=reason)
        outbox.post(session, "exclusion_annulled", to=Audience.applicant(entry.applicant_id), about=entry.applicant)


def _exclude(session: Session, entry: ListEntry, *, by: Actor) -> None:
    """第十一条（三）: unless an officer has entered the same removal already."""
    same = (Exclusion.applicant_id == entry.applicant_id, Exclusion.ground == Ground.REMOVED)
    entered = select(Exclusion.id).where(*same, Exclusion.on == entry.removed_on, Exclusion.annulled_at.is_(None))
    if session.scalars(entered).first() is not None:
        return
    fact = Exclusion(
        applicant_id=entry.applicant_id,
        ground=Ground.REMOVED,
        on=entry.removed_on,
        source=entry.basis,
        facts=f"移出{entry.list_name}（{entry.kind.label}）",
        entered_at=clock.now(),
        entered_by=by.id,
    )
    session.add(fact)
    audit.record(session, "exclusion.entered", fact, by=by, after=f"{entry.applicant.name}，{entry.removed_on}"[:200])
    outbox.post(session, "exclusion_entered", to=Audience.applicant(entry.applicant_id), about=entry.applicant)
