"""What a package hands in to run by the clock. Each package lists its own in `jobs.py`; app.py brings them together."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from core.errors import DomainError


class CatchUp(StrEnum):
    """What is done about days on which nothing ran."""

    EACH_DAY = "each_day"  # the work of every missed day, in order
    LATEST = "latest"  # one run for the newest day does for those before it


@dataclass(frozen=True, slots=True)
class Job:
    """The work of a day, due from `at` (Shanghai) on.

    `run(on)` does the work of that day and says in a Chinese sentence what it did; it opens its own transactions, and
    may be run again for a day where it broke off: what it has done already it does not do twice.
    """

    name: str  # summaries.remind
    title: str
    run: Callable[[date], str]
    at: time = time(0, 5)
    catch_up: CatchUp = CatchUp.EACH_DAY


@dataclass(frozen=True, slots=True)
class Pulse:
    """Work that goes on all day: `run()` does what waits now and returns how many things it did."""

    name: str
    title: str
    run: Callable[[], int]
    every: int = 20  # seconds


class Alarm(DomainError):
    """Raised by a job that did its work and found what an admin must see: shown as failed at once, not tried again."""
