"""The one family of errors that a reader is meant to see: refusals, in Chinese, with what would lift them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager


class DomainError(Exception):
    """A refusal: what is wrong, what would be right, and where.

    `clause` is the id of the clause it rests on (JL-20-3), or None; `field` the form field it belongs to, or None.
    """

    def __init__(self, message: str, *, clause: str | None = None, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.clause = clause
        self.field = field


class Conflict(DomainError):
    """The world moved on while the reader was looking: somebody else acted first."""


class Refusals(DomainError):
    """Several refusals that can fail together and are told together."""

    def __init__(self, refusals: Sequence[DomainError]) -> None:
        super().__init__("；".join(refusal.message for refusal in refusals))
        self.refusals = tuple(refusals)


class Collected:
    """Gathers refusals that can fail together: `with refusals.attempt(): …`, and `settle()` at the end."""

    def __init__(self) -> None:
        self.found: list[DomainError] = []

    @contextmanager
    def attempt(self) -> Iterator[None]:
        try:
            yield
        except DomainError as refusal:
            self.found.extend(refusal.refusals if isinstance(refusal, Refusals) else (refusal,))

    def settle(self) -> None:
        """Raise what was gathered: one as itself, several as Refusals."""
        if len(self.found) == 1:
            raise self.found[0]
        if self.found:
            raise Refusals(self.found)
