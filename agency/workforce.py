"""The staff as their agency reads them: who counts and who doesn't, what is due of whom, found by name."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from agency import models
from agency.recheck import LiveCheck
from agency.rules import Assessment
from core.labels import Labelled
from core.law import Verdict
from core.search import searchable

SIZE = 50


class Counting(Labelled):
    """Where a person stands under Article 20 (3)."""

    SENIOR = "senior", "计入，含高级"
    INTERMEDIATE = "intermediate", "计入"
    OPEN = "open", "待判断"
    NOT_COUNTED = "not_counted", "不计入"


class Presence(Labelled):
    PRESENT = "present", "在职"
    LEFT = "left", "已离职"
    ALL = "all", "全部"


@dataclass(frozen=True, slots=True)
class Selection:
    """What a reader asks to see."""

    word: str = ""
    presence: Presence = Presence.PRESENT
    counting: Counting | None = None
    page: int = 1


@dataclass(frozen=True, slots=True)
class StaffPage:
    people: Sequence[Assessment]
    found: int
    page: int
    pages: int


def counting_of(person: Assessment) -> Counting:
    if person.seniority is Verdict.MET:
        return Counting.SENIOR
    if person.qualification is Verdict.MET:
        return Counting.INTERMEDIATE
    return Counting.OPEN if person.qualification is Verdict.NEEDS_JUDGEMENT else Counting.NOT_COUNTED


def tally(check: LiveCheck) -> list[tuple[Counting, int]]:
    """How many stand where, of those who are there."""
    counts = Counter(counting_of(person) for person in check.staff if person.member.left_on is None)
    return [(counting, counts[counting]) for counting in Counting]


def select_staff(check: LiveCheck, asked: Selection) -> StaffPage:
    """A page of those asked for. A page past the end shows the last."""
    word = searchable(asked.word)

    def named(person: Assessment) -> bool:
        return word in searchable(f"{person.member.name} {person.member.title} {person.member.major}")

    found = [
        person
        for person in check.staff
        if asked.presence is Presence.ALL or (person.member.left_on is None) is (asked.presence is Presence.PRESENT)
        if asked.counting is None or counting_of(person) is asked.counting
        if not word or named(person)
    ]
    pages = max(1, -(-len(found) // SIZE))
    page = min(max(asked.page, 1), pages)
    return StaffPage(found[(page - 1) * SIZE : page * SIZE], len(found), page, pages)


def member_of(session: Session, agency_id: int | None, member_id: int) -> models.StaffMember | None:
    """Somebody on an agency's roster, also who has left."""
    row = session.get(models.StaffMember, member_id)
    return row if row is not None and row.agency_id == agency_id else None


def import_of(session: Session, agency_id: int | None, import_id: int) -> models.RosterImport | None:
    """A roster that an agency brought."""
    row = session.get(models.RosterImport, import_id)
    return row if row is not None and row.agency_id == agency_id else None


def proofs_of(agency: models.Agency) -> dict[int, list[Any]]:
    """The materials of each person, by the row's id."""
    proofs: dict[int, list[Any]] = {}
    for material in agency.materials:
        if material.subject == "staff" and material.subject_id is not None:
            proofs.setdefault(material.subject_id, []).append(material)
    return proofs
