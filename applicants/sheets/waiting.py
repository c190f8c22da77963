"""A sheet that waits to be confirmed: what was read is kept in the file store, the spreadsheet itself is not."""

from typing import cast

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import User
from accounts.policies import is_provincial
from applicants.models import ApplicantSheet, SheetState
from applicants.sheets.reading import SheetRead, from_json, read_applicants, to_json
from core import waiting
from core.db import db
from core.errors import DomainError
from core.settings import Settings
from core.sheets import Limits
from core.uploads import store

MOST_ROWS = 2_000  # each is looked up and judged; no bureau has so many


class SheetGone(DomainError):
    """What was brought is no longer in the store."""


class TooManyRows(DomainError):
    """More than are looked at in one go."""


def read(content: bytes) -> SheetRead:
    """Read a spreadsheet within the limits of the settings. Raises UnreadableSheet, NoHeading, NoApplicants."""
    settings = cast(Settings, current_app.extensions["settings"])
    found = read_applicants(content, Limits(settings.upload_bytes, settings.sheet_unpacked_bytes, settings.sheet_rows))
    if len(found.rows) > MOST_ROWS:
        raise TooManyRows(f"表中有 {len(found.rows)} 个培育对象，一次最多导入 {MOST_ROWS} 个，请拆分后再上传。")
    return found


def keep(read: SheetRead) -> str:
    """Put what was read into the store, encrypted like every file; returns the digest that names it."""
    return waiting.put(to_json(read))


def read_of(sheet: ApplicantSheet) -> SheetRead:
    """What a sheet that waits would bring. Raises SheetGone."""
    try:
        return from_json(store().open(sheet.digest or ""))
    except (FileNotFoundError, ValueError, LookupError):
        raise SheetGone("上传的表格已不在系统中，请重新上传。") from None


def close(session: Session, sheet: ApplicantSheet, state: SheetState) -> None:
    """A sheet is done with."""
    sheet.state = state
    waiting.let_go(session, sheet)


def sheet_seen_by(user: User, sheet_id: int) -> ApplicantSheet | None:
    """The sheets of one's own bureau; the province's desk sees all, and a bureau's stays a bureau's."""
    sheet = cast(ApplicantSheet | None, db.session.get(ApplicantSheet, sheet_id))
    return sheet if sheet is not None and bureau_of(user) in ("", sheet.bureau) else None


def bureau_of(user: User) -> str:
    """The bureau whose applicants an officer may bring; "": every one."""
    return "" if is_provincial(user, None) else user.bureau or "?"


def pending_of(session: Session, user_id: int) -> ApplicantSheet | None:
    """The sheet of a user that waits to be confirmed."""
    rows = select(ApplicantSheet).where(
        ApplicantSheet.brought_by == user_id, ApplicantSheet.state == SheetState.PENDING
    )
    return session.scalars(rows.order_by(ApplicantSheet.id.desc())).first()
