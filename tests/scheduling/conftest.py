"""Jobs made for tests: what they did they write down, in order."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time

import pytest
from flask import Flask

from core import clock
from scheduling.jobs import CatchUp, Job, Pulse

At = Callable[..., datetime]


def shanghai(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, second, tzinfo=clock.SHANGHAI)


class Diary:
    """What was done, and what shall fail."""

    def __init__(self) -> None:
        self.done: list[tuple[str, date]] = []
        self.fails: dict[str, Exception] = {}

    def job(self, name: str, *, at: time = time(0, 5), catch_up: CatchUp = CatchUp.EACH_DAY) -> Job:
        def run(on: date) -> str:
            if name in self.fails:
                raise self.fails[name]
            self.done.append((name, on))
            return f"办了 {on} 的事"

        return Job(name, f"试验 {name}", run, at=at, catch_up=catch_up)


@pytest.fixture
def diary() -> Diary:
    return Diary()


@pytest.fixture
def given(app: Flask) -> Iterator[Callable[..., None]]:
    """`given(job, …)` puts jobs in the place of the application's own."""
    own = app.extensions["jobs"]

    def put(*jobs: Job | Pulse) -> None:
        app.extensions["jobs"] = jobs

    yield put
    app.extensions["jobs"] = own


@contextmanager
def at(app: Flask, instant: datetime) -> Iterator[None]:
    """As if it were then, in an application context of its own."""
    with clock.frozen(instant), app.app_context():
        yield
