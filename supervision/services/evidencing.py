"""Evidence of a case: collected, seen on site, and cleared, copy by copy, for the other side."""

from collections.abc import Collection, Sequence

from accounts.models import User
from core import audit, clock, documents, stripping, uploads
from core.db import db, transaction
from core.documents import DocumentKind, Examined
from evaluations.entries import Upload
from supervision import casework, discretion, evidence, steps
from supervision.entries import OnSiteEntry
from supervision.models import CaseFile, CaseState, StepKind
from supervision.rules import verifying


class AlreadyCleared(verifying.NotPossibleNow):
    """The copy is cleared: what the other side may have seen stays as it is."""


def add(case_id: int, title: str, files: Sequence[Upload], *, version: int, by: User) -> int:
    """增加证据: under the officer's title, numbered where there are several. Returns how many.

    Raises CaseClosed, DomainError at `files`.
    """
    judged = steps.judged(files)
    with transaction() as session:
        case = steps.shown(session, case_id, version, state=CaseState.OPEN)
        for number, row in enumerate(steps.kept(session, judged, by=by), start=1):
            evidence.add_file(session, case, row, title if len(judged) == 1 else f"{title}（{number}）", by=by)
        return len(judged)


def on_site(case_id: int, entry: OnSiteEntry, scan: Upload | None, *, version: int, by: User) -> None:
    """现场核查记录: by two. Raises CaseClosed, NotVerified, DomainError at `scan`."""
    judged = steps.judged([scan] if scan is not None else [], field="scan")
    verifying.require_two_officers([entry.first, entry.second])
    verifying.require_past_or_today(entry.day, today=clock.today(), field="day")
    with transaction() as session:
        case = steps.shown(session, case_id, version, state=CaseState.OPEN)
        text = "\n".join(
            (
                f"核查人员：{entry.first}、{entry.second}",
                f"时间：{entry.day}　地点：{entry.place}",
                f"核查情况：{entry.seen}",
            )
        )
        casework.add_note(session, case, text, by=by, kind=StepKind.ON_SITE)
        for row in steps.kept(session, judged, by=by):
            evidence.add_file(session, case, row, f"现场核查记录（{entry.day}）", by=by)


def prepare(case_id: int, evidence_id: int, pages: Collection[int], *, version: int, by: User) -> None:
    """制作副本: of the chosen pages, without anything but what is seen on them; nobody outside sees it yet.

    Raises CaseClosed, AlreadyCleared, NothingToStrip, PageNotShown.
    """
    found = db.session().get_one(CaseFile, evidence_id)
    content = stripping.stripped(uploads.store().open(found.file.digest), pages)
    is_pdf = found.file.kind is DocumentKind.PDF
    examined = Examined(documents.kind_of(content) or DocumentKind.PDF, len(set(pages)) if is_pdf else 1)
    with transaction() as session:
        case = steps.shown(session, case_id, version)
        row = _uncleared(session.get_one(CaseFile, evidence_id, with_for_update={"of": CaseFile}))
        kept = uploads.keep(session, content, examined, name=f"证据 {row.id}", by=by)
        row.copy_file_id, row.cleared_pages = kept.id, sorted(set(pages))
        case.version += 1
        audit.record(session, "case.copy_made", case, by=by, after=f"证据 {row.id}")


def clear(case_id: int, evidence_id: int, *, version: int, looked_over: bool, by: User) -> None:
    """确认可以给对方看: the officer has looked at the copy; its title is shown with it. Logged, and not taken back.

    Raises CaseClosed, AlreadyCleared, NotVerified, MayReveal.
    """
    with transaction() as session:
        case = steps.shown(session, case_id, version)
        row = _uncleared(session.get_one(CaseFile, evidence_id, with_for_update={"of": CaseFile}))
        if row.copy_file_id is None:
            raise verifying.NotVerified("请先选择页码、制作副本，看过副本后再确认。", field="pages")
        discretion.require_fit_to_send(session, case, row.title, looked_over=looked_over, field="looked_over")
        row.cleared_file_id, row.cleared_at, row.cleared_by = row.copy_file_id, clock.now(), by.id
        case.version += 1
        casework.write(session, case, f"{row.title}：副本可以给对方看", by=by, kind=StepKind.EVIDENCE)
        audit.record(session, "case.evidence_cleared", case, by=by, after=f"证据 {row.id}")


def _uncleared(row: CaseFile) -> CaseFile:
    if row.cleared_at is not None:
        raise AlreadyCleared("这份证据的副本已经确认，不能再改；要给对方看另外的页，请把原件另行加入证据后制作副本。")
    return row
