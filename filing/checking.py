"""The check of Article 20 for the desk: on what was handed in, with judgements, by the tables in force."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from agency import rules
from agency.particulars import Judgement, Particulars
from agency.rules import Assessment, OpenPoint
from agency.tables import tables_of
from core import law
from core.law import Finding, Verdict


@dataclass(frozen=True, slots=True)
class Check:
    """What the rules find on a day, and everything that they leave open, whether judged by now or not."""

    on: date
    findings: tuple[Finding, ...]
    staff: tuple[Assessment, ...]
    points: tuple[OpenPoint, ...]
    still_open: frozenset[str]  # points nobody has judged

    @property
    def verdict(self) -> Verdict:
        return rules.overall(self.findings)

    @property
    def claimed(self) -> tuple[str, ...]:
        """Identities of those who count, or could: what a hand-in claims (reading 3)."""
        return tuple(each.member.identity for each in self.staff if each.qualification is not Verdict.NOT_MET)

    @property
    def counted(self) -> tuple[str, ...]:
        """Identities of those who count."""
        return tuple(each.member.identity for each in self.staff if each.qualification is Verdict.MET)


def check(session: Session, facts: Particulars, judgements: Sequence[Judgement], *, on: date) -> Check:
    """The check of some particulars on a day."""
    known: dict[str, Any] = {"on": on, "tables": tables_of(session), "jurisdiction": law.jurisdiction()}
    unjudged = rules.open_points(facts, judgements=judgements, **known)
    return Check(
        on=on,
        findings=rules.check(facts, judgements=judgements, **known),
        staff=rules.assess_staff(facts, judgements=judgements, **known),
        points=_points(rules.open_points(facts, judgements=(), **known), unjudged),
        still_open=frozenset(point.point for point in unjudged),
    )


def _points(first: Sequence[OpenPoint], later: Sequence[OpenPoint]) -> tuple[OpenPoint, ...]:
    """What is open at first, and what a judgement opens (a title accepted as a senior one asks for its major)."""
    return tuple({point.point: point for point in (*first, *later)}.values())
