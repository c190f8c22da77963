"""What changed between two versions of an agency, section by section, for the page that shows them side by side."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import chain
from types import MappingProxyType
from typing import Any

from agency import members, particulars
from agency.particulars import Particulars
from core.labels import Labelled

NOT_GIVEN = "未填写"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: a row that came (before is None) or went (after is None), or a value that changed."""

    label: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class SectionChanges:
    """The differences of one section, and what a correction that they answer to could be tied to."""

    title: str
    rows: tuple[Change, ...]
    targets: frozenset[str]


IDENTITY = MappingProxyType(
    {
        "credit_code": "统一社会信用代码",
        "name": "机构名称",
        "kind": "机构类型",
        "address": "住所",
        "division": "行政区划代码",
        "bureau": "所属市（州）工信局",
        "in_china": "境内注册",
        "platform_number": "管理平台编号",
        "platform_registered_on": "管理平台注册日期",
        "capabilities": "评价能力",
        "finance_system": "财务管理制度",
        "contact_name": "联系人",
        "contact_phone": "联系电话",
        "contact_email": "联系邮箱",
        "service_address": "电子送达地址",
    }
)
IDENTITY_CLAUSES = MappingProxyType(
    {
        "platform_number": "JL-21-1",
        "platform_registered_on": "JL-21-1",
        "capabilities": "JL-20-5",
        "finance_system": "JL-20-2",
    }
)
REPRESENTATIVE = MappingProxyType(
    {"name": "姓名", "document": "证件类型", "number": "证件号码", "phone": "电话", "since": "任职起始日"}
)
OFFICE = MappingProxyType(
    {"address": "地址", "area_m2": "面积（平方米）", "tenure": "权属", "leased_until": "租赁到期日"}
)
RECORD = MappingProxyType(
    {"kind": "类别", "role": "作用", "title": "名称", "number": "编号", "commissioner": "委托单位", "on": "日期"}
)
TRAINING = MappingProxyType({"topic": "主题", "on": "日期", "attendees": "参加人员", "hours": "学时"})
OUTSIDE = MappingProxyType({"year": "年度", "province": "省份", "capability": "领域", "count": "项数"})
DECLARATION = MappingProxyType({"kind": "声明", "signed_by": "签署人", "signed_on": "签署日期"})


def compare(before: Particulars, after: Particulars) -> tuple[SectionChanges, ...]:
    """The sections that differ, in the order of the pages. What other agencies claim is no change of this one."""
    sections = (
        _identity(before, after),
        _section("法定代表人", "JL-20-1", _representative(before, after)),
        _section("办公场所", "JL-20-2", _rows(OFFICE, before.offices, after.offices, _by_id, _office_name)),
        _section("人员", "JL-20-3", _rows(members.FIELDS, before.staff, after.staff, _by_identity, _staff_name)),
        _section("培训", "JL-20-4", _rows(TRAINING, before.trainings, after.trainings, _by_id, _training_name)),
        _section("业绩", "JL-20-5", _rows(RECORD, before.records, after.records, _by_id, _record_name)),
        _section(
            "外省国家级项目",
            None,
            _rows(OUTSIDE, before.outside_projects, after.outside_projects, _by_id, _outside_name),
        ),
        _declarations(before, after),
        _materials(before, after),
    )
    return tuple(section for section in sections if section.rows)


def shown(value: Any) -> str:
    """A value as a reader sees it."""
    match value:
        case None | "" | ():
            return NOT_GIVEN
        case bool():
            return "是" if value else "否"
        case Labelled():
            return value.label
        case date():
            return value.isoformat()
        case float():
            return f"{value:g}"
        case tuple():
            return "、".join(shown(each) for each in value)
    return str(value)


def _section(title: str, clause: str | None, rows: Iterator[Change]) -> SectionChanges:
    return SectionChanges(title, tuple(rows), frozenset({f"clause:{clause}"} if clause else ()))


def _values(labels: Any, before: Any, after: Any, of: str = "") -> Iterator[Change]:
    for name, label in labels.items():
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield Change(f"{of}：{label}" if of else label, shown(old), shown(new))


def _identity(before: Particulars, after: Particulars) -> SectionChanges:
    changed = [name for name in IDENTITY if getattr(before, name) != getattr(after, name)]
    targets = frozenset(f"clause:{IDENTITY_CLAUSES.get(name, 'JL-20-1')}" for name in changed)
    return SectionChanges("基本情况", tuple(_values(IDENTITY, before, after)), targets)


def _representative(before: Particulars, after: Particulars) -> Iterator[Change]:
    old, new = before.representative, after.representative
    if old is None or new is None:
        if old != new:
            yield Change("法定代表人", old.name if old else None, new.name if new else None)
        return
    if old.identity != new.identity and old.number == new.number and old.name == new.name:
        yield Change("法定代表人", f"{old.name}（{old.number}）", f"{new.name}（{new.number}，另一证件号码）")
    yield from _values(REPRESENTATIVE, old, new)


def _rows(
    labels: Any,
    before: Sequence[Any],
    after: Sequence[Any],
    key: Callable[[Any], object],
    name: Callable[[Any], str],
) -> Iterator[Change]:
    """Rows matched by their key: gone, come, and changed."""
    old, new = {key(row): row for row in before}, {key(row): row for row in after}
    for each in dict.fromkeys(chain(old, new)):
        was, is_ = old.get(each), new.get(each)
        if was is None:
            yield Change(name(is_), None, _summary(labels, is_))
        elif is_ is None:
            yield Change(name(was), _summary(labels, was), None)
        else:
            yield from _values(labels, was, is_, name(is_))


def _summary(labels: Any, row: Any) -> str:
    given = ((label, getattr(row, name)) for name, label in labels.items())
    return "\n".join(f"{label}：{shown(value)}" for label, value in given if value not in (None, "", ()))


def _declarations(before: Particulars, after: Particulars) -> SectionChanges:
    changed = set(before.declarations) ^ set(after.declarations)
    lawful = particulars.DeclarationKind.LAWFUL
    clauses = {"JL-20-4" if declaration.kind is lawful else "JL-22-1b" for declaration in changed}
    rows = _rows(DECLARATION, before.declarations, after.declarations, lambda row: row.kind, lambda row: row.kind.label)
    return SectionChanges("声明", tuple(rows), frozenset(f"clause:{clause}" for clause in clauses))


def _materials(before: Particulars, after: Particulars) -> SectionChanges:
    """A replaced file is another material: the old one goes, the new one comes."""
    old, new = {row.id: row for row in before.materials}, {row.id: row for row in after.materials}
    gone = [row for row in before.materials if new.get(row.id) != row]
    come = [row for row in after.materials if old.get(row.id) != row]
    clauses = {slot.kind: slot.clause for slot in particulars.MATERIALS}
    kinds = {row.kind for row in (*gone, *come)}
    return SectionChanges(
        "材料",
        (
            *(Change(material_name(row, before), row.title, None) for row in gone),
            *(Change(material_name(row, after), None, row.title) for row in come),
        ),
        frozenset(chain((f"material:{kind}" for kind in kinds), (f"clause:{clauses[kind]}" for kind in kinds))),
    )


def material_name(material: particulars.Material, of: Particulars) -> str:
    """What a material proves, of whom or of what."""
    owner = subject_name(material, of)
    return f"{owner}：{material.kind.label}" if owner else material.kind.label


def subject_name(material: particulars.Material, of: Particulars) -> str:
    """The row that a material hangs on, "" for the agency itself."""
    subject = particulars.Subject
    names: dict[StrEnum, tuple[Sequence[Any], Callable[[Any], str]]] = {
        subject.OFFICE: (of.offices, _office_name),
        subject.STAFF: (of.staff, _staff_name),
        subject.RECORD: (of.records, _record_name),
        subject.TRAINING: (of.trainings, _training_name),
    }
    rows, name = names.get(material.subject, ((), str))
    return next((name(row) for row in rows if row.id == material.subject_id), "")


def _by_id(row: Any) -> object:
    return row.id


def _by_identity(row: particulars.StaffMember) -> object:
    return row.identity


def _office_name(row: particulars.Office) -> str:
    return row.address


def _staff_name(row: particulars.StaffMember) -> str:
    return row.name


def _record_name(row: particulars.Record) -> str:
    return row.title


def _training_name(row: particulars.Training) -> str:
    return f"{row.on} {row.topic}"


def _outside_name(row: particulars.OutsideProjects) -> str:
    return f"{row.year} 年 {row.province} {row.capability.label}"
