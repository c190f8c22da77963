"""The rules in force: clauses, dated parameters with their basis, and what a rule may find.

A jurisdiction is one file, config/jurisdictions/<name>.toml. Every number of the regulation, and every number that
fills a gap in it (then marked 参照), stands there and nowhere else.
"""

import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Any, Self, TypeVar

from config import FOLDER

JURISDICTIONS = FOLDER / "jurisdictions"

F = TypeVar("F", bound=Callable[..., Any])


class Verdict(StrEnum):
    MET = "met"
    NOT_MET = "not_met"
    NEEDS_JUDGEMENT = "needs_judgement"

    @property
    def rank(self) -> int:
        return (Verdict.NOT_MET, Verdict.NEEDS_JUDGEMENT, Verdict.MET).index(self)

    @property
    def label(self) -> str:
        return {"met": "符合", "not_met": "不符合", "needs_judgement": "待判断"}[self.value]


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The verdict of several that must all hold; MET for none."""
    given = frozenset(verdicts)
    return next((verdict for verdict in (Verdict.NOT_MET, Verdict.NEEDS_JUDGEMENT) if verdict in given), Verdict.MET)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found, in a form that an officer can check by hand."""

    clause: str
    verdict: Verdict
    reason: str
    counted: tuple[tuple[str, tuple[str, ...]], ...] = ()  # what is counted, the names behind it
    not_counted: tuple[tuple[str, str], ...] = ()  # name, why
    still_due: tuple[str, ...] = ()  # materials that must be there before it can be handed in

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Self:
        """A finding as it was kept in the database."""
        return cls(
            clause=kept["clause"],
            verdict=Verdict(kept["verdict"]),
            reason=kept["reason"],
            counted=tuple((what, tuple(names)) for what, names in kept["counted"]),
            not_counted=tuple((name, why) for name, why in kept["not_counted"]),
            still_due=tuple(kept["still_due"]),
        )


@dataclass(frozen=True, slots=True)
class Clause:
    """One obligation of the catalogue: `label` as lawyers cite it, `text` our own one-line paraphrase."""

    id: str
    label: str
    text: str
    status: str  # built, planned or not_for_rules
    why: str = ""
    kept: str = ""  # of a built one: where and how the system sees to it, for the public page 规则与执行


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value with the first day it holds and what it rests on (a clause id, or 参照 …)."""

    name: str
    value: Any
    since: date
    basis: str
    label: str
    word: str = ""  # what a reader is shown where the value is a code

    @property
    def shown(self) -> str:
        return self.word or str(self.value)


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    name: str
    title: str
    document: str
    department: str
    review_body: str  # 行政复议机关
    in_force_since: date
    clauses: Mapping[str, Clause]
    parameters: Mapping[str, tuple[Parameter, ...]]  # oldest first

    def parameter(self, name: str, *, on: date) -> Parameter:
        """The parameter in force on a day (reading 23). KeyError for an unknown name or a day before the first."""
        holding = [value for value in self.parameters[name] if value.since <= on]
        if not holding:
            raise KeyError(f"{name} has no value on {on}")
        return holding[-1]

    def number(self, name: str, *, on: date) -> int:
        """The whole number in force on a day."""
        return int(self.parameter(name, on=on).value)

    def cite(self, clause: str) -> str:
        """How a reader knows the clause: 第二十条（三）."""
        return self.clauses[clause].label


@cache
def jurisdiction(name: str = "jilin") -> Jurisdiction:
    """Read a jurisdiction's file once."""
    content = tomllib.loads((JURISDICTIONS / f"{name}.toml").read_text(encoding="utf-8"))
    clauses = {row["id"]: Clause(**row) for row in content["clauses"]}
    parameters = {
        key: tuple(
            sorted(
                (Parameter(name=key, label=entry["label"], **value) for value in entry["values"]),
                key=lambda parameter: parameter.since,
            )
        )
        for key, entry in content["parameters"].items()
    }
    return Jurisdiction(
        clauses=MappingProxyType(clauses), parameters=MappingProxyType(parameters), **content["jurisdiction"]
    )


_implementations: dict[str, list[str]] = defaultdict(list)


def implements(*clauses: str) -> Callable[[F], F]:
    """Mark a rule with the clauses it carries out; `make trace` prints clause → rule → tests."""

    def mark(rule: F) -> F:
        for clause in clauses:
            if clause not in jurisdiction().clauses:
                raise LookupError(f"{rule.__qualname__}: no clause {clause} in the catalogue")
            _implementations[clause].append(f"{rule.__module__}.{rule.__qualname__}")
        return rule

    return mark


def implementations() -> Mapping[str, tuple[str, ...]]:
    """Clause id → dotted names of the rules that carry it out (of the modules imported so far)."""
    return {clause: tuple(rules) for clause, rules in sorted(_implementations.items())}
