"""Files that come with a form not yet sent: judged by their content, kept for the form, to be removed again.

So nobody has to choose them anew because something else in the form was wrong.
"""

from collections.abc import Sequence
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from complaints import guarding, receipts
from complaints.guarding import Kind
from complaints.models import KeptUpload
from complaints.uploads import Judged, Sent, judge, require_room
from core import clock
from core.db import afterwards, db, transaction
from core.uploads import StoredFile, store

MEGABYTE = 1024 * 1024


def keep(token: str, sent: Sequence[Sent], *, address: str) -> None:
    """Keep what was sent with a form: all that can be taken, and say what of the rest is wrong.

    Raises RiddleDue, TooMany, NotTaken (or several as Refusals).
    """
    form = receipts.form_key(token)
    guarding.require_answered(db.session(), form, address)  # looking at files is work: not for everybody in a flood
    judged = judge(sent)
    with transaction() as session:
        guarding.require_answered(session, form, address)
        kept = session.scalars(select(KeptUpload).where(KeptUpload.form == form)).all()
        taken = [each for each in judged.taken if each.digest not in {one.digest for one in kept}]
        require_room([one.size for one in kept], [each.size for each in taken])
        if taken:
            guarding.count(session, Kind.UPLOAD, address, sum(each.size for each in taken) // MEGABYTE + 1)
        session.add_all(_row(form, each) for each in taken)
    judged.refusals.settle()


def _row(form: str, each: Judged) -> KeptUpload:
    return KeptUpload(
        form=form,
        digest=each.digest,
        kind=each.examined.kind,
        pages=each.examined.pages,
        size=each.size,
        name=each.name,
        kept_at=clock.now(),
    )


def remove(token: str, upload_id: int) -> None:
    """移除: one of the files of this form; one that is gone already is no matter."""
    with transaction() as session:
        row = session.get(KeptUpload, upload_id)
        if row is not None and row.form == receipts.form_key(token):
            let_go(session, row)


def let_go(session: Session, row: KeptUpload) -> None:
    """Delete a kept file: its content too, where nothing else has the same."""
    digest = row.digest
    session.delete(row)
    session.flush()
    held = select(KeptUpload.id).where(KeptUpload.digest == digest).limit(1)
    stored = select(StoredFile.id).where(StoredFile.digest == digest).limit(1)
    if session.scalar(held) is None and session.scalar(stored) is None:
        afterwards(session, partial(store().delete, digest))
