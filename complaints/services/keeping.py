"""Files that come with a form not yet sent: judged by their content, kept for the form, to be removed again.

So nobody has to choose them anew because something else in the form was wrong.
"""

from collections.abc import Sequence
from functools import partial

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from complaints import guarding, receipts
from complaints.guarding import Kind
from complaints.models import KeptUpload
from complaints.uploads import (
    FIELD,
    MEGABYTE,
    Judged,
    NotTaken,
    Sent,
    dropped_if_refused,
    is_held,
    judge,
    megabytes,
    require_room,
    require_there,
)
from core import clock
from core.db import afterwards, transaction
from core.uploads import store

MOST_WAITING = 20 * 1024 * MEGABYTE  # of all forms together


def keep(token: str, sent: Sequence[Sent], *, address: str) -> None:
    """Keep what was sent with a form: all that can be taken, and say what of the rest is wrong.

    Raises RiddleDue, TooMany, NotTaken (or several as Refusals).
    """
    form = receipts.form_key(token)
    require_room([], [each.size for each in sent])
    with transaction() as session:  # looking at files is work: counted before it is done, whatever comes of it
        guarding.require_answered(session, form, address)
        _require_space(session, sent)
        guarding.count(session, Kind.UPLOAD, address, megabytes(sent))
    judged = judge(sent)
    with dropped_if_refused(judged.taken), transaction() as session:
        kept = session.scalars(select(KeptUpload).where(KeptUpload.form == form)).all()
        taken = [each for each in judged.taken if each.digest not in {one.digest for one in kept}]
        require_room([one.size for one in kept], [each.size for each in taken])
        require_there(taken)
        session.add_all(_row(form, each) for each in taken)
    judged.refusals.settle()


def _require_space(session: Session, sent: Sequence[Sent]) -> None:
    """Strangers fill no disk: there is a bound to what waits, of all forms not yet sent. Raises NotTaken."""
    waiting = session.scalar(select(func.coalesce(func.sum(KeptUpload.size), 0))) or 0
    if waiting + sum(each.size for each in sent) > MOST_WAITING:
        raise NotTaken(
            "系统里等待提交的文件太多，这次的没有收下：可以先提交文字，以后凭编号和查询码补充材料。", field=FIELD
        )


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
    if not is_held(session, digest):
        afterwards(session, partial(store().delete, digest))
