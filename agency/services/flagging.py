"""What officers do about an agency below the conditions: set a term to mend it, confirm that it is (reading 5)."""

from datetime import date, timedelta

from sqlalchemy.orm import Session

from agency import recheck
from agency.models import Agency, Flag
from core import audit, clock
from core.db import transaction
from core.errors import Conflict, DomainError
from core.law import Verdict, jurisdiction
from core.refs import Actor, Ref
from notices import outbox
from notices.outbox import Audience


class FlagCleared(Conflict):
    """Another officer confirmed the mending first."""


class TermMoved(Conflict):
    """Another officer set the term meanwhile, or this is a second click."""


class StillNotMet(DomainError):
    """The check doesn't hold."""


def default_term(on: date) -> date:
    """The last day of the term that is proposed: rectification_days from a day on."""
    return on + timedelta(days=jurisdiction().number("rectification_days", on=on))


def set_term(flag_id: int, mend_by: date, *, shown: date | None, reason: str, by: Actor) -> None:
    """Set the day by which the conditions must hold again, or another one. `shown`: the day that the form showed.

    Raises FlagCleared, TermMoved, and DomainError for a day that has passed.
    """
    with transaction() as session:
        flag = _standing(session, flag_id)
        if flag.mend_by != shown:
            raise TermMoved(f"补正期限刚刚已定为 {flag.mend_by}；仍要更改的，请核对后再保存一次。")
        if mend_by < clock.today():
            raise DomainError(f"补正期限 {mend_by} 已经过去，请填写今天或以后的日期。", field="mend_by")
        if mend_by == flag.mend_by:
            raise DomainError(f"补正期限已经是 {mend_by}，没有变化。", field="mend_by")
        agency = session.get_one(Agency, flag.agency_id)
        before, flag.mend_by, flag.reason = flag.mend_by, mend_by, reason
        audit.record(
            session, "flag.term_set", _ref(flag, agency), by=by, before=_day(before), after=_day(mend_by), reason=reason
        )
        outbox.post(session, "term_set", to=Audience.agency(agency.id), about=agency)


def confirm_mended(flag_id: int, *, reason: str, by: Actor) -> None:
    """Clear a flag once the conditions hold again. What is left open by the rules the officer decides with the reason.

    Raises FlagCleared, and StillNotMet when a condition isn't met now.
    """
    with transaction() as session:
        flag = _standing(session, flag_id)
        agency = session.get_one(Agency, flag.agency_id)
        unmet = [
            finding for finding in recheck.run(session, agency, by=by).findings if finding.verdict is Verdict.NOT_MET
        ]
        if unmet:
            told = "；".join(f"{jurisdiction().cite(finding.clause)} {finding.reason}" for finding in unmet)
            raise StillNotMet(f"现在仍不符合条件，不能确认：{told}。", clause=unmet[0].clause)
        today = clock.today()
        flag.mended_on = flag.mended_on or today
        flag.cleared_on, flag.cleared_by, flag.reason = today, by.id, reason
        audit.record(
            session,
            "flag.cleared",
            _ref(flag, agency),
            by=by,
            before=_day(flag.since),
            after=_day(today),
            reason=reason,
        )
        outbox.post(session, "conditions_confirmed", to=Audience.agency(agency.id), about=agency)


def _standing(session: Session, flag_id: int) -> Flag:
    """The flag with its agency, both locked, the agency first: as every check does."""
    agency_id = session.get_one(Flag, flag_id).agency_id
    session.get_one(Agency, agency_id, with_for_update=True, populate_existing=True)
    flag = session.get_one(Flag, flag_id, with_for_update=True, populate_existing=True)
    if flag.cleared_on is not None:
        raise FlagCleared(f"这一条件不符已于 {flag.cleared_on} 确认补正，不必再办理。")
    return flag


def _ref(flag: Flag, agency: Agency) -> Ref:
    return Ref("flag", flag.id, f"{agency.name} {flag.kind.label}")


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
