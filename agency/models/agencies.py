"""The agency itself, and what of its filing everyone else reads (facts lie low, the procedure stands in `filing`)."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from agency.models.ledgers import Spelling
from agency.models.people import Representation, StaffMember
from agency.models.possessions import Declaration, Material, Office, OutsideProjects, Record, Training
from agency.models.standing import Flag, QualificationCheck
from agency.particulars import AgencyKind, Capability
from core.db import Model, Word
from core.labels import Labelled
from core.refs import Ref
from core.sealed import SealedText


class Standing(Labelled):
    KNOWN = "known", "已知，未登记"  # from the department's ledger
    REGISTERED = "registered", "已登记"


class FilingStatus(Labelled):
    """What the public may know of the filing."""

    NONE = "none", "未备案"
    PENDING = "pending", "备案审核中"
    FILED = "filed", "已备案"
    CANCELLED = "cancelled", "已注销备案"


class Agency(Model):
    __tablename__ = "agency"
    __table_args__ = (
        Index("ix_agency_register", "sort_key", "id"),
        Index("ix_agency_public", "public_sort_key", "id"),
        Index("ix_agency_status_public", "filing_status", "public_sort_key", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)  # raised by each change of the particulars
    standing: Mapped[Standing] = mapped_column(Word(Standing))
    credit_code: Mapped[str | None] = mapped_column(String(18), unique=True)  # None: known from a ledger only
    code_overruled: Mapped[bool] = mapped_column(default=False)  # check character wrong, accepted by an officer
    name: Mapped[str] = mapped_column(String(120))
    search_text: Mapped[str] = mapped_column(Text)  # searchable names, former names and code, a line each
    sort_key: Mapped[str] = mapped_column(String(500))
    kind: Mapped[AgencyKind] = mapped_column(Word(AgencyKind), default=AgencyKind.ENTERPRISE)
    address: Mapped[str] = mapped_column(String(200), default="")
    division: Mapped[str] = mapped_column(String(6), default="")
    bureau: Mapped[str] = mapped_column(String(20), default="", index=True)  # "" outside Jilin; config/bureaus.csv
    in_china: Mapped[bool] = mapped_column(default=True)
    platform_number: Mapped[str] = mapped_column(String(60), default="")
    platform_registered_on: Mapped[date | None]
    does_factories: Mapped[bool] = mapped_column(default=False)
    does_parks: Mapped[bool] = mapped_column(default=False)
    does_supply_chains: Mapped[bool] = mapped_column(default=False)
    finance_system: Mapped[str] = mapped_column(Text, default="")
    contact_name: Mapped[str] = mapped_column(String(60), default="")
    contact_phone: Mapped[str | None] = mapped_column(SealedText)
    contact_email: Mapped[str] = mapped_column(String(120), default="")
    service_address: Mapped[str] = mapped_column(String(120), default="")  # "": no consent to electronic service
    service_consent_at: Mapped[datetime | None]
    registered_at: Mapped[datetime | None]

    # facts of its filing, written by the filing's services in their transactions
    filing_status: Mapped[FilingStatus] = mapped_column(Word(FilingStatus), default=FilingStatus.NONE)
    filing_number: Mapped[str | None] = mapped_column(String(40), unique=True)
    first_filed_on: Mapped[date | None]
    filing_ended_on: Mapped[date | None]

    # what the public register shows: as handed in first, then as accepted; never what is still being edited
    # (agency.publishing)
    public_name: Mapped[str] = mapped_column(String(120), default="")
    public_sort_key: Mapped[str] = mapped_column(String(500), default="")
    public_search_text: Mapped[str] = mapped_column(Text, default="")
    public_kind: Mapped[AgencyKind] = mapped_column(Word(AgencyKind), default=AgencyKind.ENTERPRISE)
    public_address: Mapped[str] = mapped_column(String(200), default="")
    public_division: Mapped[str] = mapped_column(String(6), default="")
    public_bureau: Mapped[str] = mapped_column(String(20), default="", index=True)
    public_representative: Mapped[str] = mapped_column(String(60), default="")
    public_factories: Mapped[bool] = mapped_column(default=False)
    public_parks: Mapped[bool] = mapped_column(default=False)
    public_supply_chains: Mapped[bool] = mapped_column(default=False)

    former_names: Mapped[list["FormerName"]] = relationship(back_populates="agency", order_by="FormerName.until")
    spellings: Mapped[list[Spelling]] = relationship(back_populates="agency", order_by="Spelling.id")
    representations: Mapped[list[Representation]] = relationship(order_by="Representation.since")
    offices: Mapped[list[Office]] = relationship(order_by="Office.id")
    staff: Mapped[list[StaffMember]] = relationship(order_by="StaffMember.id")
    records: Mapped[list[Record]] = relationship(order_by="Record.on.desc()")
    trainings: Mapped[list[Training]] = relationship(order_by="Training.on.desc()")
    outside_projects: Mapped[list[OutsideProjects]] = relationship(order_by="OutsideProjects.id")
    declarations: Mapped[list[Declaration]] = relationship(order_by="Declaration.id")
    materials: Mapped[list[Material]] = relationship(
        order_by="Material.id", primaryjoin="and_(Material.agency_id == Agency.id, Material.removed_at.is_(None))"
    )
    flags: Mapped[list[Flag]] = relationship(order_by="Flag.id")
    check: Mapped[QualificationCheck | None] = relationship()

    @property
    def capabilities(self) -> tuple[Capability, ...]:
        held = {
            Capability.FACTORY: self.does_factories,
            Capability.PARK: self.does_parks,
            Capability.SUPPLY_CHAIN: self.does_supply_chains,
        }
        return tuple(capability for capability, has in held.items() if has)

    @property
    def representation(self) -> Representation | None:
        """The legal representative in office: the last entered of those without an end."""
        return next((row for row in reversed(self.representations) if row.until is None), None)

    @property
    def is_unproved(self) -> bool:
        """Until its first filing a registration may still be somebody else's."""
        return self.first_filed_on is None

    @property
    def ref(self) -> Ref:
        return Ref("agency", self.id, self.name)


class AgencyGram(Model):
    """The index that finds names by any two characters (core.search)."""

    __tablename__ = "agency_gram"

    gram: Mapped[str] = mapped_column(String(2), primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), primary_key=True, index=True)


class FormerName(Model):
    __tablename__ = "agency_former_name"

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    until: Mapped[date]
    agency: Mapped[Agency] = relationship(back_populates="former_names")
