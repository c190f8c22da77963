"""The facts of an agency, without a database."""

from datetime import date

from agency import particulars as facts
from agency.particulars import Particulars


def qualified() -> Particulars:
    """One with an office, two specialists and two materials: enough to compare."""
    office = facts.Office(1, "长春市人民大街 1 号", 320.0, facts.Tenure.LEASED, date(2028, 12, 31))
    return Particulars(
        credit_code="91220101MA0000001X",
        name="吉林衡准绿色技术有限公司",
        kind=facts.AgencyKind.ENTERPRISE,
        address="长春市人民大街 1 号",
        division="220104",
        in_china=True,
        platform_number="GM-1",
        platform_registered_on=date(2025, 1, 1),
        capabilities=tuple(facts.Capability),
        finance_system="执行企业会计准则",
        contact_name="李联系",
        contact_phone="138****0002",
        contact_email="contact@example.com",
        service_address="service@example.com",
        representative=someone(),
        offices=(office,),
        staff=tuple(specialist(number) for number in (1, 2)),
        records=(),
        trainings=(),
        outside_projects=(),
        declarations=(),
        materials=(
            facts.Material(1, facts.MaterialKind.LICENCE, facts.Subject.AGENCY, None, 1, "执照.pdf", "b" * 64),
            facts.Material(2, facts.MaterialKind.OFFICE, facts.Subject.OFFICE, 1, 2, "租约.pdf", "c" * 64),
        ),
    )


def someone() -> facts.Representative:
    document = facts.IdentityDocument.RESIDENT_ID
    return facts.Representative("王法定", document, "2201**********1234", "a" * 64, "138****0001", date(2020, 1, 1))


def specialist(number: int) -> facts.StaffMember:
    return facts.StaffMember(
        id=number,
        name=f"职员{number}",
        number="2201**********5678",
        identity=f"{number:064d}",
        birth_on=date(1985, 5, 20),
        sex=facts.Sex.MALE,
        title="高级工程师",
        series="工程技术",
        declared_level=None,
        major="环境工程",
        degree_major="",
        granted_on=date(2020, 1, 1),
        certificate_number="吉职 1",
        employment=facts.Employment.CONTRACT,
        full_time=True,
        contract_until=None,
        insured_since=date(2020, 1, 1),
        insured_elsewhere="",
        joined_on=date(2020, 1, 1),
        left_on=None,
        elsewhere=facts.Elsewhere.NOWHERE,
        note="",
    )
