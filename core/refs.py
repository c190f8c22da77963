"""Naming things by value across packages: who is to be told, and about what."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Ref:
    """An object by kind and row id, with the words a reader knows it by. Never holds personal data."""

    kind: str
    id: int | None
    label: str


class Referable(Protocol):
    @property
    def ref(self) -> Ref: ...


class Actor(Protocol):
    """Whoever does something: a user who is signed in."""

    @property
    def id(self) -> int: ...

    @property
    def username(self) -> str: ...
