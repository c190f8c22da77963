"""The scheduler inside a server: started with each of its processes, leading in one of them.

A server that loads the program before it forks (gunicorn --preload) has it started in the forked processes and never in
the one that only watches over them: threads do not survive a fork.
"""

import atexit
import os
import threading

from flask import Flask

from core.settings import INSIDE
from scheduling.scheduler import Scheduler, scheduler_for

SETTLING = 3.0  # seconds after loading in which a server forks, if it does


class Inside:
    """What one process of a server does about scheduling."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.scheduler: Scheduler | None = None
        self._coming: threading.Timer | None = None

    def prepare(self) -> None:
        """Start in a while, unless the process forks before: then start in the children."""
        os.register_at_fork(before=self._forget, after_in_child=self._in_child)
        atexit.register(self.stop)
        self._start_soon()

    def _start_soon(self) -> None:
        self._coming = threading.Timer(SETTLING, self._begin)
        self._coming.daemon = True
        self._coming.start()

    def _begin(self) -> None:
        self.scheduler = scheduler_for(self.app, inside=True)
        self.scheduler.start()

    def _forget(self) -> None:
        if self._coming is not None:
            self._coming.cancel()

    def _in_child(self) -> None:
        if self.scheduler is None:
            self._start_soon()

    def stop(self) -> None:
        self._forget()
        if self.scheduler is not None:
            self.scheduler.stop()


def start(app: Flask) -> None:
    """Schedule inside this server, where the settings say so; never for a command."""
    if app.extensions["settings"].scheduler == INSIDE and os.environ.get("FLASK_RUN_FROM_CLI") != "true":
        Inside(app).prepare()
