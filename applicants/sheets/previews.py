"""The preview of a sheet that was brought: every row, with what becomes of it and why."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from applicants.keeping import words_of
from applicants.models import ApplicantSheet
from applicants.sheets.planning import Outcome, Plan, PlannedRow, plan, told
from applicants.sheets.waiting import read_of
from core.labels import Labelled

COLUMNS = ("变化", "名称", "统一社会信用代码", "类别", "工信局", "行业代码")


class Shown(Labelled):
    """Which rows of a preview are asked for."""

    ALL = "all", "全部"
    REJECTED = "rejected", "不导入"
    CHECK = "check", "请核对"
    ADDED = "added", "新增"
    CHANGED = "changed", "更改"
    UNCHANGED = "unchanged", "不变"


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """A row as the preview's table shows it."""

    planned: PlannedRow

    @property
    def number(self) -> int:
        return self.planned.row.row

    @property
    def status(self) -> str:
        if self.planned.outcome is Outcome.REJECTED:
            return "rejected"
        return "check" if self.planned.remarks else "accepted"

    @property
    def kinds(self) -> frozenset[str]:
        return frozenset((Shown.ALL, self.status, self.planned.outcome))

    @property
    def cells(self) -> tuple[str, ...]:
        entry, said = self.planned.entry, self.planned.row.said
        return (
            self.planned.outcome.label if self.planned.outcome is not Outcome.REJECTED else "—",
            entry.name or "（无）",
            entry.credit_code or said.get("credit_code") or entry.body_code or "—",
            words_of(entry.kinds) or said.get("kinds", "—"),
            told("bureau", entry.bureau) if entry.bureau else said.get("bureau", "—"),
            entry.industry_code or said.get("industry_code", "—"),
        )

    @property
    def reasons(self) -> tuple[str, ...]:
        changed = tuple(f"{change.label}：{change.before} → {change.after}" for change in self.planned.changes)
        return (*changed, *self.planned.remarks)


@dataclass(frozen=True, slots=True)
class Preview:
    plan: Plan

    def rows(self, shown: Shown) -> list[PreviewRow]:
        return [row for row in map(PreviewRow, self.plan.rows) if shown in row.kinds]

    def counts(self) -> Mapping[str, int]:
        """How many rows there are of what can be asked for."""
        return Counter(kind for row in map(PreviewRow, self.plan.rows) for kind in row.kinds)


def look_at(session: Session, sheet: ApplicantSheet) -> Preview:
    """Plan a sheet that waits on the register as it stands. Raises SheetGone."""
    return Preview(plan(session, read_of(sheet), bureau=sheet.bureau))
