"""An officer moves an unproved registration to the body that the code belongs to."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from accounts import enrolment, passwords
from accounts.models import Role, User
from agency import changing, places, waiting
from agency.models import (
    Agency,
    Declaration,
    FilingStatus,
    ImportState,
    Material,
    Office,
    OutsideProjects,
    Record,
    Representation,
    RosterClaim,
    StaffMember,
    Training,
)
from core import clock
from core.db import transaction
from core.errors import Conflict
from core.refs import Actor
from notices import outbox
from notices.outbox import Audience

OWNED: Sequence[type[Any]] = (
    Declaration, Office, OutsideProjects, Record, Representation, RosterClaim, StaffMember, Training
)  # fmt: skip


class AlreadyProved(Conflict):
    """A filing was granted, or is being reviewed: whose registration it is, is decided there."""


def move(agency_id: int, *, username: str, display_name: str, reason: str, version: int, by: Actor) -> str:
    """Give a registration to the rightful body; returns the password of its first account, to be handed over once.

    The accounts so far are cut off, and what they entered is taken out; code, name and place stay.
    Raises Conflict, AlreadyProved, UsernameTaken, BadUsername.
    """
    with transaction() as session:
        agency = changing.begin(session, agency_id, shown=version)
        if not agency.is_unproved:
            raise AlreadyProved("该机构已经备案，登记不再移交。")
        if agency.filing_status is FilingStatus.PENDING:
            raise AlreadyProved("该机构的备案正在审核，请先在备案中退回并由其撤回，或者作出不予备案的决定。")
        _cut_off(session, agency)
        _clear(session, agency)
        places.resettle(session, agency.id, by=by)
        password = passwords.generated()
        enrolment.enrol(
            session,
            username=username,
            display_name=display_name,
            password=password,
            roles=[Role.AGENCY],
            agency_id=agency.id,
            must_change_password=True,
        )
        changing.finish(session, agency, "agency.moved", by=by, reason=reason)
        outbox.post(session, "registration_moved", to=Audience.agency(agency.id), about=agency)
        return password


def _cut_off(session: Session, agency: Agency) -> None:
    for user in session.scalars(select(User).where(User.agency_id == agency.id)):
        user.active = False
        user.session_epoch += 1


def _clear(session: Session, agency: Agency) -> None:
    for model in OWNED:
        session.execute(delete(model).where(model.agency_id == agency.id))
    session.execute(
        update(Material)
        .where(Material.agency_id == agency.id, Material.removed_at.is_(None))
        .values(removed_at=clock.now())
    )
    brought = waiting.pending_of(session, agency.id)
    if brought is not None:
        waiting.close(session, brought, ImportState.ABANDONED)
    agency.address = agency.platform_number = agency.finance_system = ""
    agency.contact_name = agency.contact_email = agency.service_address = ""
    agency.contact_phone = agency.platform_registered_on = agency.service_consent_at = None
    agency.does_factories = agency.does_parks = agency.does_supply_chains = False
