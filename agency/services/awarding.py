"""An officer decides at which of several agencies a person counts (reading 3)."""

from sqlalchemy import select

from agency import recheck
from agency.models import Agency, RosterClaim
from agency.queries import sharing
from core import audit, clock
from core.db import transaction
from core.errors import Conflict
from core.refs import Actor, Ref
from notices import outbox
from notices.outbox import Audience


class NothingToDecide(Conflict):
    """No longer several agencies count on the person, or it was decided so already."""


def award(person_id: int, agency_id: int, *, reason: str, by: Actor) -> None:
    """The person counts at this agency; every agency that claimed the person is checked anew and told.

    Raises NothingToDecide.
    """
    with transaction() as session:
        claiming = select(RosterClaim).where(RosterClaim.person_id == person_id).order_by(RosterClaim.agency_id)
        agencies = session.scalars(
            select(Agency)
            .where(Agency.id.in_(claiming.with_only_columns(RosterClaim.agency_id).order_by(None)))
            .order_by(Agency.id)
            .with_for_update()
        ).all()
        claims = session.scalars(claiming.with_for_update().execution_options(populate_existing=True)).all()
        won = next((claim for claim in claims if claim.agency_id == agency_id), None)
        if won is None or len(claims) < 2:
            raise NothingToDecide("此人已不再有多家机构申报，不必核定，请返回列表查看。")
        before = sharing.awarded(claims)
        if before is won:
            raise NothingToDecide("此人已经核定在这家机构，不必再办理。")
        won.awarded_at = clock.now()
        session.flush()
        names = {agency.id: agency.name for agency in agencies}
        audit.record(
            session,
            "roster_claim.awarded",
            Ref("roster_claim", won.id, f"人员 {person_id}"),
            by=by,
            before=names[before.agency_id] if before else None,
            after=names[won.agency_id],
            reason=reason,
        )
        for agency in agencies:
            outbox.post(session, "person_awarded", to=Audience.agency(agency.id), about=agency)
            recheck.run(session, agency, by=by)
