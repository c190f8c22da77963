"""Finding the applicant that is to be evaluated, with what stands against it."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, load_only

from applicants import naming
from applicants.models import Applicant, Exclusion
from applicants.rules import ExclusionFact, StandingExclusion, standing_exclusions
from core.paging import page_of
from core.search import searchable

SHOWN = (
    Applicant.name, Applicant.credit_code, Applicant.body_name, Applicant.bureau, Applicant.county, Applicant.region,
    Applicant.is_factory, Applicant.is_park, Applicant.is_supply_chain, Applicant.sort_key,
)  # fmt: skip
SIZE = 20


@dataclass(frozen=True, slots=True)
class Found:
    """Applicants whose name or code contains what was typed; `more`: too many to show."""

    applicants: Sequence[Applicant]
    standing: Mapping[int, tuple[StandingExclusion, ...]]  # by applicant, the one that lasts longest first
    more: bool


def find_applicants(session: Session, word: str, *, on: date) -> Found | None:
    """The first of those who are called so; None where nothing is asked."""
    if not searchable(word):
        return None
    rows = naming.named(session, select(Applicant), word).options(load_only(*SHOWN, raiseload=True))
    page = page_of(session, rows, keys=(Applicant.sort_key, Applicant.id), size=SIZE)
    return Found(page.items, _standing(session, [row.id for row in page.items], on), page.next is not None)


def _standing(session: Session, ids: Collection[int], on: date) -> Mapping[int, tuple[StandingExclusion, ...]]:
    """What stands against each on a day; against a park also what does against the enterprises inside."""
    facts: defaultdict[int, list[ExclusionFact]] = defaultdict(list)
    rows = session.execute(
        select(Exclusion, Applicant.id, Applicant.park_id, Applicant.name)
        .join(Applicant, Applicant.id == Exclusion.applicant_id)
        .where(or_(Applicant.id.in_(ids), Applicant.park_id.in_(ids)))
    )
    for row, applicant_id, park_id, name in rows:
        fact = ExclusionFact(row.ground, row.on, row.lifted_on, row.annulled_at is not None, row.source, name)
        facts[applicant_id].append(fact)
        if park_id is not None:
            facts[park_id].append(fact)
    return {applicant_id: standing_exclusions(facts[applicant_id], day=on) for applicant_id in ids}
