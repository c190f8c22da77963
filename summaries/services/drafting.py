"""The agency writes its summary: saved as it goes, with files beside it."""

from accounts.models import User
from core import audit, clock, uploads
from core.db import db, transaction
from core.documents import examine
from core.errors import Collected, DomainError
from summaries import rules, stating, writing
from summaries.entries import DraftEntry, Upload
from summaries.figures import KEYS, joined
from summaries.models import SummaryAttachment
from summaries.queries.figures import known_of


def save(agency_id: int, year: int, entry: DraftEntry, *, version: int, by: User) -> int:
    """保存: what is written so far, complete or not. Returns the version it has now; nothing new changes nothing.

    Raises NotOpen, NotPossibleNow, NotReady for a figure below zero.
    """
    stated = {key: each for key, each in entry.stated.items() if key in KEYS}
    known = known_of(db.session(), agency_id, year)
    with transaction() as session:
        summary, _ = writing.begun(session, agency_id, year, shown=version)
        rules.require_editable(summary.state)
        figures = [figure for figure in joined(known, stated) if figure.key in stated]
        refusals = Collected()
        for figure in figures:
            with refusals.attempt():
                rules.require_sound(figure)
        refusals.settle()
        same = (stating.texts_of(summary), stating.stated_of(summary.figures)) == (entry.texts, stated)
        if same and not summary.nil and summary.saved_at is not None:
            summary.version -= 1
            return summary.version
        summary.account, summary.problems = entry.texts.account, entry.texts.problems
        summary.suggestions, summary.plan = entry.texts.suggestions, entry.texts.plan
        summary.nil, summary.saved_at = False, clock.now()
        writing.state_figures(session, summary, figures)
        audit.record(session, "summary.saved", summary, by=by)
        return summary.version


def attach(agency_id: int, year: int, upload: Upload, *, version: int, by: User) -> int:
    """添加附件. Raises DocumentRefused at `file` (before anything is written), NotOpen, NotPossibleNow, NotReady."""
    try:
        examined = examine(upload.content)
    except DomainError as refusal:
        refusal.field = "file"
        raise
    uploads.store().put(upload.content)  # encrypted and written before the transaction, which then finds it there
    with transaction() as session:
        summary, _ = writing.begun(session, agency_id, year, shown=version)
        rules.require_editable(summary.state)
        rules.require_room(len(summary.attachments))
        file = uploads.keep(session, upload.content, examined, name=upload.name, by=by)
        row = SummaryAttachment(summary_id=summary.id, file_id=file.id, added_at=clock.now(), added_by=by.id)
        session.add(row)
        summary.saved_at = clock.now()
        audit.record(session, "summary.attached", summary, by=by, after=f"附件 {len(summary.attachments) + 1} 个")
        return row.id


def detach(agency_id: int, year: int, attachment_id: int, *, version: int, by: User) -> None:
    """移除附件: the file stays where a version refers to it. Raises NotOpen, NotPossibleNow."""
    with transaction() as session:
        summary, _ = writing.begun(session, agency_id, year, shown=version)
        rules.require_editable(summary.state)
        row = next((each for each in summary.attachments if each.id == attachment_id), None)
        if row is None:
            raise rules.NotPossibleNow("这个附件已经移除。")
        row.removed_at = clock.now()
        summary.saved_at = clock.now()
        audit.record(session, "summary.detached", summary, by=by, after=f"附件 {len(summary.attachments) - 1} 个")
