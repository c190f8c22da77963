"""An officer brings applicants in a spreadsheet: looked at first, saved only when confirmed, once."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from accounts.models import User
from applicants import keeping, naming
from applicants.models import Applicant, ApplicantSheet, Origin, SheetState
from applicants.sheets import planning, waiting
from applicants.sheets.planning import Outcome, PlannedRow
from core import audit, clock
from core.db import transaction
from core.documents import clean_name
from core.errors import Conflict, DomainError
from core.sheets import extension_of

KEPT = timedelta(days=1)  # how long a sheet waits to be confirmed


class SheetDone(Conflict):
    """Confirmed or abandoned before: a second click, or Back."""


class ChangedMeanwhile(Conflict):
    """The register is no longer the one of the preview."""


def bring(content: bytes, *, file_name: str, by: User) -> int:
    """Read a spreadsheet and keep what it says, to be looked at; returns the sheet's id.

    One of the same officer that waited is abandoned for it. Raises UnreadableSheet, NoHeading, NoApplicants or
    TooManyRows for what can't be read; then nothing is kept.
    """
    read = waiting.read(content)
    with transaction() as session:
        earlier = session.scalars(_pending().where(ApplicantSheet.brought_by == by.id)).all()
        sheet = ApplicantSheet(
            digest=waiting.keep(read),
            file_name=clean_name(file_name, extension_of(content))[:200],
            bureau=waiting.bureau_of(by),
            brought_at=clock.now(),
            brought_by=by.id,
        )
        session.add(sheet)
        session.flush()  # so that the same list brought twice is seen to be held still
        for each in earlier:
            _close(session, each, SheetState.ABANDONED, by=by)
        audit.record(session, "applicant_sheet.brought", sheet, by=by)
        return sheet.id


def confirm(sheet_id: int, *, version: int, by: User) -> tuple[int, int]:
    """Put what was shown into the register, in one go; returns how many were added and changed.

    Raises SheetDone the second time, SheetGone, and ChangedMeanwhile when something else would come of it now.
    """
    try:
        with transaction() as session:
            sheet = _locked(session, sheet_id)
            plan = planning.plan(session, waiting.read_of(sheet), bureau=sheet.bureau)
            if plan.version != version:
                raise ChangedMeanwhile(
                    "预览之后培育对象的登记内容已有改动，请按下面的结果重新核对，仍要导入的再确认一次。"
                )
            if plan.is_empty:
                raise DomainError("表格与登记的内容没有差别，没有可以导入的内容。")
            with naming.together(session):
                for row in (*plan.having(Outcome.CHANGED), *plan.having(Outcome.ADDED)):
                    _carry_out(session, row)
            sheet.added, sheet.changed = plan.counts[Outcome.ADDED], plan.counts[Outcome.CHANGED]
            _close(session, sheet, SheetState.CONFIRMED, by=None)
            told = f"新增 {sheet.added}，更改 {sheet.changed}"
            audit.record(session, "applicant_sheet.confirmed", sheet, by=by, after=told)
            return sheet.added, sheet.changed
    except IntegrityError as clash:
        if "credit_code" in str(clash.orig):
            raise ChangedMeanwhile("其中一个统一社会信用代码刚刚由他人登记，请重新核对。") from None
        raise


def _carry_out(session: Session, row: PlannedRow) -> None:
    known_id = row.applicant_id or (row.alone.id if row.alone else None)
    if row.sound is None:
        raise ValueError(f"row {row.row.row} is not imported")
    if known_id is None:
        keeping.put_in(session, row.sound, None, origin=Origin.DESK)
        return
    applicant = session.get_one(Applicant, known_id, with_for_update=True, populate_existing=True)
    if applicant.version != row.version:
        raise ChangedMeanwhile(f"“{applicant.name}”刚刚由他人修改，请重新核对。")
    if row.alone is not None:
        keeping.put_in(session, row.sound, applicant, origin=Origin.DESK)
    else:
        keeping.change(session, applicant, row.entry, on=clock.today())


def abandon(sheet_id: int, *, by: User) -> None:
    """Save nothing of it; what was read is removed. Raises SheetDone."""
    with transaction() as session:
        _close(session, _locked(session, sheet_id), SheetState.ABANDONED, by=by)


def sweep() -> int:
    """Abandon what has waited for more than a day; returns how many."""
    with transaction() as session:
        outdated = session.scalars(_pending().where(ApplicantSheet.brought_at < clock.now() - KEPT)).all()
        for sheet in outdated:
            _close(session, sheet, SheetState.ABANDONED, by=None)
            audit.record(session, "applicant_sheet.abandoned", sheet, by=None, reason="超过一天未确认")
        return len(outdated)


def _pending() -> Any:
    return select(ApplicantSheet).where(ApplicantSheet.state == SheetState.PENDING).with_for_update()


def _locked(session: Session, sheet_id: int) -> ApplicantSheet:
    sheet = session.get_one(ApplicantSheet, sheet_id, with_for_update=True, populate_existing=True)
    if sheet.state is SheetState.CONFIRMED:
        raise SheetDone(f"这份表格已经导入：新增 {sheet.added} 个，更改 {sheet.changed} 个，不必再次确认。")
    if sheet.state is SheetState.ABANDONED:
        raise SheetDone("这份表格已放弃或超过一天未确认，文件已删除；仍要导入的请重新上传。")
    return sheet


def _close(session: Session, sheet: ApplicantSheet, state: SheetState, *, by: User | None) -> None:
    waiting.close(session, sheet, state)
    if by is not None:
        audit.record(session, f"applicant_sheet.{state.value}", sheet, by=by)
