"""An agency's own evaluations for its spreadsheet: found as `listing` finds them."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import and_
from sqlalchemy.orm import Session

from applicants.models import Applicant
from core.exports import Column
from evaluations import standards
from evaluations.models import Evaluation, Party
from evaluations.queries.listing import Wanted, asked_for

COLUMNS = (
    Column("评价编号", 18), Column("培育对象", 36), Column("统一社会信用代码", 22), Column("类别", 20),
    Column("级别", 8), Column("申报年度", 10), Column("协议日期", 12), Column("评价标准", 40), Column("状态", 10),
    Column("提交日期", 12), Column("牵头或联合", 12), Column("补登", 8),
)  # fmt: skip


def exported(session: Session, wanted: Wanted) -> Iterator[tuple[Any, ...]]:
    """Every evaluation of an agency that is asked for, a row each, read piece by piece."""
    found, _ = asked_for(session, wanted)
    rows = (
        found.join(Party, and_(Party.evaluation_id == Evaluation.id, Party.agency_id == wanted.agency_id))
        .join(Applicant, Applicant.id == Evaluation.applicant_id)
        .with_only_columns(
            Evaluation.number, Applicant.name, Applicant.credit_code, Evaluation.kind, Evaluation.level,
            Evaluation.year, Evaluation.begun_on, Evaluation.standard, Evaluation.other_standard, Evaluation.state,
            Evaluation.handed_over_on, Party.leads, Evaluation.entered_late,
        )
        .order_by(Evaluation.year.desc(), Evaluation.id.desc())
        .execution_options(yield_per=500)
    )  # fmt: skip
    for row in session.execute(rows):
        yield (
            row.number, row.name, row.credit_code, row.kind.label, row.level.label, row.year, row.begun_on,
            standards.title_of(row.standard, row.other_standard), row.state.label, row.handed_over_on,
            "牵头" if row.leads else "联合", "是" if row.entered_late else "",
        )  # fmt: skip
