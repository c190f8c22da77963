"""The preview of a roster that was brought: every row, with what becomes of it and why."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from agency import imports, members, models
from agency.imports import Outcome, Outlook, Plan, PlannedRow
from agency.rules import Assessment
from agency.tables import tables_of
from agency.waiting import roster_of
from core.labels import Labelled

COLUMNS = ("变化", "姓名", "身份证号码", "职称", "专业", "专职")


class Shown(Labelled):
    """Which rows of a preview are asked for."""

    ALL = "all", "全部"
    REJECTED = "rejected", "不导入"
    REVIEW = "review", "待核"
    CHECK = "check", "请核对"
    ADDED = "added", "新增"
    CHANGED = "changed", "更改"
    UNCHANGED = "unchanged", "不变"


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """A row as the preview's table shows it."""

    planned: PlannedRow
    assessment: Assessment | None

    @property
    def number(self) -> int:
        return self.planned.row.row

    @property
    def status(self) -> str:
        if self.assessment is None:
            return "rejected"
        if self.assessment.doubts:
            return "review"
        return "check" if imports.TO_LOOK_INTO.intersection(self.planned.row.flags) else "accepted"

    @property
    def kinds(self) -> frozenset[str]:
        return frozenset((Shown.ALL, self.status, self.planned.outcome))

    @property
    def cells(self) -> tuple[str, ...]:
        entry, level = self.planned.entry, self.assessment.level if self.assessment else None
        return (
            self.planned.outcome.label if self.assessment else "—",
            entry.name or "（无）",
            self.planned.number,
            f"{entry.title}（{level.label}）" if level else entry.title,
            entry.major or entry.degree_major,
            members.told(entry.full_time) if self.assessment else "",
        )

    @property
    def reasons(self) -> tuple[str, ...]:
        doubts = tuple(f"须由办理人判断：{doubt.label}" for doubt in self.assessment.doubts) if self.assessment else ()
        changed = tuple(f"{change.label}：{change.before} → {change.after}" for change in self.planned.changes)
        return (*changed, *doubts, *self.planned.remarks)


@dataclass(frozen=True, slots=True)
class Preview:
    plan: Plan
    outlook: Outlook

    def rows(self, shown: Shown) -> list[PreviewRow]:
        return [row for row in self._all() if shown in row.kinds]

    def counts(self) -> Mapping[str, int]:
        """How many rows there are of what can be asked for."""
        return Counter(kind for row in self._all() for kind in row.kinds)

    def _all(self) -> Iterator[PreviewRow]:
        return map(PreviewRow, self.plan.rows, self.outlook.assessments)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to confirm."""
        return not (self.plan.counts[Outcome.ADDED] or self.plan.counts[Outcome.CHANGED])


def look_at(session: Session, agency: models.Agency, brought: models.RosterImport, *, on: date) -> Preview:
    """Plan a roster that waits on the staff as they stand. Raises RosterGone."""
    planned = imports.plan(session, agency, roster_of(brought), on=on)
    return Preview(planned, imports.outlook(session, agency, planned, tables=tables_of(session), on=on))
