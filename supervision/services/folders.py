"""批量核查: a folder of files dropped in, screened one by one, and gone again after some days."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from flask import current_app
from sqlalchemy import ColumnElement, and_, delete, or_, select, update
from sqlalchemy.orm import Session

from accounts.models import User
from core import audit, clock, law
from core.db import afterwards, transaction
from core.uploads import store
from evaluations import agreed
from evaluations.entries import Upload
from evaluations.reading.agreements import Agreement, AgreementRefused, kind_of
from evaluations.rules.states import ScreeningState
from evaluations.screening.agreements import ScreenedAgreement
from evaluations.screenings import unread_in
from supervision import dropped, naming, rules
from supervision.models import ScreenedFile, ScreenedFolder

LEASE = timedelta(minutes=5)  # renewed while the file is read
MOST_ATTEMPTS = 3
SALT = 16  # bytes before a content: no other row's file is ever the same, so that each can be deleted by itself
TIRED = "系统几次没有读完这个文件，请另存为 .docx 或带文字的 PDF 后再试。"


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to screen a file, until the lease is over or somebody else holds it."""

    file_id: int
    token: str
    digest: str
    name: str


class ClaimLost(Exception):
    """The lease ran out and another process took it up, or the folder was deleted."""


def drop(title: str, uploads: Iterable[Upload], *, by: User) -> int:
    """放入一批文件: each judged by its content; what is no document is a row with a sentence, and isn't kept.

    `uploads` is read one by one. Raises NoFiles, TooManyFiles, before anything is kept where it can.
    """
    files: list[ScreenedFile] = []
    try:
        files.extend(_judged(upload, position) for position, upload in enumerate(uploads, start=1))
        rules.require_some_files(len(files))
        return _put_in(title, files, by)
    except BaseException:
        for digest in (file.digest for file in files if file.digest):
            store().delete(digest)  # of no row: nobody would ever find it
        raise


def _put_in(title: str, files: list[ScreenedFile], by: User) -> int:
    with transaction() as session:
        today = clock.today()
        days = law.jurisdiction().number("folder_days", on=today)
        folder = ScreenedFolder(
            title=naming.title_of(title) or f"{today} 放入的文件",
            files=len(files),
            dropped_at=clock.now(),
            dropped_by=by.id,
            dropper=by.display_name,
            delete_on=today + timedelta(days=days),
        )
        session.add(folder)
        session.flush()
        for file in files:
            file.folder_id = folder.id
        session.add_all(files)
        audit.record(session, "screened_folder.dropped", folder, by=by, after=f"{len(files)} 份")
        afterwards(session, current_app.extensions["folder_screener"].take_up)
        return folder.id


def _judged(upload: Upload, position: int) -> ScreenedFile:
    """A row for a file: its content put away where it is a document, and only then."""
    file = ScreenedFile(position=position, name=naming.path_of(upload.name), size=len(upload.content))
    try:
        kind_of(upload.content, name=upload.name)
    except AgreementRefused as refusal:
        file.state, file.refusal, file.finished_at = ScreeningState.UNREADABLE, refusal.message, clock.now()
    else:
        file.digest = store().put(secrets.token_bytes(SALT) + upload.content)
    return file


def content_of(held: Claim) -> bytes:
    """Raises FileNotFoundError, Undecryptable."""
    return store().open(held.digest)[SALT:]


def is_free(now: datetime) -> ColumnElement[bool]:
    """Whether a file can be taken up: it waits, or its process has left it. A lease that reaches farther than leases do
    is of a clock that was set back."""
    over = or_(ScreenedFile.lease < now, ScreenedFile.lease > now + 2 * LEASE)
    left = and_(ScreenedFile.state == ScreeningState.RUNNING, over)
    return or_(ScreenedFile.state == ScreeningState.WAITING, left)


def claim(file_id: int) -> Claim | None:
    """Take up a file that waits, or that its process left; None: there is nothing to take."""
    with transaction() as session:
        now, token = clock.now(), secrets.token_hex(16)
        taken = session.execute(
            update(ScreenedFile)
            .where(ScreenedFile.id == file_id, is_free(now))
            .values(state=ScreeningState.RUNNING, token=token, lease=now + LEASE, attempts=ScreenedFile.attempts + 1)
            .execution_options(synchronize_session=False)
            .returning(ScreenedFile.id)
        ).first()
        if taken is None:
            return None
        file = session.get_one(ScreenedFile, file_id, populate_existing=True)
        if file.digest is None or file.attempts > MOST_ATTEMPTS:
            _end(session, file, ScreeningState.UNREADABLE, refusal=TIRED)
            return None
        return Claim(file_id, token, file.digest, file.name)


def renew(held: Claim) -> None:
    """It is still being read, or waits for others to be read: the lease begins anew. Raises ClaimLost."""
    with transaction() as session:
        _held(session, held).lease = clock.now() + LEASE


def finish(held: Claim, read: Agreement, screened: ScreenedAgreement) -> None:
    """What was read and found. Raises ClaimLost."""
    with transaction() as session:
        file = _held(session, held)
        file.content, file.found = agreed.kept(read), dropped.kept(screened.found)
        file.labels, file.marks = ",".join(screened.labels), len(screened.found)
        file.unread = unread_in(read)
        _end(session, file, ScreeningState.DONE)


def give_up(held: Claim, refusal: str) -> None:
    """It can't be read, for this reason. Raises ClaimLost."""
    with transaction() as session:
        _end(session, _held(session, held), ScreeningState.UNREADABLE, refusal=refusal)


def _held(session: Session, held: Claim) -> ScreenedFile:
    found = session.scalar(
        select(ScreenedFile)
        .where(ScreenedFile.id == held.file_id, ScreenedFile.token == held.token)
        .with_for_update(of=ScreenedFile, key_share=True)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise ClaimLost
    return found


def _end(session: Session, file: ScreenedFile, state: ScreeningState, *, refusal: str = "") -> None:
    """Done with it: what was uploaded goes, only its text stays."""
    digest, file.digest = file.digest, None
    file.state, file.refusal, file.finished_at = state, refusal, clock.now()
    file.token = file.lease = None
    session.flush()
    if digest is not None:
        afterwards(session, partial(store().delete, digest))


def remove(folder_id: int, *, by: User) -> None:
    """删除: at the wish of the officer who dropped it."""
    with transaction() as session:
        folder = session.get_one(ScreenedFolder, folder_id, with_for_update=True, populate_existing=True)
        audit.record(session, "screened_folder.removed", folder, by=by)
        _remove(session, folder)


def remove_old(on: date) -> int:
    """Delete what was to be kept until this day. Returns how many folders. A folder a transaction: it may break off."""
    count = 0
    while _remove_one(on):
        count += 1
    return count


def _remove_one(on: date) -> bool:
    with transaction() as session:
        rows = select(ScreenedFolder).where(ScreenedFolder.delete_on <= on).order_by(ScreenedFolder.id).limit(1)
        folder = session.scalar(rows.with_for_update())
        if folder is None:
            return False
        audit.record(session, "screened_folder.expired", folder, by=None)
        _remove(session, folder)
        return True


def _remove(session: Session, folder: ScreenedFolder) -> None:
    waiting = select(ScreenedFile.digest).where(ScreenedFile.folder_id == folder.id, ScreenedFile.digest.is_not(None))
    for digest in session.scalars(waiting).all():
        afterwards(session, partial(store().delete, str(digest)))
    session.execute(delete(ScreenedFile).where(ScreenedFile.folder_id == folder.id))
    session.delete(folder)
