"""Evaluations that are asked for as rows of a spreadsheet, read piece by piece: memory stays level, however many."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from agency.models import Agency
from applicants.models import Applicant
from core import clock
from core.exports import Cell, Column
from core.places import bureaus
from evaluations import standards
from evaluations.flags import flags_of
from evaluations.models import Adoption, Confirmation, Evaluation, Party, Report, TeamMember
from evaluations.queries.adopting import TAKEN_BACK
from evaluations.queries.listing import Wanted, asked_for
from evaluations.rules.states import EvaluationFlag

PIECE = 1_000

COLUMNS = (
    Column("评价编号", 18), Column("培育对象", 36), Column("统一社会信用代码", 22), Column("所属工信局", 14),
    Column("县（市、区）", 14), Column("行业", 24), Column("类别", 20), Column("级别", 8), Column("申报年度", 10),
    Column("方式", 12), Column("第三方机构", 40), Column("组长", 10), Column("评价标准", 36), Column("开始日期", 12),
    Column("提升日期", 12), Column("状态", 10), Column("标注", 24), Column("报告编号", 20), Column("报告日期", 12),
    Column("得分", 8), Column("结论", 10), Column("培育对象确认", 12), Column("提交日期", 12), Column("办理日期", 12),
    Column("办理人", 12), Column("办理理由", 30), Column("登记时间", 18),
)  # fmt: skip
SELECTED = (
    Evaluation.id, Evaluation.number, Applicant.name, Applicant.credit_code, Evaluation.bureau, Applicant.county,
    Applicant.industry, Evaluation.kind, Evaluation.level, Evaluation.year, Evaluation.mode, Evaluation.standard,
    Evaluation.other_standard, Evaluation.begun_on, Evaluation.raised_on, Evaluation.state, Evaluation.unfiled,
    Evaluation.entered_late, Evaluation.handed_over_on, Evaluation.entered_at,
)  # fmt: skip


def exported(session: Session, wanted: Wanted) -> Iterator[tuple[Cell, ...]]:
    """A row each, in the order of the list."""
    found = (
        asked_for(session, wanted)[0]
        .join(Applicant, Applicant.id == Evaluation.applicant_id)
        .with_only_columns(*SELECTED)
        .order_by(Evaluation.year.desc(), Evaluation.id.desc())
        .execution_options(yield_per=PIECE)
    )
    for piece in session.execute(found).partitions(PIECE):
        beside = _Beside.of(session, piece)
        for row in piece:
            yield beside.line(row)


@dataclass(frozen=True, slots=True)
class _Beside:
    """What stands in other tables of a piece, by evaluation."""

    agencies: Mapping[int, list[str]]
    leaders: Mapping[int, str]
    reports: Mapping[int, Any]
    decisions: Mapping[int, Any]
    confirmed: Mapping[int, Any]
    flags: Mapping[int, tuple[EvaluationFlag, ...]]

    @classmethod
    def of(cls, session: Session, piece: Collection[Any]) -> "_Beside":
        ids = [row.id for row in piece]
        agencies: dict[int, list[str]] = {}
        for evaluation_id, name in session.execute(
            select(Party.evaluation_id, Agency.name)
            .join(Agency, Agency.id == Party.agency_id)
            .where(Party.evaluation_id.in_(ids))
            .order_by(Party.id)
        ):
            agencies.setdefault(evaluation_id, []).append(name)
        leaders = select(TeamMember.evaluation_id, TeamMember.name).where(
            TeamMember.evaluation_id.in_(ids), TeamMember.leads
        )
        reports = (
            select(Report.evaluation_id, Report.number, Report.issued_on, Report.score, Report.conclusion)
            .where(Report.evaluation_id.in_(ids))
            .order_by(Report.version)  # of several the last is kept
        )
        decisions = (
            select(Adoption.evaluation_id, Adoption.on, Adoption.by, Adoption.reason)
            .where(Adoption.evaluation_id.in_(ids))
            .order_by(Adoption.id)
        )
        confirmed = select(Confirmation.evaluation_id, Confirmation.at).where(
            Confirmation.evaluation_id.in_(ids), ~TAKEN_BACK
        )
        return cls(
            agencies=agencies,
            leaders={row.evaluation_id: row.name for row in session.execute(leaders)},
            reports={row.evaluation_id: row for row in session.execute(reports)},
            decisions={row.evaluation_id: row for row in session.execute(decisions)},
            confirmed={row.evaluation_id: row.at for row in session.execute(confirmed)},
            flags=flags_of(session, piece),
        )

    def line(self, row: Any) -> tuple[Cell, ...]:
        report, decision = self.reports.get(row.id), self.decisions.get(row.id)
        bureau = bureaus().get(row.bureau)
        return (
            row.number, row.name, row.credit_code, bureau.place if bureau else "", row.county, row.industry,
            row.kind.label, row.level.label, row.year, row.mode.label, "、".join(self.agencies.get(row.id, ())),
            self.leaders.get(row.id), standards.title_of(row.standard, row.other_standard), row.begun_on,
            row.raised_on, row.state.label, "、".join(flag.label for flag in self.flags[row.id]), *_reported(report),
            _day(self.confirmed.get(row.id)), row.handed_over_on, *_decided(decision), row.entered_at,
        )  # fmt: skip


def _reported(report: Any) -> tuple[Cell, ...]:
    if report is None:
        return None, None, None, None
    score = None if report.score is None else report.score / 10
    return report.number, report.issued_on, score, report.conclusion.label


def _decided(decision: Any) -> tuple[Cell, ...]:
    return (decision.on, decision.by, decision.reason) if decision is not None else (None, None, None)


def _day(instant: Any) -> date | None:
    return clock.day_of(instant) if instant is not None else None
