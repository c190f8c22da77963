"""第二十二条第三款: three years' non-adoption as a fact of an agency, begun and annulled with what it entails."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import User
from agency.models import Agency, NonAdoption
from core import audit, clock, law
from core.errors import DomainError
from core.refs import Ref
from notices import outbox
from notices.outbox import Audience
from sanctions import impact
from sanctions.rules import periods as rules


def begin(
    session: Session, agency: Agency, *, first_day: date, document: str, basis: str, by: User, logged: str = ""
) -> NonAdoption:
    """不予采信: from the first day stated in the decision; the last one follows, and neither is ever edited.

    The agency is locked by whoever calls. `logged`: the reason that the log may hold. Raises DomainError (a day that
    cannot be, entered already).
    """
    jurisdiction = law.jurisdiction()
    rules.require_sound_period(first_day, today=clock.today(), in_force_since=jurisdiction.in_force_since)
    _require_new(session, agency.id, document)
    years = jurisdiction.number("non_adoption_years", on=first_day)
    period = NonAdoption(
        agency_id=agency.id,
        first_day=first_day,
        last_day=rules.last_day(first_day, years=years),
        document=document,
        basis=basis,
        entered_at=clock.now(),
        entered_by=by.id,
    )
    session.add(period)
    session.flush()
    impact.lay(session, period, by=by)  # its rows are locked before the log's one is
    days = f"{period.first_day} 至 {period.last_day}"
    ref = ref_of(period, agency)
    audit.record(session, "non_adoption.entered", ref, by=by, after=days, reason=logged)
    outbox.post(session, "non_adoption_entered", to=Audience.agency(agency.id), about=ref)
    return period


def annul(session: Session, period: NonAdoption, agency: Agency, *, reason: str, by: User) -> None:
    """撤销: ends this period and no other; it stays to be read. The row is locked. Raises AlreadyAnnulled."""
    if period.annulled_at is not None:
        raise rules.AlreadyAnnulled(f"该决定已于 {clock.day_of(period.annulled_at)} 撤销，不必再办理。")
    period.annulled_at, period.annulled_by, period.annulled_reason = clock.now(), by.id, reason
    impact.lift(session, period, by=by)  # its rows are locked before the log's one is
    ref = ref_of(period, agency)
    audit.record(session, "non_adoption.annulled", ref, by=by, reason=reason)
    outbox.post(session, "non_adoption_annulled", to=Audience.agency(agency.id), about=ref)


def ref_of(period: NonAdoption, agency: Agency) -> Ref:
    return Ref("non_adoption", period.id, f"{agency.name} {period.document}")


def _require_new(session: Session, agency_id: int, document: str) -> None:
    same = select(NonAdoption.id).where(
        NonAdoption.agency_id == agency_id, NonAdoption.document == document, NonAdoption.annulled_at.is_(None)
    )
    if session.scalars(same).first() is not None:
        raise DomainError(f"{document} 已经录入，不能重复录入。", clause="JL-22-3", field="document")
