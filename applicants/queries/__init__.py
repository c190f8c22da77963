"""Reading applicants: one as seen by a user, by code or name, and what stands against it on a day."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from accounts.models import User
from applicants import policies
from applicants.models import Applicant, ApplicantFormerName, Exclusion
from applicants.rules import ExclusionFact, StandingExclusion, standing_exclusions
from core.db import db
from core.search import sort_key


def applicant_seen_by(user: User, applicant_id: int) -> Applicant | None:
    """An applicant, unless it is none of the user's: another bureau's, or another applicant."""
    applicant = db.session.get(Applicant, applicant_id, options=[selectinload(Applicant.former_names)])
    return applicant if applicant is not None and policies.may_see_applicant(user, applicant) else None


def exclusions_on(session: Session, applicant: Applicant, day: date) -> tuple[StandingExclusion, ...]:
    """What stands against an applicant under Article 11 on a day; of a park also what stands against those inside."""
    return standing_exclusions(exclusion_facts(session, applicant), day=day)


def exclusion_facts(session: Session, applicant: Applicant) -> tuple[ExclusionFact, ...]:
    """All facts of Article 11 entered about an applicant and, of a park, about the enterprises inside."""
    rows = session.execute(
        select(Exclusion, Applicant.name)
        .join(Applicant, Applicant.id == Exclusion.applicant_id)
        .where(or_(Applicant.id == applicant.id, Applicant.park_id == applicant.id))
        .order_by(Exclusion.on.desc(), Exclusion.id.desc())
    )
    return tuple(
        ExclusionFact(row.ground, row.on, row.lifted_on, row.annulled_at is not None, row.source, name)
        for row, name in rows
    )


def find_by_code(session: Session, code: str) -> Applicant | None:
    """The one that has this credit code of its own."""
    return session.scalar(select(Applicant).where(Applicant.credit_code == code))


def find_by_name(session: Session, name: str, *, bureau: str | None = None) -> Sequence[Applicant]:
    """Those called so now or formerly, by id; `bureau`: only of this one."""
    now = select(Applicant.id).where(Applicant.sort_key == sort_key(name)[:500], Applicant.name == name)
    formerly = select(ApplicantFormerName.applicant_id).where(ApplicantFormerName.name == name)
    rows = select(Applicant).where(Applicant.id.in_(now.union(formerly)))
    if bureau is not None:
        rows = rows.where(Applicant.bureau == bureau)
    return session.scalars(rows.order_by(Applicant.id)).all()
