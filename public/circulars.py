"""第二十二条第三款, 第十八条, 第二十四条: what was published: circulars, removals, and whose results are not adopted.

Only proceedings that were published; of a decision made on paper number and days. Never a case, a statement, a name of
somebody who works anywhere.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, func, or_, select
from sqlalchemy.orm import Session, joinedload, load_only, selectinload

from agency.models import Agency, FilingStatus, NonAdoption
from agency.models import Standing as AgencyStanding
from applicants.models import Applicant
from core import clock
from core.labels import Labelled
from core.paging import Page, page_of
from core.search import contains, searchable
from evaluations.models import ListEntry
from sanctions.models import Measure, Proceeding, State
from sanctions.queries.periods import state_of

PERIODS = 200  # shown on one page; the running ones come first
FEED = 30  # entries of the feed


class Standing(Labelled):
    """How a published decision stands today."""

    RUNNING = "running", "不予采信期内"
    TO_COME = "to_come", "不予采信期未起始"
    OVER = "over", "不予采信期已届满"
    ANNULLED = "annulled", "决定已撤销"
    IN_FORCE = "in_force", "已公布"


@dataclass(frozen=True, slots=True)
class Announcement:
    """A published circular or removal, as anyone may read it."""

    id: int
    title: str
    measure: Measure
    subject: str
    credit_code: str | None  # of an agency that has its page in the register
    former_names: tuple[str, ...]
    document: str
    dated: date | None
    published_on: date
    published_at: datetime
    changed_at: datetime  # published, or annulled since
    text: str
    first_day: date | None
    last_day: date | None
    list_name: str
    standing: Standing
    annulled_on: date | None
    annulled_by_document: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A period of non-adoption of an agency."""

    first_day: date
    last_day: date
    document: str
    standing: Standing
    name: str = ""
    credit_code: str | None = None  # where it has a page in the register
    proceeding_id: int | None = None  # of the published circular


PUBLISHED = Proceeding.published_at.is_not(None) & Proceeding.state.in_((State.PUBLISHED, State.ANNULLED))
_UNPUBLISHED = select(Proceeding.non_adoption_id).where(~PUBLISHED, Proceeding.non_adoption_id.is_not(None))
KNOWN = NonAdoption.id.not_in(_UNPUBLISHED)  # decided here but not published yet: nobody's business


def announcements(
    session: Session, word: str, measure: Measure | None, *, cursor: str | None
) -> tuple[Page[Proceeding], Sequence[Announcement]]:
    """A page of what was published, the newest first."""
    rows = _rows().where(*_asked_for(word, measure))
    page = page_of(session, rows, keys=(Proceeding.published_at, Proceeding.id), cursor=cursor, descending=True)
    return page, [_announcement(row) for row in page.items]


def newest(session: Session) -> Sequence[Announcement]:
    """For the feed."""
    rows = _rows().order_by(Proceeding.published_at.desc(), Proceeding.id.desc()).limit(FEED)
    return [_announcement(row) for row in session.scalars(rows)]


def find_announcement(session: Session, proceeding_id: int) -> Announcement | None:
    row = session.scalar(_rows().where(Proceeding.id == proceeding_id))
    return _announcement(row) if row is not None else None


def _rows() -> Select[Any]:
    return (
        select(Proceeding)
        .outerjoin(Agency, Agency.id == Proceeding.agency_id)
        .outerjoin(Applicant, Applicant.id == Proceeding.applicant_id)
        .where(PUBLISHED)
        .options(
            load_only(
                Proceeding.measure, Proceeding.document, Proceeding.dated, Proceeding.first_day,
                Proceeding.published_at, Proceeding.published_text, Proceeding.annulled_at,
                Proceeding.annulled_document, Proceeding.state, raiseload=True,
            ),
            joinedload(Proceeding.agency).options(
                load_only(Agency.name, Agency.public_name, Agency.credit_code, Agency.filing_status, Agency.standing),
                selectinload(Agency.former_names),
            ),
            joinedload(Proceeding.applicant).load_only(Applicant.name),
            joinedload(Proceeding.entry).load_only(ListEntry.name, ListEntry.level, ListEntry.batch),
            joinedload(Proceeding.non_adoption),
        )
    )  # fmt: skip


def _asked_for(word: str, measure: Measure | None) -> Sequence[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = [Proceeding.measure == measure] if measure is not None else []
    if searchable(word):
        where.append(
            or_(
                contains(Agency.public_search_text, searchable(word)),
                contains(Applicant.search_text, searchable(word)),
                Proceeding.document.contains(word, autoescape=True),
                Proceeding.published_text.contains(word, autoescape=True),
            )
        )
    return where


def _announcement(row: Proceeding) -> Announcement:
    agency, applicant, entry, period = row.agency, row.applicant, row.entry, row.non_adoption
    listed = entry or applicant
    subject = _name(agency) if agency is not None else listed.name if listed is not None else ""
    kind = "移出绿色制造名单的公告" if row.measure is Measure.REMOVAL else "的通报"
    published_at = row.published_at or clock.now()  # there is one: only these are read
    return Announcement(
        id=row.id,
        title=f"关于{'将' if row.measure is Measure.REMOVAL else ''}{subject}{kind}",
        measure=row.measure,
        subject=subject,
        credit_code=_page_of(agency),
        former_names=tuple(each.name for each in agency.former_names if each.name != subject) if agency else (),
        document=row.document or "",
        dated=row.dated,
        published_on=clock.day_of(published_at),
        published_at=published_at,
        changed_at=row.annulled_at or published_at,
        text=row.published_text or "",
        first_day=period.first_day if period is not None else None,
        last_day=period.last_day if period is not None else None,
        list_name=entry.list_name if entry is not None and row.measure is Measure.REMOVAL else "",
        standing=_standing(row, period),
        annulled_on=clock.day_of(row.annulled_at) if row.annulled_at else None,
        annulled_by_document=row.annulled_document or "",
    )


def _standing(row: Proceeding, period: NonAdoption | None) -> Standing:
    if row.annulled_at is not None:
        return Standing.ANNULLED
    return _of(period) if period is not None else Standing.IN_FORCE


def _of(period: NonAdoption) -> Standing:
    return Standing(state_of(period, clock.today()).value)


def _name(agency: Agency) -> str:
    """As the register shows it: never what is still being edited."""
    return agency.public_name or agency.name


def _page_of(agency: Agency | None) -> str | None:
    """Its code, where the register has a page of it."""
    if agency is None or agency.standing is not AgencyStanding.REGISTERED:
        return None
    return agency.credit_code if agency.filing_status is not FilingStatus.NONE else None


def periods(session: Session, word: str) -> Sequence[Bar]:
    """Whose results are not adopted, those that end last first; those decided on paper too."""
    rows = (
        select(NonAdoption, Agency, Proceeding.id)
        .join(Agency, Agency.id == NonAdoption.agency_id)
        .outerjoin(Proceeding, Proceeding.non_adoption_id == NonAdoption.id)
        .where(KNOWN)
        .order_by(NonAdoption.annulled_at.is_not(None), NonAdoption.last_day.desc(), NonAdoption.id.desc())
        .limit(PERIODS)
    )
    if searchable(word):
        named = or_(
            contains(Agency.public_search_text, searchable(word)),
            contains(func.lower(Agency.public_name), searchable(word)),
            Agency.name.contains(word, autoescape=True) & (Agency.public_name == ""),
            NonAdoption.document.contains(word, autoescape=True),
        )
        rows = rows.where(named)
    return [
        Bar(row.first_day, row.last_day, row.document, _of(row), _name(agency), _page_of(agency), proceeding_id)
        for row, agency, proceeding_id in session.execute(rows)
    ]


def bars_of(session: Session, agency_id: int) -> Sequence[Bar]:
    """Every period of an agency, running, over and annulled, for its page."""
    rows = (
        select(NonAdoption, Proceeding.id)
        .outerjoin(Proceeding, Proceeding.non_adoption_id == NonAdoption.id)
        .where(NonAdoption.agency_id == agency_id, KNOWN)
        .order_by(NonAdoption.last_day.desc(), NonAdoption.id.desc())
    )
    return [
        Bar(row.first_day, row.last_day, row.document, _of(row), proceeding_id=proceeding_id)
        for row, proceeding_id in session.execute(rows)
    ]


def running_now(today: date) -> ColumnElement[bool]:
    return (
        (NonAdoption.annulled_at.is_(None)) & (NonAdoption.first_day <= today) & (NonAdoption.last_day >= today) & KNOWN
    )


def barred_now() -> Subquery:
    """Agency and last day of what runs today: what a list joins."""
    rows = select(NonAdoption.agency_id, func.max(NonAdoption.last_day).label("last"))
    return rows.where(running_now(clock.today())).group_by(NonAdoption.agency_id).subquery()


def barred_until(session: Session, agency_ids: Collection[int]) -> Mapping[int, date]:
    """The last day of what runs today, by agency: of several the latest."""
    barred = barred_now()
    rows = select(barred.c.agency_id, barred.c.last).where(barred.c.agency_id.in_(agency_ids))
    return {row.agency_id: row.last for row in session.execute(rows)}
