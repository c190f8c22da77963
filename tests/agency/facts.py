"""Made-up facts of an agency, valid unless told otherwise."""

from datetime import date
from typing import Any

from agency.particulars import (
    MATERIALS,
    AgencyKind,
    Capability,
    Declaration,
    DeclarationKind,
    Elsewhere,
    Employment,
    Material,
    MaterialKind,
    Office,
    Particulars,
    Record,
    RecordKind,
    RecordRole,
    Representative,
    StaffMember,
    Subject,
    Tenure,
)
from core.identity import IdentityDocument, Sex

ON = date(2026, 6, 30)
SENIOR, INTERMEDIATE = "高级工程师", "工程师"
PERSONAL = (MaterialKind.TITLE_CERTIFICATE, MaterialKind.CONTRACT, MaterialKind.INSURANCE)


def member(id: int = 1, **changes: Any) -> StaffMember:
    """A full-time senior engineer of environmental engineering."""
    facts: dict[str, Any] = {
        "id": id,
        "name": f"人员{id}",
        "number": "220***********0031",
        "identity": f"identity-{id}",
        "birth_on": date(1985, 5, 20),
        "sex": Sex.MALE,
        "title": SENIOR,
        "series": "工程技术",
        "declared_level": None,
        "major": "环境工程",
        "degree_major": "",
        "granted_on": None,
        "certificate_number": f"吉高{id}",
        "employment": Employment.CONTRACT,
        "full_time": True,
        "contract_until": None,
        "insured_since": date(2015, 3, 1),
        "insured_elsewhere": "",
        "joined_on": None,
        "left_on": None,
        "elsewhere": Elsewhere.NOWHERE,
        "note": "",
    }
    return StaffMember(**facts | changes)


def staff(seniors: int = 5, intermediates: int = 5, **changes: Any) -> tuple[StaffMember, ...]:
    """So many seniors first, then so many of intermediate title."""
    leading = [member(number, **changes) for number in range(1, seniors + 1)]
    following = [
        member(number, title=INTERMEDIATE, **changes) for number in range(seniors + 1, seniors + intermediates + 1)
    ]
    return (*leading, *following)


def proofs(people: tuple[StaffMember, ...]) -> tuple[Material, ...]:
    """Every proof that a person can need."""
    return tuple(
        Material(1000 + 10 * person.id + place, kind, Subject.STAFF, person.id, 1, kind.label, "digest")
        for person in people
        for place, kind in enumerate(PERSONAL)
    )


def particulars(**changes: Any) -> Particulars:
    """An agency that meets every condition, with every material."""
    people: tuple[StaffMember, ...] = changes.get("staff", staff())
    own = tuple(
        Material(
            place, slot.kind, slot.subject, None if slot.subject is Subject.AGENCY else 1, 1, slot.kind.label, "digest"
        )
        for place, slot in enumerate(MATERIALS)
        if slot.subject in (Subject.AGENCY, Subject.OFFICE, Subject.RECORD)
    )
    facts: dict[str, Any] = {
        "credit_code": "91220101MA0TE5T16T",
        "name": "吉林省衡准评价有限公司",
        "kind": AgencyKind.ENTERPRISE,
        "address": "长春市某街 1 号",
        "division": "220104",
        "in_china": True,
        "platform_number": "P-001",
        "platform_registered_on": date(2025, 1, 1),
        "capabilities": tuple(Capability),
        "finance_system": "独立核算，年度审计",
        "contact_name": "某人",
        "contact_phone": "138****0000",
        "contact_email": "a@example.com",
        "service_address": "",
        "representative": Representative(
            "某人", IdentityDocument.RESIDENT_ID, "220***", "identity", "", date(2020, 1, 1)
        ),
        "offices": (Office(1, "长春市某街 1 号", 200.0, Tenure.LEASED, date(2027, 1, 1)),),
        "staff": people,
        "records": (
            Record(1, RecordKind.EVALUATION, RecordRole.LED, "某厂绿色工厂评价", "E-1", "某厂", date(2025, 3, 1)),
        ),
        "trainings": (),
        "outside_projects": (),
        "declarations": tuple(Declaration(kind, "某人", date(2026, 1, 1)) for kind in DeclarationKind),
        "materials": (*own, *proofs(people)),
    }
    return Particulars(**facts | changes)
