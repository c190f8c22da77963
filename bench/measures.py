"""A measure and the aim it is held against."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Measure:
    """`aim`: the most it may be; None: told beside the others, without an aim."""

    what: str
    value: float
    unit: str
    aim: float | None = None

    @property
    def met(self) -> bool | None:
        return None if self.aim is None else self.value <= self.aim

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"met": self.met}

    def __str__(self) -> str:
        aim = "" if self.aim is None else f"   aim {self.aim:g} {self.unit}: {'met' if self.met else 'MISSED'}"
        return f"{self.what:58} {self.value:9.2f} {self.unit}{aim}"
