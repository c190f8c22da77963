"""Changing an agency's particulars inside a running transaction: locked, on what was shown, checked again, recorded."""

from sqlalchemy.orm import Session

from agency import recheck
from agency.models import Agency
from core import audit
from core.errors import Conflict
from core.refs import Actor, Ref


def begin(session: Session, agency_id: int, *, shown: int) -> Agency:
    """The agency, locked. Raises Conflict when it is no longer what the reader saw: a colleague, or a second click."""
    agency = session.get_one(Agency, agency_id, with_for_update=True, populate_existing=True)
    if agency.version != shown:
        raise Conflict("您打开此页之后，本机构的资料已有改动（也可能是重复提交）。请先核对，仍要保存的再保存一次。")
    return agency


def finish(
    session: Session,
    agency: Agency,
    action: str,
    *,
    by: Actor,
    about: Ref | None = None,
    before: str | None = None,
    after: str | None = None,
    reason: str | None = None,
) -> None:
    """Raise the version, check Article 20 again and record what was done."""
    agency.version += 1
    recheck.run(session, agency, by=by)
    audit.record(session, action, about or agency, by=by, before=_short(before), after=_short(after), reason=reason)


def _short(text: str | None) -> str | None:
    return None if text is None else text[:200]
