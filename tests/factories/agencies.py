"""Agencies, registered and with everything that Article 20 asks for."""

from datetime import date, timedelta
from itertools import count
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import User
from agency import naming, persons
from agency.models import (
    Agency,
    CodeCheck,
    Declaration,
    Material,
    Office,
    OutsideProjects,
    Record,
    Representation,
    StaffMember,
    Standing,
    Training,
)
from agency.particulars import (
    MATERIALS,
    AgencyKind,
    Capability,
    DeclarationKind,
    MaterialKind,
    RecordKind,
    RecordRole,
    Subject,
    Tenure,
)
from core import clock
from core.db import db, transaction
from core.documents import DocumentKind
from core.identifiers import IdNumber
from core.identity import Identity
from core.places import bureau_of
from core.uploads import StoredFile, store
from tests.factories.accounts import MakesAccounts
from tests.numbers import credit_code, id_number

# one blank page; a reader rebuilds the missing table of references
TINY_PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 280]>>endobj
trailer<</Root 1 0 R>>
%%EOF
"""

_agencies = count(1)
_people = count(1)
Row = TypeVar("Row")


def made_up_number(area: str = "220104") -> str:
    """The identity number of an invented person, another one at each call."""
    days, serial = divmod(next(_people), 499)
    return id_number(serial + 1, area=area, born=date(1985, 5, 20) + timedelta(days=days))


class MakesAgencies(MakesAccounts):
    def agency(self, *, representative_number: str | None = None, **overrides: Any) -> Agency:
        """A registered agency with its representative and its first user, who is `make.user_of(agency)`."""
        with self.app.app_context():
            with transaction() as session:
                row = self._registered(session, representative_number or made_up_number("220102"), overrides)
            agency = _detached(row)
        self.account("agency", agency_id=agency.id)
        return agency

    def qualified_agency(
        self, *, seniors: int = 6, intermediates: int = 5, representative_number: str | None = None, **overrides: Any
    ) -> Agency:
        """One that meets Article 20 beyond doubt, every required material uploaded (unless the staff are too few)."""
        agency = self.agency(representative_number=representative_number, **overrides)
        with self.app.app_context():
            with transaction() as session:
                row = session.get_one(Agency, agency.id)
                user = session.scalars(select(User).where(User.agency_id == agency.id)).one()
                self._equip(session, row)
                people = _made_up(seniors + intermediates)
                ids = persons.find_or_add_all(session, people)
                for number, key in enumerate(people):
                    session.add(_on_the_roster(row, ids[key], number, senior=number < seniors))
                session.flush()
                _prove(session, row, user)
            return _detached(row)

    def staff_member(self, agency: Agency, *, number: str | None = None, **overrides: Any) -> StaffMember:
        """One more person on the roster: an engineer in full-time employment, without materials."""
        with self.app.app_context():
            with transaction() as session:
                person = _person(session, number or made_up_number())
                row = _on_the_roster(session.get_one(Agency, agency.id), person.id, 99, senior=False)
                session.add(row)
                for name, value in overrides.items():
                    setattr(row, name, value)
            return _detached(row)

    def office(self, agency: Agency) -> Office:
        return self._added(Office(agency_id=agency.id, address="长春市某街 1 号", area_m2=100.0, tenure=Tenure.OWNED))

    def record(self, agency: Agency) -> Record:
        on, kind, role = clock.today() - timedelta(days=100), RecordKind.REVIEW, RecordRole.JOINED
        return self._added(Record(agency_id=agency.id, kind=kind, role=role, title="某项评审", on=on))

    def training(self, agency: Agency) -> Training:
        on = clock.today() - timedelta(days=50)
        return self._added(Training(agency_id=agency.id, topic="标准宣贯", on=on, attendees="全体评价人员", hours=4.0))

    def outside_projects(self, agency: Agency) -> OutsideProjects:
        """Those of a province and year of their own at each call."""
        year, kind = clock.today().year, Capability.FACTORY
        province = f"某省{next(_agencies)}"
        return self._added(OutsideProjects(agency_id=agency.id, year=year, province=province, capability=kind, count=2))

    def material(self, agency: Agency) -> Material:
        """The agency's licence, a blank page."""
        user = self.user_of(agency)
        with self.app.app_context():
            return self._added(
                Material(
                    agency_id=agency.id,
                    kind=MaterialKind.LICENCE,
                    subject=Subject.AGENCY,
                    file=_blank_page(user.id),
                    uploaded_at=clock.now(),
                    uploaded_by=user.id,
                )
            )

    def code_check(self) -> CodeCheck:
        """A wish to have a code looked at, with its proof."""
        sound = credit_code(next(_agencies))
        with self.app.app_context():
            return self._added(
                CodeCheck(
                    credit_code=sound[:-1] + ("1" if sound[-1] != "1" else "2"),
                    name="吉林存疑代码有限公司",
                    contact_name="吴联系",
                    contact_phone="13804310011",
                    explanation="证照上即为此代码",
                    file=_blank_page(None),
                    asked_at=clock.now(),
                )
            )

    def _added(self, row: Row) -> Row:
        with self.app.app_context():
            with transaction() as session:
                session.add(row)
            return _detached(row)

    def user_of(self, agency: Agency) -> User:
        """The first user of an agency."""
        with self.app.app_context():
            user = db.session.scalars(select(User).where(User.agency_id == agency.id).order_by(User.id)).first()
            assert user is not None
            return _detached(user)

    def _registered(self, session: Session, representative_number: str, overrides: dict[str, Any]) -> Agency:
        number = next(_agencies)
        values: dict[str, Any] = {
            "standing": Standing.REGISTERED,
            "credit_code": credit_code(number),
            "name": f"吉林衡准{number:03d}绿色技术有限公司",
            "kind": AgencyKind.ENTERPRISE,
            "address": f"吉林省长春市朝阳区人民大街 {number} 号",
            "division": "220104",
            "platform_number": f"GM-{number:06d}",
            "platform_registered_on": clock.today() - timedelta(days=400),
            "does_factories": True,
            "does_parks": True,
            "does_supply_chains": True,
            "contact_name": "李联系",
            "contact_phone": f"1390431{number:04d}",
            "contact_email": "contact@example.com",
            "service_address": "service@example.com",
            "service_consent_at": clock.now(),
            "registered_at": clock.now(),
        } | overrides
        bureau = bureau_of(values["division"])
        values.setdefault("bureau", bureau.key if bureau else "")
        name = values.pop("name")
        agency = Agency(name=name, search_text="", sort_key="", **values)
        naming.set_name(session, agency, name, on=clock.today())
        agency.representations.append(
            Representation(
                person=_person(session, representative_number),
                name="王法定",
                phone=f"1380431{number:04d}",
                since=clock.today() - timedelta(days=900),
                entered_at=clock.now(),
            )
        )
        return agency

    def _equip(self, session: Session, agency: Agency) -> None:
        today = clock.today()
        agency.finance_system = "设财务部，执行《企业会计准则》，年度报表经审计。"
        agency.offices.append(
            Office(
                address=f"{agency.address} 8 层",
                area_m2=320.0,
                tenure=Tenure.LEASED,
                leased_until=today + timedelta(days=700),
            )
        )
        for kind, days in ((RecordKind.EVALUATION, 200), (RecordKind.RESEARCH, 900)):
            agency.records.append(
                Record(
                    kind=kind,
                    role=RecordRole.LED,
                    title=f"绿色工厂{kind.label}项目",
                    number=f"吉绿〔{days}〕号",
                    commissioner="吉林省某化工有限公司",
                    on=today - timedelta(days=days),
                )
            )
        agency.trainings.append(
            Training(
                topic="GB/T 36132 与评价程序培训", on=today - timedelta(days=90), attendees="全体评价人员", hours=6.0
            )
        )
        for declared in DeclarationKind:
            agency.declarations.append(Declaration(kind=declared, signed_by="王法定", signed_on=today))


def _on_the_roster(agency: Agency, person_id: int, place: int, *, senior: bool) -> StaffMember:
    today = clock.today()
    return StaffMember(
        agency_id=agency.id,
        person_id=person_id,
        name=f"{'高' if senior else '中'}职员{place + 1:02d}",
        title="高级工程师" if senior else "工程师",
        series="工程技术",
        major="环境工程",
        granted_on=today - timedelta(days=2000),
        certificate_number=f"吉职 {agency.id:04d}{place:02d}",
        contract_until=today + timedelta(days=500),
        insured_since=today - timedelta(days=1000),
        joined_on=today - timedelta(days=1000),
    )


def _made_up(people: int) -> dict[str, Identity]:
    """So many invented persons, by their keys."""
    identities = [Identity.of_number(IdNumber.parse(made_up_number())) for _ in range(people)]
    return {identity.key: identity for identity in identities}


def _person(session: Session, number: str) -> Any:
    return persons.find_or_add(session, Identity.of_number(IdNumber.parse(number)))


def _prove(session: Session, agency: Agency, user: User) -> None:
    """A material in every required slot, all of them the same blank page."""
    file = _blank_page(user.id)
    subjects: dict[Subject, list[int | None]] = {
        Subject.AGENCY: [None],
        Subject.OFFICE: [row.id for row in agency.offices],
        Subject.RECORD: [row.id for row in agency.records],
        Subject.TRAINING: [row.id for row in agency.trainings],
        Subject.STAFF: list(session.scalars(select(StaffMember.id).where(StaffMember.agency_id == agency.id))),
    }
    kinds: list[tuple[MaterialKind, Subject]] = [(slot.kind, slot.subject) for slot in MATERIALS if slot.required]
    for kind, subject in kinds:
        for subject_id in subjects[subject]:
            agency.materials.append(
                Material(
                    kind=kind,
                    subject=subject,
                    subject_id=subject_id,
                    file=file,
                    uploaded_at=clock.now(),
                    uploaded_by=user.id,
                )
            )


def _blank_page(uploaded_by: int | None) -> StoredFile:
    """A file in the store and its row, in the running application."""
    return StoredFile(
        digest=store().put(TINY_PDF),
        kind=DocumentKind.PDF,
        pages=1,
        size=len(TINY_PDF),
        name="证明.pdf",
        uploaded_at=clock.now(),
        uploaded_by=uploaded_by,
    )


def _detached(row: Row) -> Row:
    """The row with its columns, free of the session that made it."""
    db.session.refresh(row)
    db.session.expunge_all()
    return row
