"""Reading what belongs to one applicant: facts of Article 11, who lies inside a park, accounts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import User
from applicants.models import Applicant, Exclusion
from applicants.policies import may_keep_applicant
from applicants.queries import applicant_seen_by
from applicants.rules import UNTIL_LIFTED
from core.clock import years_after
from core.db import db
from core.law import jurisdiction

INSIDE_SHOWN = 50


@dataclass(frozen=True, slots=True)
class ShownExclusion:
    """A fact as its table shows it: until when, and how it stands on the day."""

    row: Exclusion
    until: date | None
    stands: bool

    @property
    def may_be_lifted(self) -> bool:
        return self.row.ground in UNTIL_LIFTED and self.row.lifted_on is None and self.row.annulled_at is None


@dataclass(frozen=True, slots=True)
class AccountOfApplicant:
    """One of an applicant's accounts, and whose it is."""

    account: User
    applicant: Applicant


def exclusions_of(session: Session, applicant: Applicant, *, on: date) -> tuple[ShownExclusion, ...]:
    """All that was ever entered about the applicant itself, the latest fact first."""
    rows = session.scalars(
        select(Exclusion)
        .where(Exclusion.applicant_id == applicant.id)
        .order_by(Exclusion.on.desc(), Exclusion.id.desc())
    )
    years = jurisdiction().number("exclusion_years", on=max(on, jurisdiction().in_force_since))
    return tuple(_shown(row, on, years) for row in rows)


def _shown(row: Exclusion, on: date, years: int) -> ShownExclusion:
    if row.ground in UNTIL_LIFTED:
        until, stands = row.lifted_on, row.lifted_on is None or on < row.lifted_on
    else:
        until = years_after(row.on, years)
        stands = on <= until
    return ShownExclusion(row, until, stands and row.annulled_at is None)


def inside_of(session: Session, park: Applicant) -> Sequence[Applicant]:
    """The enterprises entered as lying in a park, by name; the first INSIDE_SHOWN."""
    rows = select(Applicant).where(Applicant.park_id == park.id).order_by(Applicant.sort_key, Applicant.id)
    return session.scalars(rows.limit(INSIDE_SHOWN)).all()


def accounts_of(session: Session, applicant_id: int) -> Sequence[User]:
    """The accounts of an applicant, those cut off too, the oldest first."""
    return session.scalars(select(User).where(User.applicant_id == applicant_id).order_by(User.id)).all()


def park_names(session: Session, bureau: str | None) -> Sequence[str]:
    """What the field for a park proposes: the parks of a bureau, or of all."""
    rows = select(Applicant.name).where(Applicant.is_park, Applicant.region == "吉林")
    if bureau:
        rows = rows.where(Applicant.bureau == bureau)
    return session.scalars(rows.order_by(Applicant.sort_key, Applicant.id).limit(300)).all()


def exclusion_seen_by(user: User, exclusion_id: int) -> Exclusion | None:
    """A fact of an applicant that the officer keeps."""
    row = db.session.get(Exclusion, exclusion_id)
    return row if row is not None and applicant_seen_by(user, row.applicant_id) is not None else None


def account_seen_by(user: User, applicant_id: int, user_id: int) -> AccountOfApplicant | None:
    """An account of an applicant, as its keepers see it."""
    applicant = applicant_seen_by(user, applicant_id)
    account = db.session.get(User, user_id)
    if applicant is None or account is None or account.applicant_id != applicant.id:
        return None
    return AccountOfApplicant(account, applicant) if may_keep_applicant(user, applicant) else None
