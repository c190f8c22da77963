"""How far an agency's particulars are: section by section, and which proofs are still missing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from agency.particulars import (
    MATERIALS,
    DeclarationKind,
    Material,
    MaterialKind,
    MaterialSlot,
    Particulars,
    Subject,
    Tenure,
)
from agency.recheck import LiveCheck
from agency.rules import Assessment

RULES = (
    MaterialKind.FINANCE_RULES,
    MaterialKind.FINANCE_STATEMENT,
    MaterialKind.QUALITY_RULES,
    MaterialKind.REVIEW_RULES,
    MaterialKind.RECORDS_RULES,
    MaterialKind.CONFIDENTIALITY_RULES,
    MaterialKind.CONFLICT_RULES,
)


@dataclass(frozen=True, slots=True)
class Section:
    """One section: `endpoint` of its page, what is in it, what is lacking ("" when nothing)."""

    endpoint: str
    title: str
    holds: str
    lacks: str = ""
    may_stay_empty: bool = False

    @property
    def is_complete(self) -> bool:
        return not self.lacks


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for proofs of one thing, and what is in it."""

    slot: MaterialSlot
    subject_id: int | None
    label: str  # of the thing; "" for the agency itself
    materials: tuple[Material, ...]
    is_missing: bool  # nothing is in it, and without it nothing can be handed in


def sections(check: LiveCheck, *, on: date) -> tuple[Section, ...]:
    """The sections of the particulars in the order in which they are filled in."""
    facts = check.particulars
    outside = sum(row.count for row in facts.outside_projects if row.year == on.year)
    return (
        _identity(facts),
        _representative(facts),
        _offices(facts, on),
        _staff(facts, on),
        Section("agency.records", "近五年业绩", f"{len(facts.records)} 项", "" if facts.records else "还没有登记业绩"),
        Section("agency.rules", "财务和内部制度", _told(facts.finance_system), _rules_lacking(facts)),
        _declarations(facts),
        _materials(check),
        Section("agency.trainings", "培训记录", f"{len(facts.trainings)} 次", may_stay_empty=not facts.trainings),
        Section(
            "agency.outside_projects",
            "为外省承担的国家级项目",
            f"{on.year} 年 {outside} 项",
            may_stay_empty=not facts.outside_projects,
        ),
    )


def _told(text: str) -> str:
    return "已说明" if text.strip() else "未说明"


def _identity(facts: Particulars) -> Section:
    lacking = [
        word
        for word, there in (
            ("国家管理平台注册编号", facts.platform_number),
            ("平台注册日期", facts.platform_registered_on),
            ("注册地址", facts.address),
            ("评价能力", facts.capabilities),
            ("联系人", facts.contact_name),
        )
        if not there
    ]
    return Section("agency.identity", "基本信息", facts.name, _lacking(lacking))


def _representative(facts: Particulars) -> Section:
    person = facts.representative
    if person is None:
        return Section("agency.representative", "法定代表人", "—", "还没有登记法定代表人")
    return Section("agency.representative", "法定代表人", f"{person.name}，{person.since} 起")


def _offices(facts: Particulars, on: date) -> Section:
    lapsed = sum(
        office.tenure is Tenure.LEASED and office.leased_until is not None and office.leased_until < on
        for office in facts.offices
    )
    area = sum(office.area_m2 for office in facts.offices)
    lacks = "还没有登记办公场所" if not facts.offices else f"{lapsed} 处租赁已到期" if lapsed else ""
    return Section("agency.offices", "办公场所", f"{len(facts.offices)} 处，{area:g} 平方米", lacks)


def _staff(facts: Particulars, on: date) -> Section:
    present = [person for person in facts.staff if person.left_on is None or person.left_on >= on]
    return Section("agency.staff", "人员", f"{len(present)} 人", "" if present else "还没有录入人员")


def _rules_lacking(facts: Particulars) -> str:
    missing = [slot.slot.kind.label for slot in slots(facts, RULES) if slot.is_missing]
    return _lacking([*([] if facts.finance_system.strip() else ["财务管理制度说明"]), *missing])


def _declarations(facts: Particulars) -> Section:
    made = len(facts.declarations)
    lacking = [f"{len(DeclarationKind) - made} 项声明"] if made < len(DeclarationKind) else []
    if any(slot.is_missing for slot in slots(facts, (MaterialKind.COMMITMENT,))):
        lacking.append("签字盖章的承诺书")
    return Section("agency.declarations", "声明和承诺书", f"已声明 {made} 项", _lacking(lacking))


def _materials(check: LiveCheck) -> Section:
    missing = sum(slot.is_missing for slot in slots(check.particulars, tuple(MaterialKind), staff=check.staff))
    held = f"{len(check.particulars.materials)} 份"
    return Section("agency.materials", "证明材料", held, f"缺 {missing} 份必交材料" if missing else "")


def _lacking(words: Sequence[str]) -> str:
    return f"缺 {'、'.join(words)}" if words else ""


def slots(facts: Particulars, kinds: Sequence[MaterialKind], *, staff: Sequence[Assessment] = ()) -> tuple[Slot, ...]:
    """Every place for a proof of these kinds, in the order of the clauses.

    Of the staff only those who count, or could, must be proven (`staff` says who), of the record one item.
    """
    placed: dict[tuple[MaterialKind, int | None], list[Material]] = {}
    for material in facts.materials:
        placed.setdefault((material.kind, material.subject_id), []).append(material)
    due = {(person.member.id, text) for person in staff for text in person.still_due}
    proven = any(material.kind is MaterialKind.RECORD for material in facts.materials)

    def is_needed(slot: MaterialSlot, subject_id: int | None, label: str) -> bool:
        match slot.subject:
            case Subject.STAFF:
                return (subject_id, f"{label}：{slot.kind.label}") in due
            case Subject.RECORD:
                return not proven
            case _:
                return slot.required

    return tuple(
        Slot(slot, subject_id, label, held, not held and is_needed(slot, subject_id, label))
        for slot in MATERIALS
        if slot.kind in kinds
        for subject_id, label in _things(facts, slot.subject)
        for held in (tuple(placed.get((slot.kind, subject_id), ())),)
    )


def due_by_kind(check: LiveCheck) -> dict[MaterialKind, tuple[int, ...]]:
    """Each kind of proof that people have, and the rows of those of whom it is still due."""
    kinds = [slot.kind for slot in MATERIALS if slot.subject is Subject.STAFF]
    missing = [slot for slot in slots(check.particulars, kinds, staff=check.staff) if slot.is_missing]
    return {
        kind: tuple(slot.subject_id for slot in missing if slot.slot.kind is kind and slot.subject_id is not None)
        for kind in kinds
    }


def by_person(found: Sequence[Slot]) -> tuple[tuple[Slot, ...], ...]:
    """The places of each person of the staff together."""
    persons: dict[int | None, list[Slot]] = {}
    for slot in found:
        if slot.slot.subject is Subject.STAFF:
            persons.setdefault(slot.subject_id, []).append(slot)
    return tuple(tuple(places) for places in persons.values())


def _things(facts: Particulars, subject: Subject) -> Iterator[tuple[int | None, str]]:
    match subject:
        case Subject.AGENCY:
            yield None, ""
        case Subject.OFFICE:
            yield from ((office.id, office.address) for office in facts.offices)
        case Subject.STAFF:
            yield from ((person.id, person.name) for person in facts.staff)
        case Subject.RECORD:
            yield from ((record.id, record.title) for record in facts.records)
        case Subject.TRAINING:
            yield from ((training.id, f"{training.on} {training.topic}") for training in facts.trainings)


def label_of(facts: Particulars, subject: Subject, subject_id: int | None) -> str | None:
    """What a row is called; None for one that isn't there."""
    return dict(_things(facts, subject)).get(subject_id)
