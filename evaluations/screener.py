"""Who runs the screenings of a process: a few threads, each with a context of its own, never more however much waits.

What a thread has taken up it holds by a lease. When the process dies, the lease runs out, and the pulse of any other
process (`evaluations.jobs`) takes the screening up anew.
"""

import logging
import threading
import time
from collections import deque
from contextlib import suppress

from flask import Flask
from sqlalchemy import select

from core import audit, clock
from core.crypto import Undecryptable
from core.db import Busy, db
from core.uploads import store
from evaluations import screenings
from evaluations.models import AgreementScreening
from evaluations.models.screening import UNFINISHED
from evaluations.reading.agreements import Agreement, AgreementRefused, read_agreement
from evaluations.screening.agreements import screen_agreement
from evaluations.services import screening as services

log = logging.getLogger(__name__)

THREADS = 2
PATIENCE = 3.0  # seconds that a request waits: by then an agreement of some pages is read
BETWEEN = 1.0  # seconds from one note of progress to the next
MOST_AT_A_PULSE = 20
TRIES = 3  # each waits for its turn to write
LOST = "保存的原件打不开，请重新上传协议。"


class Screener:
    """`patience`: how long `take_up` waits for a thread to be done; None: it does the work itself, there and then."""

    def __init__(self, app: Flask, *, patience: float | None = PATIENCE, between: float = BETWEEN) -> None:
        self.patience = patience
        self.between = between
        self._app = app
        self._waiting: deque[tuple[int, threading.Event]] = deque()
        self._lock = threading.Lock()
        self._running: list[threading.Thread] = []

    def take_up(self, screening_id: int) -> None:
        """Run a screening; after `patience` it goes on in the background."""
        if self.patience is None:
            self.run(screening_id)
            return
        done = threading.Event()
        with self._lock:
            self._waiting.append((screening_id, done))
            if len(self._running) < THREADS:
                thread = threading.Thread(target=self._work, name="screening", daemon=True)
                self._running.append(thread)
                thread.start()
        done.wait(self.patience)

    def threads(self) -> tuple[threading.Thread, ...]:
        """Those that are at work."""
        with self._lock:
            return tuple(self._running)

    def _work(self) -> None:
        audit.set_origin("screening")
        while True:
            with self._lock:
                if not self._waiting:
                    self._running.remove(threading.current_thread())
                    return
                screening_id, done = self._waiting.popleft()
            try:
                self.run(screening_id)
            except Exception:  # the lease runs out, and a pulse tries again
                log.exception("screening %s broke off", screening_id)
            finally:
                done.set()

    def run(self, screening_id: int) -> bool:
        """Claim and run one in a context of its own; False where there was nothing to claim, or the claim was lost."""
        with self._app.app_context():
            return _run(screening_id, self.between)

    def pulse(self) -> int:
        """Run what waits, and what other processes left: one after the other, some at a time. How many."""
        with self._app.app_context():
            ids = waiting()
        return sum(self.run(screening_id) for screening_id in ids)


def waiting() -> list[int]:
    """The oldest of those that nobody runs."""
    rows = select(AgreementScreening.id).where(UNFINISHED, screenings.is_free(clock.now()))
    return list(db.session.scalars(rows.order_by(AgreementScreening.id).limit(MOST_AT_A_PULSE)))


def _run(screening_id: int, between: float) -> bool:
    held = services.claim(screening_id)
    if held is None:
        return False
    noted = time.monotonic()

    def tell(done: int, of: int) -> None:
        nonlocal noted
        if time.monotonic() - noted >= between:
            with suppress(Busy):  # the next page tells as well
                services.note_progress(held, done, of)
            noted = time.monotonic()

    try:
        try:
            read = read_agreement(store().open(held.digest), name=held.name, tell=tell)
        except AgreementRefused as refusal:
            services.give_up(held, refusal.message)
        except (FileNotFoundError, Undecryptable):
            services.give_up(held, LOST)
        else:
            _finish(held, read)
    except services.ClaimLost:
        return False
    return True


def _finish(held: services.Claim, read: Agreement) -> None:
    """What took minutes to read is not thrown away because others are writing."""
    screened = screen_agreement(read)
    for _ in range(TRIES):
        with suppress(Busy):
            services.finish(held, read, screened)
            return
    services.finish(held, read, screened)
