"""An agency's own list of evaluations: found, paged, exported."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session, contains_eager, load_only, raiseload

from applicants import naming
from applicants.models import Applicant, Kind
from core.exports import Column
from core.paging import Page, bounded_count, page_of
from evaluations import standards
from evaluations.models import Evaluation, Party
from evaluations.rules.states import Level, State

SHOWN = (
    Evaluation.number, Evaluation.kind, Evaluation.level, Evaluation.year, Evaluation.begun_on, Evaluation.state,
    Evaluation.unfiled, Evaluation.entered_late, Evaluation.handed_over_on, Evaluation.mode,
)  # fmt: skip
COLUMNS = (
    Column("评价编号", 18), Column("培育对象", 36), Column("统一社会信用代码", 22), Column("类别", 20), Column("级别", 8),
    Column("申报年度", 10), Column("协议日期", 12), Column("评价标准", 40), Column("状态", 10), Column("提交日期", 12),
    Column("牵头或联合", 12), Column("补登", 8),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of the list; "" and None: everything."""

    word: str = ""
    year: int | None = None
    level: Level | None = None
    kind: Kind | None = None
    state: State | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """One page; `found` is None where there are too many to count at each look."""

    page: Page[Evaluation]
    found: int | None


def listing(session: Session, agency_id: int, wanted: Wanted, *, cursor: str | None = None) -> Listing:
    """A page of the agency's evaluations that are asked for, the newest first."""
    rows = _asked_for(session, agency_id, wanted)
    page = page_of(
        session,
        rows.options(
            load_only(*SHOWN),
            contains_eager(Evaluation.applicant).load_only(Applicant.name, Applicant.credit_code),
            raiseload("*", sql_only=True),
        ),
        keys=(Evaluation.id,),
        cursor=cursor,
        descending=True,
    )
    return Listing(page, bounded_count(session, rows))


def exported(session: Session, agency_id: int, wanted: Wanted) -> Iterator[tuple[Any, ...]]:
    """Every evaluation that is asked for, a row each for the spreadsheet, read piece by piece."""
    rows = (
        _asked_for(session, agency_id, wanted)
        .with_only_columns(
            Evaluation.number, Applicant.name, Applicant.credit_code, Evaluation.kind, Evaluation.level,
            Evaluation.year, Evaluation.begun_on, Evaluation.standard, Evaluation.other_standard, Evaluation.state,
            Evaluation.handed_over_on, Party.leads, Evaluation.entered_late,
        )
        .order_by(Evaluation.id.desc())
        .execution_options(yield_per=500)
    )  # fmt: skip
    for row in session.execute(rows):
        yield (
            row.number, row.name, row.credit_code, row.kind.label, row.level.label, row.year, row.begun_on,
            standards.title_of(row.standard, row.other_standard), row.state.label, row.handed_over_on,
            "牵头" if row.leads else "联合", "是" if row.entered_late else "",
        )  # fmt: skip


def _asked_for(session: Session, agency_id: int, wanted: Wanted) -> Select[Any]:
    rows = (
        select(Evaluation)
        .join(Party, Party.evaluation_id == Evaluation.id)
        .join(Applicant, Applicant.id == Evaluation.applicant_id)
        .where(Party.agency_id == agency_id, *_filters(wanted))
    )
    return naming.named(session, rows, wanted.word)


def _filters(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.year is not None:
        yield Evaluation.year == wanted.year
    if wanted.level is not None:
        yield Evaluation.level == wanted.level
    if wanted.kind is not None:
        yield Evaluation.kind == wanted.kind
    if wanted.state is not None:
        yield Evaluation.state == wanted.state
