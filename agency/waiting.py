"""A roster that waits to be confirmed: what was read is kept in the file store, the spreadsheet itself is not."""

from datetime import date
from typing import cast

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from agency.models import ImportState, RosterImport
from agency.rosters import Roster, from_json, read_roster, to_json
from core import waiting
from core.errors import DomainError
from core.settings import Settings
from core.sheets import Limits
from core.uploads import store


class RosterGone(DomainError):
    """What was brought is no longer in the store."""


def read(content: bytes, *, file_name: str, agency_name: str, on: date) -> Roster:
    """Read a spreadsheet within the limits of the settings. Raises UnreadableSheet, NoHeading, NoPeople."""
    settings = cast(Settings, current_app.extensions["settings"])
    limits = Limits(settings.upload_bytes, settings.sheet_unpacked_bytes, settings.sheet_rows)
    return read_roster(content, file_name=file_name, on=on, agency_name=agency_name, limits=limits)


def keep(roster: Roster) -> str:
    """Put what was read into the store, encrypted like every file; returns the digest that names it."""
    return waiting.put(to_json(roster))


def roster_of(brought: RosterImport) -> Roster:
    """What an import that waits would bring. Raises RosterGone."""
    try:
        return from_json(store().open(brought.digest or ""))
    except (FileNotFoundError, ValueError, LookupError):  # also what a release before this one kept
        raise RosterGone("上传的名单已不在系统中，请重新上传。") from None


def pending_of(session: Session, agency_id: int) -> RosterImport | None:
    """The roster that waits to be confirmed."""
    rows = select(RosterImport).where(RosterImport.agency_id == agency_id, RosterImport.state == ImportState.PENDING)
    return session.scalars(rows.order_by(RosterImport.id.desc())).first()


def close(session: Session, brought: RosterImport, state: ImportState) -> None:
    """An import is done with: what was read goes once that is committed, unless another import holds the same."""
    brought.state = state
    waiting.let_go(session, brought)
