"""What is written of a person on the staff, by hand or by spreadsheet: what it can't be, and what it changes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from agency import models, particulars
from agency.particulars import Employment, TitleLevel
from core.clock import years_before
from core.errors import Collected, DomainError
from core.labels import Labelled

WORKING_AGE = 16  # 劳动法第十五条: nobody younger is employed


@dataclass(frozen=True, slots=True)
class MemberEntry:
    """What is said of a person; who the person is, the identity number says."""

    name: str
    title: str
    series: str
    declared_level: TitleLevel | None
    major: str
    degree_major: str
    granted_on: date | None
    certificate_number: str
    employment: Employment
    full_time: bool
    contract_until: date | None
    insured_since: date | None
    insured_elsewhere: str
    joined_on: date | None
    left_on: date | None
    note: str

    @classmethod
    def of(cls, row: models.StaffMember | particulars.StaffMember) -> "MemberEntry":
        """What a row says now."""
        return cls(**{name: getattr(row, name) for name in FIELDS})


FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "name": "姓名",
        "title": "职称",
        "series": "职称系列",
        "declared_level": "机构认为的级别",
        "major": "职称专业",
        "degree_major": "所学专业",
        "granted_on": "取得日期",
        "certificate_number": "证书编号",
        "employment": "用工形式",
        "full_time": "专职",
        "contract_until": "合同到期日",
        "insured_since": "参保起始日",
        "insured_elsewhere": "社保缴纳单位（他处）",
        "joined_on": "到岗日期",
        "left_on": "离职日期",
        "note": "备注",
    }
)


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a person already on the roster."""

    field: str
    before: str
    after: str

    @property
    def label(self) -> str:
        return FIELDS[self.field]


def changes(before: MemberEntry, after: MemberEntry) -> tuple[Change, ...]:
    """What is different, in words."""
    pairs = ((name, getattr(before, name), getattr(after, name)) for name in FIELDS)
    return tuple(Change(name, told(was), told(is_now)) for name, was, is_now in pairs if was != is_now)


def told(value: Any) -> str:
    """A value as a reader sees it."""
    if isinstance(value, Labelled):
        return value.label
    if isinstance(value, bool):
        return "是" if value else "否"
    return "（空）" if value in (None, "") else str(value)


def write(row: models.StaffMember, entry: MemberEntry) -> None:
    for name in FIELDS:
        setattr(row, name, getattr(entry, name))


def values(entry: MemberEntry) -> dict[str, Any]:
    """The columns of a new row."""
    return {name: getattr(entry, name) for name in FIELDS}


def require_possible(entry: MemberEntry, *, born: date, today: date) -> None:
    """Raises DomainError with its field, several as Refusals, for days that are out of order."""
    refusals = Collected()
    for problem in problems(entry, born=born, today=today):
        with refusals.attempt():
            raise problem
    refusals.settle()


def problems(entry: MemberEntry, *, born: date, today: date) -> Iterator[DomainError]:
    """Days that are out of order. A lapsed contract is possible, and judged; one that ended before it began is not."""
    for field in ("granted_on", "insured_since", "left_on"):
        day = getattr(entry, field)
        if day and day > today:
            yield DomainError(f"{FIELDS[field]} {day} 在今天之后，请填写今天（{today}）或以前的日期。", field=field)
    for field in ("granted_on", "insured_since", "joined_on"):
        day = getattr(entry, field)
        if day and years_before(day, WORKING_AGE) < born:
            yield DomainError(
                f"{FIELDS[field]} {day} 时不满 {WORKING_AGE} 周岁（{born} 出生），请核对日期和身份证号码。", field=field
            )
    joined = entry.joined_on
    if joined and entry.contract_until and entry.contract_until < joined:
        yield DomainError(
            f"合同到期日 {entry.contract_until} 早于到岗日期 {joined}，请核对；续签的填写现行合同的到期日。",
            field="contract_until",
        )
    if joined and entry.left_on and entry.left_on < joined:
        yield DomainError(f"离职日期 {entry.left_on} 早于到岗日期 {joined}，请核对。", field="left_on")


def require_return(joined_on: date | None, *, left_on: date | None, today: date) -> None:
    """Who left comes back on a later day: nobody counts twice on one. `left_on`: the last day of the former time."""
    if left_on is None:
        return
    if joined_on is not None and joined_on <= left_on:
        raise DomainError(
            f"此人曾在本机构任职至 {left_on}，重新到岗的日期应在其后；并未离职的，请改正原记录的离职日期。",
            field="joined_on",
        )
    if joined_on is None and left_on >= today:
        raise DomainError(
            f"此人的离职日期登记为 {left_on}；并未离职的，请改正原记录，离职后又回来的，请填写到岗日期。",
            field="joined_on",
        )
