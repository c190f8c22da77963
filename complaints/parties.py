"""Whom a report may be about: filed agencies and units on a published list, found by name as anyone may find them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

import agency.naming
import applicants.naming
from agency.models import Agency, FilingStatus, Standing
from applicants.models import Applicant, ListLevel
from complaints.models import Target
from core.places import bureaus, place_label
from core.search import searchable
from evaluations.models import ListEntry

UNKNOWN = Target.UNKNOWN
FOUND = 6  # of each of the two
SHORTEST = 2  # characters that are looked for
HERE = "吉林"
WHOLE_CODE = re.compile("[0-9A-Z]{18}")
LEVELS = tuple(ListLevel)  # from none to the highest

PUBLIC = and_(Agency.standing == Standing.REGISTERED, Agency.filing_status != FilingStatus.NONE)


@dataclass(frozen=True, slots=True)
class Party:
    """An agency or a listed unit, with nothing of it that is not public."""

    target: Target
    id: int
    name: str
    about: str  # what it is and where, so that names alike can be told apart
    listed: ListLevel = ListLevel.NONE
    bureau: str = ""

    @property
    def key(self) -> str:
        """As a form carries it: agency:12."""
        return f"{self.target.value}:{self.id}"

    @property
    def agency_id(self) -> int | None:
        return self.id if self.target is Target.AGENCY else None

    @property
    def applicant_id(self) -> int | None:
        return self.id if self.target is Target.LISTED else None


def bureau_names(bureau: str) -> frozenset[str]:
    """By which a text may mean a bureau."""
    known = bureaus()[bureau]
    short = known.name.replace("工业和信息化局", "工信局")
    return frozenset({known.name, short, f"{known.place}工信局", f"{known.short}工信局"})


def find(session: Session, word: str) -> list[Party]:
    """A few of each whose name contains the word; none for a word too short to say anything."""
    if len(searchable(word)) < SHORTEST:
        return []
    found = agency.naming.named(session, select(Agency).where(PUBLIC), word, text=Agency.public_search_text)
    agencies = session.scalars(found.order_by(Agency.public_sort_key, Agency.id).limit(FOUND)).all()
    units = applicants.naming.named(session, select(Applicant).where(_is_listed()), word)
    rows = session.scalars(units.order_by(Applicant.sort_key, Applicant.id).limit(FOUND)).all()
    return [*(_agency(each) for each in agencies), *_listed(session, rows)]


def chosen(session: Session, target: Target, agency_id: int | None, applicant_id: int | None) -> Party | None:
    """The party that was chosen, where it is one that anyone may choose; None: none was, or it isn't."""
    if target is Target.AGENCY and agency_id is not None:
        row = session.scalar(select(Agency).where(PUBLIC, Agency.id == agency_id))
        return _agency(row) if row else None
    if target is Target.LISTED and applicant_id is not None:
        unit = session.scalar(select(Applicant).where(_is_listed(), Applicant.id == applicant_id))
        return _listed(session, [unit])[0] if unit else None
    return None


def by_key(session: Session, key: str) -> Party | None:
    """As `chosen`, for what a form carries."""
    kind, _, number = key.partition(":")
    if kind not in (Target.AGENCY, Target.LISTED) or not (number.isascii() and number.isdigit() and len(number) < 10):
        return None
    target, row_id = Target(kind), int(number)
    return chosen(session, target, row_id, row_id)


def named(session: Session, name: str) -> Party | None:
    """The one that is called so, to the letter; None where none is, or several are."""
    wanted = searchable(name)
    alike = [party for party in find(session, name) if searchable(party.name) == wanted]
    return alike[0] if len(alike) == 1 else None


def of_agency(session: Session, credit_code: str) -> Party | None:
    """The agency of a public page, by its code."""
    if not WHOLE_CODE.fullmatch(credit_code):
        return None
    row = session.scalar(select(Agency).where(PUBLIC, Agency.credit_code == credit_code))
    return _agency(row) if row else None


def _is_listed() -> ColumnElement[bool]:
    on_list = select(ListEntry.id).where(ListEntry.applicant_id == Applicant.id, ListEntry.removed_on.is_(None))
    return and_(Applicant.region == HERE, or_(Applicant.listed != ListLevel.NONE, on_list.exists()))


def _agency(row: Agency) -> Party:
    where = place_label(row.public_bureau, row.public_division)
    return Party(Target.AGENCY, row.id, row.public_name, f"第三方评价机构，{where}" if where else "第三方评价机构")


def _listed(session: Session, rows: Sequence[Applicant]) -> list[Party]:
    entries = select(ListEntry.applicant_id, ListEntry.level).where(
        ListEntry.applicant_id.in_([row.id for row in rows]), ListEntry.removed_on.is_(None)
    )
    highest = {row.id: row.listed for row in rows}
    for applicant_id, level in session.execute(entries):
        highest[applicant_id] = max(highest[applicant_id], ListLevel(level.value), key=LEVELS.index)
    return [
        Party(
            Target.LISTED,
            row.id,
            row.name,
            "，".join(filter(None, (highest[row.id].label, bureaus()[row.bureau].place if row.bureau else ""))),
            highest[row.id],
            row.bureau,
        )
        for row in rows
    ]
