"""Letting go of what the public form no longer needs: files never sent, codes, riddles, counts, visits."""

from datetime import timedelta

from sqlalchemy import delete, select

from complaints import guarding
from complaints.models import KeptUpload, MailCode, ReporterVisit, Riddle
from complaints.services.following import LASTS
from complaints.services.keeping import let_go
from complaints.services.proving import VALID
from core import clock
from core.db import db, transaction

UPLOADS_KEPT = timedelta(hours=6)
AT_A_TIME = 50
CODES_KEPT = 2 * VALID + UPLOADS_KEPT  # a confirmed address holds for as long as the files of its form


def sweep() -> int:
    """Delete what is over; how many rows went. Writes nothing where nothing is."""
    return _uploads() + _rows()


def _uploads() -> int:
    gone = 0
    while ids := _old_uploads():
        with transaction() as session:
            for row in session.scalars(select(KeptUpload).where(KeptUpload.id.in_(ids)).with_for_update()):
                let_go(session, row)
                gone += 1
    return gone


def _old_uploads() -> list[int]:
    """What has been waiting for so long."""
    session = db.session()
    old = select(KeptUpload.id).where(KeptUpload.kept_at < clock.now() - UPLOADS_KEPT)
    found = list(session.scalars(old.order_by(KeptUpload.id).limit(AT_A_TIME)))
    session.rollback()
    return found


def _rows() -> int:
    now = clock.now()
    old = (
        (MailCode.form, MailCode.sent_at < now - CODES_KEPT),
        (Riddle.token, Riddle.made_at < now - UPLOADS_KEPT),  # one that was answered holds for its form
        (ReporterVisit.key, ReporterVisit.begun_at < now - LASTS),
    )
    session = db.session()
    due = guarding.any_old(session) or any(
        session.scalar(select(key).where(over).limit(1)) is not None for key, over in old
    )
    session.rollback()
    if not due:
        return 0
    with transaction() as writing:
        gone = sum(len(writing.execute(delete(key.class_).where(over).returning(key)).all()) for key, over in old)
        return gone + guarding.forget_old(writing)
