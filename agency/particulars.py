"""What an agency is and has, as frozen facts: what rules judge, snapshots keep and pages show.

Built from the rows by `agency.queries.particulars_of`, kept whole in each submission of a filing (`to_json`,
`from_json`), and compared by `filing.changes`. Nothing here knows a database.
"""

import dataclasses
import types
import typing
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any

from core.identity import IdentityDocument, Sex
from core.labels import Labelled


class AgencyKind(Labelled):
    ENTERPRISE = "enterprise", "企业"
    PUBLIC_INSTITUTION = "public_institution", "事业单位"
    ASSOCIATION = "association", "行业协会"
    OTHER = "other", "其他法人"


class Capability(Labelled):
    FACTORY = "factory", "绿色工厂"
    PARK = "park", "绿色工业园区"
    SUPPLY_CHAIN = "supply_chain", "绿色供应链"


class TitleLevel(Labelled):
    JUNIOR = "junior", "初级"
    INTERMEDIATE = "intermediate", "中级"
    DEPUTY_SENIOR = "deputy_senior", "副高级"
    FULL_SENIOR = "full_senior", "正高级"
    NOT_A_TITLE = "not_a_title", "不是职称"

    @property
    def is_senior(self) -> bool:
        return self in (TitleLevel.DEPUTY_SENIOR, TitleLevel.FULL_SENIOR)

    @property
    def is_intermediate_or_above(self) -> bool:
        return self is TitleLevel.INTERMEDIATE or self.is_senior


class Employment(Labelled):
    CONTRACT = "contract", "劳动合同"
    ESTABLISHMENT = "establishment", "在编"
    REHIRED = "rehired", "退休返聘"
    DISPATCHED = "dispatched", "劳务派遣"
    SECONDED = "seconded", "借调"
    PART_TIME = "part_time", "兼职或非全日制"


class Elsewhere(Labelled):
    """Another agency's claim on the same person (reading 3)."""

    NOWHERE = "nowhere", "无"
    CLAIMED = "claimed", "该人员另有任职申报，待核"  # between two claims not yet filed: for neither
    FILED = "filed", "该人员另有任职申报，待核"  # counts there, on a filing in force, until an officer decides
    AWARDED = "awarded", "任职已由省厅核定，不计入本机构"  # an officer decided between the two claims


class Tenure(Labelled):
    OWNED = "owned", "自有"
    LEASED = "leased", "租赁"


class RecordKind(Labelled):
    """Article 20 (5): what the five years' record may consist of."""

    REVIEW = "review", "评审"
    ARGUMENTATION = "argumentation", "论证"
    EVALUATION = "evaluation", "评价"
    RESEARCH = "research", "省级以上科研项目"
    NATIONAL_STANDARD = "national_standard", "国家标准制定"
    INDUSTRY_STANDARD = "industry_standard", "行业标准制定"
    POLICY = "policy", "绿色制造相关政策制定"


class RecordRole(Labelled):
    LED = "led", "主导"
    JOINED = "joined", "参与"


class MaterialKind(Labelled):
    """What an uploaded material proves. `clause`, `required` and the subject it hangs on: MATERIALS below."""

    LICENCE = "licence", "法人资格证明（营业执照、事业单位法人证书或社会团体登记证）"
    PERFORMANCE = "performance", "评价经验和能力说明"
    OFFICE = "office", "办公场所产权证明或租赁合同"
    FINANCE_RULES = "finance_rules", "财务管理制度"
    FINANCE_STATEMENT = "finance_statement", "最近一年审计报告或财务报表"
    TITLE_CERTIFICATE = "title_certificate", "职称证书"
    CONTRACT = "contract", "劳动合同或在编证明"
    INSURANCE = "insurance", "社会保险缴纳证明"
    COMMITMENT = "commitment", "第二十二条承诺书（签字盖章）"
    TRAINING = "training", "培训记录"
    RECORD = "record", "业绩证明"
    PLATFORM = "platform", "管理平台注册截图"
    QUALITY_RULES = "quality_rules", "质量控制制度"
    REVIEW_RULES = "review_rules", "内部技术评审制度"
    RECORDS_RULES = "records_rules", "档案管理制度"
    CONFIDENTIALITY_RULES = "confidentiality_rules", "保密制度"
    CONFLICT_RULES = "conflict_rules", "利益冲突管理制度"


class Subject(Labelled):
    """The kind of row that a material hangs on."""

    AGENCY = "agency", "机构"
    OFFICE = "office", "办公场所"
    STAFF = "staff", "人员"
    RECORD = "record", "业绩"
    TRAINING = "training", "培训"


@dataclass(frozen=True, slots=True)
class MaterialSlot:
    """Where a kind of material belongs; `required`: a filing is not handed in without one."""

    kind: MaterialKind
    clause: str
    subject: Subject
    required: bool


MATERIALS: tuple[MaterialSlot, ...] = (
    MaterialSlot(MaterialKind.LICENCE, "JL-20-1", Subject.AGENCY, required=True),
    MaterialSlot(MaterialKind.PERFORMANCE, "JL-20-1", Subject.AGENCY, required=False),
    MaterialSlot(MaterialKind.OFFICE, "JL-20-2", Subject.OFFICE, required=True),
    MaterialSlot(MaterialKind.FINANCE_RULES, "JL-20-2", Subject.AGENCY, required=True),
    MaterialSlot(MaterialKind.FINANCE_STATEMENT, "JL-20-2", Subject.AGENCY, required=False),
    MaterialSlot(MaterialKind.TITLE_CERTIFICATE, "JL-20-3", Subject.STAFF, required=True),
    MaterialSlot(MaterialKind.CONTRACT, "JL-20-3", Subject.STAFF, required=True),
    MaterialSlot(MaterialKind.INSURANCE, "JL-20-3", Subject.STAFF, required=True),
    MaterialSlot(MaterialKind.COMMITMENT, "JL-22-1b", Subject.AGENCY, required=True),
    MaterialSlot(MaterialKind.TRAINING, "JL-20-4", Subject.TRAINING, required=False),
    MaterialSlot(MaterialKind.RECORD, "JL-20-5", Subject.RECORD, required=True),
    MaterialSlot(MaterialKind.PLATFORM, "JL-21-1", Subject.AGENCY, required=True),
    MaterialSlot(MaterialKind.QUALITY_RULES, "JL-20-4", Subject.AGENCY, required=True),
    MaterialSlot(MaterialKind.REVIEW_RULES, "JL-20-4", Subject.AGENCY, required=True),
    MaterialSlot(MaterialKind.RECORDS_RULES, "JL-20-4", Subject.AGENCY, required=False),
    MaterialSlot(MaterialKind.CONFIDENTIALITY_RULES, "JL-20-4", Subject.AGENCY, required=False),
    MaterialSlot(MaterialKind.CONFLICT_RULES, "JL-20-4", Subject.AGENCY, required=False),
)


class DeclarationKind(Labelled):
    TRUTHFUL = "truthful", "所填内容和所附材料真实、准确、完整"
    FAIR_DEALING = "fair_dealing", "不签订对赌协议、不承诺保过、不以认证服务搭售评价，不扰乱评价服务市场"
    LAWFUL = "lawful", "人员遵守国家法律法规和评价程序，熟悉绿色制造政策和标准规范"
    PERSONAL_DATA = "personal_data", "已告知有关人员其个人信息报送备案的用途，并取得同意"


@dataclass(frozen=True, slots=True)
class Material:
    id: int
    kind: MaterialKind
    subject: Subject
    subject_id: int | None  # the row's id; None for Subject.AGENCY
    file_id: int
    title: str
    digest: str  # of the file: tells a replaced file from the same one


@dataclass(frozen=True, slots=True)
class Representative:
    """The legal representative in office (JL-22-2 counts by this person)."""

    name: str
    document: IdentityDocument
    number: str  # masked
    identity: str  # keyed hash of the number: one person, however it is written
    phone: str  # masked
    since: date


@dataclass(frozen=True, slots=True)
class Office:
    id: int
    address: str
    area_m2: float
    tenure: Tenure
    leased_until: date | None  # only for LEASED


@dataclass(frozen=True, slots=True)
class StaffMember:
    """One person on the roster. Levels are derived when judged, never stored here."""

    id: int
    name: str
    number: str  # masked
    identity: str  # keyed hash of the number
    birth_on: date
    sex: Sex
    title: str
    series: str
    declared_level: TitleLevel | None  # what the agency takes a title for that the table doesn't know
    major: str  # of the title; "" when the certificate names none
    degree_major: str
    granted_on: date | None  # the title's
    certificate_number: str
    employment: Employment
    full_time: bool  # as declared
    contract_until: date | None  # None: no fixed term
    insured_since: date | None
    insured_elsewhere: str  # "" or the unit that pays
    joined_on: date | None
    left_on: date | None
    elsewhere: Elsewhere
    note: str


@dataclass(frozen=True, slots=True)
class Record:
    id: int
    kind: RecordKind
    role: RecordRole
    title: str
    number: str  # document, project or standard number
    commissioner: str
    on: date


@dataclass(frozen=True, slots=True)
class Training:
    id: int
    topic: str
    on: date
    attendees: str
    hours: float


@dataclass(frozen=True, slots=True)
class OutsideProjects:
    """National projects done for another province, as declared (reading 7: shown beside the cap, hold no place)."""

    id: int
    year: int
    province: str
    capability: Capability
    count: int


@dataclass(frozen=True, slots=True)
class Declaration:
    kind: DeclarationKind
    signed_by: str
    signed_on: date


@dataclass(frozen=True, slots=True)
class Judgement:
    """An officer's decision on what the rules leave open.

    `point` names what is decided: "clause:JL-20-5", or "staff:12:full_time", "staff:12:title", "staff:12:major".
    `basis` is the digest of the facts it was made on (`agency.rules.basis_of`): when they change, it no longer holds.
    For a title, `level` is what the officer takes it for.
    """

    point: str
    basis: str
    accepted: bool
    reason: str
    by: str
    on: date
    level: TitleLevel | None = None


@dataclass(frozen=True, slots=True)
class Particulars:
    credit_code: str
    name: str
    kind: AgencyKind
    address: str
    division: str  # six digits, GB/T 2260, of the registered address
    in_china: bool
    platform_number: str
    platform_registered_on: date | None
    capabilities: tuple[Capability, ...]
    finance_system: str  # a line on the financial system
    contact_name: str
    contact_phone: str  # masked
    contact_email: str
    service_address: str  # electronic; "" without consent to electronic service
    representative: Representative | None
    offices: tuple[Office, ...]
    staff: tuple[StaffMember, ...]
    records: tuple[Record, ...]
    trainings: tuple[Training, ...]
    outside_projects: tuple[OutsideProjects, ...]
    declarations: tuple[Declaration, ...]
    materials: tuple[Material, ...]
    bureau: str = ""  # as the agency is assigned: 长白山 has no division code; config/bureaus.csv
    phones: tuple[str, ...] = ()  # core.traces.phone_mark of the contact's and the representative's: never shown


def to_json(value: Any) -> Any:
    """Facts as plain JSON values: dataclasses become objects, days ISO text, enums their values."""
    if isinstance(value, StrEnum):
        return value.value
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [to_json(item) for item in value]
    kind: type = type(value)
    return {name: to_json(getattr(value, name)) for name in _names(kind)}


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(kind))


@cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _build(hint: Any, value: Any) -> Any:
    if typing.get_origin(hint) in (types.UnionType, typing.Union):
        return None if value is None else _build(next(a for a in typing.get_args(hint) if a is not type(None)), value)
    if typing.get_origin(hint) is tuple:
        item = typing.get_args(hint)[0]
        return tuple(_build(item, entry) for entry in value)
    if dataclasses.is_dataclass(hint):
        hints = _hints(typing.cast(type, hint))
        return typing.cast(type, hint)(**{name: _build(hints[name], entry) for name, entry in value.items()})
    if hint is date:
        return date.fromisoformat(value)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return hint(value)
    return value


def from_json(content: Any) -> Particulars:
    """The inverse of `to_json` for a whole submission."""
    return typing.cast(Particulars, _build(Particulars, content))
