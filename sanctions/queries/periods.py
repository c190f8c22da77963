"""Reading decisions of non-adoption, as the desk sees them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session, load_only

from agency import naming
from agency.models import Agency, NonAdoption
from core.labels import Labelled
from core.paging import Page, page_of
from sanctions.models import Proceeding


class PeriodState(Labelled):
    """How a decision of non-adoption stands on a day."""

    RUNNING = "running", "期内"
    TO_COME = "to_come", "未起始"
    OVER = "over", "已届满"
    ANNULLED = "annulled", "已撤销"


@dataclass(frozen=True, slots=True)
class WantedPeriods:
    word: str = ""
    state: PeriodState | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """A decision with its agency and how it stands."""

    row: NonAdoption
    agency: Agency
    state: PeriodState


def periods(
    session: Session, wanted: WantedPeriods, *, cursor: str | None, today: date
) -> tuple[Page[NonAdoption], Sequence[Period]]:
    """A page of the decisions that are asked for, the last entered first, each with its agency."""
    rows = naming.named(
        session,
        select(NonAdoption).join(Agency, Agency.id == NonAdoption.agency_id).where(*_standing(wanted.state, today)),
        wanted.word,
    )
    page = page_of(session, rows, keys=(NonAdoption.id,), cursor=cursor, descending=True)
    wanted_agencies = select(Agency).where(Agency.id.in_([row.agency_id for row in page.items]))
    agencies = {
        agency.id: agency
        for agency in session.scalars(
            wanted_agencies.options(load_only(Agency.name, Agency.credit_code, Agency.standing, raiseload=True))
        )
    }
    return page, [Period(row, agencies[row.agency_id], state_of(row, today)) for row in page.items]


def standing_of(session: Session, agency_id: int, *, today: date) -> Sequence[Period]:
    """The decisions on an agency that are not annulled, the latest first."""
    agency = session.get_one(Agency, agency_id)
    rows = select(NonAdoption).where(NonAdoption.agency_id == agency_id, NonAdoption.annulled_at.is_(None))
    found = session.scalars(rows.order_by(NonAdoption.last_day.desc(), NonAdoption.id.desc()))
    return [Period(row, agency, state_of(row, today)) for row in found]


def period_of(session: Session, non_adoption_id: int, *, today: date) -> Period | None:
    """One decision, with its agency."""
    row = session.get(NonAdoption, non_adoption_id, populate_existing=True)
    if row is None:
        return None
    return Period(row, session.get_one(Agency, row.agency_id), state_of(row, today))


def proceeding_of(session: Session, non_adoption_id: int) -> int | None:
    """The proceeding that a decision came out of; None: it was made on paper."""
    return session.scalar(select(Proceeding.id).where(Proceeding.non_adoption_id == non_adoption_id))


def state_of(row: NonAdoption, today: date) -> PeriodState:
    """How a decision stands on a day."""
    if row.annulled_at is not None:
        return PeriodState.ANNULLED
    if today < row.first_day:
        return PeriodState.TO_COME
    return PeriodState.RUNNING if today <= row.last_day else PeriodState.OVER


def _standing(state: PeriodState | None, today: date) -> list[ColumnElement[bool]]:
    if state is None:
        return []
    if state is PeriodState.ANNULLED:
        return [NonAdoption.annulled_at.is_not(None)]
    on_day = {
        PeriodState.TO_COME: NonAdoption.first_day > today,
        PeriodState.RUNNING: and_(NonAdoption.first_day <= today, NonAdoption.last_day >= today),
        PeriodState.OVER: NonAdoption.last_day < today,
    }
    return [NonAdoption.annulled_at.is_(None), on_day[state]]
