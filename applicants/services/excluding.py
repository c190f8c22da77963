"""第十一条: facts that keep an applicant from the lists are entered, lifted, and annulled where they were wrong."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import User
from applicants.entries import ExclusionEntry
from applicants.models import Applicant, Exclusion
from applicants.rules import UNTIL_LIFTED
from core import audit, clock
from core.db import transaction
from core.errors import Collected, Conflict, DomainError
from notices import outbox
from notices.outbox import Audience

FIRST_YEAR = 2000  # three years count, a listing until it is lifted: a year before is a slip of the pen, as 0206 is


class NoSuchDay(DomainError):
    """A day that has not come, or that lies before the fact."""


class NothingToLift(DomainError):
    """This ground runs for years; nobody ends it earlier."""


class EnteredBefore(Conflict):
    """The same fact stands there already: a second click, or another officer."""


class Done(Conflict):
    """Another officer lifted or annulled it first."""


def enter(applicant_id: int, entry: ExclusionEntry, *, by: User) -> int:
    """登记第十一条情形; returns its id. Raises NoSuchDay, NothingToLift, EnteredBefore."""
    with transaction() as session:
        applicant = session.get_one(Applicant, applicant_id, with_for_update=True, populate_existing=True)
        _require_possible(entry)
        _require_new(session, applicant, entry)
        row = Exclusion(
            applicant_id=applicant.id,
            ground=entry.ground,
            on=entry.on,
            source=entry.source,
            facts=entry.facts,
            lifted_on=entry.lifted_on,
            entered_at=clock.now(),
            entered_by=by.id,
        )
        session.add(row)
        audit.record(
            session, "exclusion.entered", row, by=by, after=f"{applicant.name}，{entry.on}，{entry.source}"[:200]
        )
        _tell(session, applicant, "exclusion_entered")
        return row.id


def lift(exclusion_id: int, lifted_on: date, *, reason: str, by: User) -> None:
    """移出异常名录: from that day on it counts no longer. Raises Done, NothingToLift, NoSuchDay."""
    with transaction() as session:
        row, applicant = _locked(session, exclusion_id)
        if row.ground not in UNTIL_LIFTED:
            raise NothingToLift("只有列入经营异常名录、严重违法失信名单的可以登记移出；其他情形满三年为止。")
        if row.lifted_on is not None:
            raise Done(f"已登记于 {row.lifted_on} 移出，不必再办理。")
        _require_lifting(row.on, lifted_on)
        row.lifted_on = lifted_on
        audit.record(
            session,
            "exclusion.lifted",
            row,
            by=by,
            before=str(row.on),
            after=f"{applicant.name}，{lifted_on}",
            reason=reason,
        )
        _tell(session, applicant, "exclusion_lifted")


def annul(exclusion_id: int, *, reason: str, by: User) -> None:
    """撤销错误登记: it counts for nothing, and stays to be seen with the reason. Raises Done."""
    with transaction() as session:
        row, applicant = _locked(session, exclusion_id)
        row.annulled_at, row.annulled_by, row.annulled_reason = clock.now(), by.id, reason
        audit.record(session, "exclusion.annulled", row, by=by, before=f"{applicant.name}，{row.on}", reason=reason)
        _tell(session, applicant, "exclusion_annulled")


def _require_possible(entry: ExclusionEntry) -> None:
    refusals = Collected()
    with refusals.attempt():
        if entry.on > clock.today():
            raise NoSuchDay(f"发生日期 {entry.on} 还没有到，请填写今天或以前的日期。", field="on")
        if entry.on.year < FIRST_YEAR:
            raise NoSuchDay(f"发生日期 {entry.on} 早于 {FIRST_YEAR} 年，请核对年份。", field="on")
    with refusals.attempt():
        if entry.lifted_on is not None and entry.ground not in UNTIL_LIFTED:
            raise NothingToLift("只有列入经营异常名录、严重违法失信名单的填写移出日期。", field="lifted_on")
        if entry.lifted_on is not None:
            _require_lifting(entry.on, entry.lifted_on)
    refusals.settle()


def _require_lifting(on: date, lifted_on: date) -> None:
    if lifted_on < on:
        raise NoSuchDay(f"移出日期 {lifted_on} 早于列入日期 {on}，请核对。", field="lifted_on")
    if lifted_on > clock.today():
        raise NoSuchDay(f"移出日期 {lifted_on} 还没有到，请在移出后登记。", field="lifted_on")


def _require_new(session: Session, applicant: Applicant, entry: ExclusionEntry) -> None:
    same = select(Exclusion.id).where(
        Exclusion.applicant_id == applicant.id,
        Exclusion.ground == entry.ground,
        Exclusion.on == entry.on,
        Exclusion.source == entry.source,
        Exclusion.annulled_at.is_(None),
    )
    if session.scalar(same) is not None:
        raise EnteredBefore("同一日期、同一来源的这一情形已经登记，不必重复登记。")


def _locked(session: Session, exclusion_id: int) -> tuple[Exclusion, Applicant]:
    """The fact and whom it is about, both locked, the applicant first. Raises Done for one that was annulled."""
    applicant_id = session.get_one(Exclusion, exclusion_id).applicant_id
    applicant = session.get_one(Applicant, applicant_id, with_for_update=True, populate_existing=True)
    row = session.get_one(Exclusion, exclusion_id, with_for_update=True, populate_existing=True)
    if row.annulled_at is not None:
        raise Done(f"这一登记已于 {clock.day_of(row.annulled_at)} 撤销。")
    return row, applicant


def _tell(session: Session, applicant: Applicant, event: str) -> None:
    """The applicant is told; so is the park that it lies in, which is kept from the lists with it."""
    outbox.post(session, event, to=Audience.applicant(applicant.id), about=applicant)
    if applicant.park_id is not None:
        outbox.post(session, event, to=Audience.applicant(applicant.park_id), about=applicant)
