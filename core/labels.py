"""Words for states and kinds: each value with the Chinese word that a reader sees."""

from enum import StrEnum
from typing import Self


class Labelled(StrEnum):
    """A state or kind with the Chinese word for it."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:  # by its value alone it is looked up
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member
