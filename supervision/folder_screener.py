"""Who screens the files of dropped folders: one thread of a process, beside the screenings of evaluations.

What is taken up is held by a lease. When the process dies, the pulse of any other one (`supervision.jobs`) goes on.
"""

import logging
import threading
import time
from contextlib import suppress

from flask import Flask
from sqlalchemy import select

from core import audit, clock
from core.crypto import Undecryptable
from core.db import Busy, db
from evaluations.reading.agreements import Agreement, AgreementRefused, read_agreement
from evaluations.screening.agreements import ScreenedAgreement, screen_agreement
from supervision.models import ScreenedFile
from supervision.models.folders import UNFINISHED
from supervision.services import folders

log = logging.getLogger(__name__)

MOST_AT_A_PULSE = 20
BETWEEN = 10.0  # seconds from one renewal of a lease to the next
TRIES = 3  # each waits for its turn to write
LOST = "放入的文件打不开，请再放入一次。"
UNEXPECTED = "这个文件无法读取，请另存为 .docx 或带文字的 PDF 后再试。"


class FolderScreener:
    """`in_background`: False for tests and demonstrations, which want it done there and then."""

    def __init__(self, app: Flask, *, in_background: bool = True) -> None:
        self.in_background = in_background
        self._app = app
        self._lock = threading.Lock()
        self._is_running = self._is_asked = False

    def take_up(self) -> None:
        """Screen whatever waits."""
        if not self.in_background:
            self.pulse(most=None)
            return
        with self._lock:
            self._is_asked = True
            if not self._is_running:
                self._is_running = True
                threading.Thread(target=self._work, name="folders", daemon=True).start()

    def _work(self) -> None:
        audit.set_origin("screening")
        while True:
            with self._lock:
                if not self._is_asked:
                    self._is_running = False
                    return
                self._is_asked = False
            try:
                while self.pulse():
                    pass
            except Exception:  # a pulse of the scheduler tries again
                log.exception("screening of folders broke off")

    def pulse(self, *, most: int | None = MOST_AT_A_PULSE) -> int:
        """Screen what waits, the oldest first, some at a time. How many."""
        with self._app.app_context():
            ids = _waiting(most)
        return sum(self._run(file_id) for file_id in ids)

    def _run(self, file_id: int) -> bool:
        with self._app.app_context():
            return _screen(file_id)


def _waiting(most: int | None) -> list[int]:
    rows = select(ScreenedFile.id).where(UNFINISHED, folders.is_free(clock.now()))
    return list(db.session.scalars(rows.order_by(ScreenedFile.id).limit(most)))


def _screen(file_id: int) -> bool:
    held = folders.claim(file_id)
    if held is None:
        return False
    renewed = time.monotonic()

    def tell(done: int, of: int) -> None:
        nonlocal renewed
        if time.monotonic() - renewed >= BETWEEN:
            with suppress(Busy):  # the next page renews it as well
                folders.renew(held)
            renewed = time.monotonic()

    try:
        try:
            read = read_agreement(folders.content_of(held), name=held.name, tell=tell)
            screened = screen_agreement(read)
        except AgreementRefused as refusal:
            folders.give_up(held, refusal.message)
        except (FileNotFoundError, Undecryptable):
            folders.give_up(held, LOST)
        except folders.ClaimLost:
            raise
        except Exception:  # one bad file never fails the others
            log.exception("file %s of a folder broke the reader", file_id)
            folders.give_up(held, UNEXPECTED)
        else:
            _finish(held, read, screened)
    except folders.ClaimLost:
        return False
    return True


def _finish(held: folders.Claim, read: Agreement, screened: ScreenedAgreement) -> None:
    """What took minutes to read is not thrown away because others are writing."""
    for _ in range(TRIES):
        with suppress(Busy):
            folders.finish(held, read, screened)
            return
    folders.finish(held, read, screened)
