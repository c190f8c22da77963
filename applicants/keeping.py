"""What is known of an applicant: judged as it was entered, and written inside the running transaction."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from applicants import naming, queries, rules
from applicants.entries import JILIN, ApplicantEntry
from applicants.models import Applicant, Kind, Origin
from core import clock
from core.contacts import EMAIL, PHONE, phone_text
from core.errors import Collected, DomainError
from core.identifiers import CreditCode, CreditCodeMissing, IdentifierError, normalise
from core.identity import Identity
from core.places import bureaus

WHOLE = 1000  # of a share in tenths of a percent
WORDS = {
    "name": "名称", "credit_code": "统一社会信用代码", "body_name": "管理机构", "body_code": "管理机构代码",
    "is_factory": "类型", "is_park": "类型", "is_supply_chain": "类型", "bureau": "所属工信局", "county": "所在县区",
    "address": "地址", "industry_code": "行业代码", "industry": "行业", "representative": "法定代表人",
    "representative_identity": "法定代表人证件", "contact_name": "联系人", "contact_phone": "联系电话",
    "contact_email": "电子邮箱", "listed": "名单", "is_green_factory": "是否绿色工厂",
    "industrial_share": "工业增加值占比", "park_id": "所在园区",
}  # fmt: skip


class AlreadyEntered(DomainError):
    """One body, one entry: whoever has the code is there already."""


class NotAsItShould(DomainError):
    """What was entered can't be so, or lacks what is needed."""


@dataclass(frozen=True, slots=True)
class Sound:
    """What was entered, found sound, in the form in which it is kept."""

    entry: ApplicantEntry
    credit_code: str | None
    body_code: str | None
    industry_code: str
    identity: Identity | None
    park_id: int | None


def add(session: Session, entry: ApplicantEntry, *, origin: Origin) -> Applicant:
    """Put an applicant in; one that a published list knows by this name alone is completed instead of put in twice.

    Raises AlreadyEntered, NotAsItShould, BadIndustryCode and what a code or number can't be, several as Refusals.
    """
    alone = known_by_name_alone(session, entry)
    known = session.get_one(Applicant, alone.id, with_for_update=True, populate_existing=True) if alone else None
    return put_in(session, require_sound(session, entry, known=known), known, origin=origin)


def put_in(session: Session, sound: Sound, known: Applicant | None, *, origin: Origin) -> Applicant:
    """Write what was found sound: a new applicant, or the one that was known by its name alone, locked before."""
    entry = sound.entry
    if known is not None:
        known.bureau = entry.bureau
        known.version += 1
    applicant = known or Applicant(
        name="", search_text="", sort_key="", region=entry.region, bureau=entry.bureau, origin=origin,
        entered_at=clock.now(),
    )  # fmt: skip
    _write(session, applicant, sound, on=None)
    return applicant


def change(session: Session, applicant: Applicant, entry: ApplicantEntry, *, on: date) -> tuple[str, ...]:
    """Correct what is known of an applicant, locked before; returns the words for what changed, none for nothing.

    第十九条: a new name leaves the old one as a former one until `on`. The bureau stays: with it move the evaluations.
    Raises what `add` raises.
    """
    require_same_bureau(entry, applicant)
    sound = require_sound(session, entry, known=applicant)
    columns = [*WORDS]
    before = {name: getattr(applicant, name) for name in columns}
    _write(session, applicant, sound, on=on)
    changed = tuple(dict.fromkeys(WORDS[name] for name in columns if getattr(applicant, name) != before[name]))
    if changed:
        applicant.version += 1
    return changed


def require_sound(session: Session, entry: ApplicantEntry, *, known: Applicant | None = None) -> Sound:
    """Judge what was entered, everything together. `known`: the applicant that it is about, None for a new one."""
    refusals = Collected()
    code: str | None = None
    body: str | None = None
    industry, identity, park_id = "", None, None
    for check in (_name_and_kinds, _place, _figures, _contact):
        with refusals.attempt():
            check(entry, known)
    with refusals.attempt():
        code = _own_code(session, entry, known)
    with refusals.attempt():
        body = _body_code(entry, known)
    with refusals.attempt():
        industry = _industry(entry, known)
    with refusals.attempt():
        identity = _identity(entry)
    with refusals.attempt():
        park_id = _park(session, entry, known)
    refusals.settle()
    return Sound(entry, code, body, industry, identity, park_id)


def _name_and_kinds(entry: ApplicantEntry, known: Applicant | None) -> None:
    if not entry.name.strip():
        raise NotAsItShould("请按营业执照或批准文件填写全称。", field="name")
    if not entry.kinds:
        raise NotAsItShould("请至少选择一类：绿色工厂、绿色工业园区、绿色供应链管理企业。", field="kinds")


def _place(entry: ApplicantEntry, known: Applicant | None) -> None:
    if known is not None and known.bureau:
        require_same_bureau(entry, known)
    elif (known is None or entry.bureau) and entry.region == JILIN and entry.bureau not in bureaus():
        raise NotAsItShould("请选择所属的市（州）工信局。", field="bureau")


def require_same_bureau(entry: ApplicantEntry, known: Applicant) -> None:
    """Its evaluations move with the bureau, which is an act of its own. Raises NotAsItShould."""
    if entry.bureau != known.bureau:
        raise NotAsItShould(
            "所属工信局不在这里更改：它的评价要一并移交，由省厅在“变更所属工信局”中办理。", field="bureau"
        )


def _figures(entry: ApplicantEntry, known: Applicant | None) -> None:
    if entry.industrial_share is not None and not 0 <= entry.industrial_share <= WHOLE:
        raise NotAsItShould("工业增加值占比应在 0 至 100% 之间。", field="industrial_share")


def _contact(entry: ApplicantEntry, known: Applicant | None) -> None:
    require_contact(entry.contact_phone, entry.contact_email)


def require_contact(phone: str, email: str) -> None:
    """Judge the form of what is given; neither must be. Raises NotAsItShould."""
    if phone and not PHONE.fullmatch(phone_text(phone)):
        raise NotAsItShould("联系电话应为 11 位手机号，或带区号的固定电话，例如 0431-88900000。", field="contact_phone")
    if email and not EMAIL.fullmatch(email):
        raise NotAsItShould("请填写完整的电子邮箱地址，例如 name@example.com。", field="contact_email")


def _own_code(session: Session, entry: ApplicantEntry, known: Applicant | None) -> str | None:
    typed = normalise(entry.credit_code)
    if not typed:
        if (known is not None and known.credit_code is None) or (Kind.PARK in entry.kinds and entry.body_code):
            return None
        how = "；园区没有自己的代码的，填写管理机构的名称和代码" if Kind.PARK in entry.kinds else ""
        raise CreditCodeMissing(f"请填写统一社会信用代码（18 位）{how}。", field="credit_code")
    code = _read_code(typed, entry, known.credit_code if known else None, field="credit_code")
    other = queries.find_by_code(session, code)
    if other is not None and other is not known:
        where = f"（{bureaus()[other.bureau].place}）" if other.bureau in bureaus() else ""
        raise AlreadyEntered(
            f"这个代码已登记在“{other.name}”{where}名下，不必重复登记，请直接查找它。", field="credit_code"
        )
    return code


def _body_code(entry: ApplicantEntry, known: Applicant | None) -> str | None:
    if Kind.PARK not in entry.kinds and (entry.body_name or entry.body_code):
        raise NotAsItShould("只有园区才填写管理机构。", field="body_name")
    if entry.body_code and not entry.body_name:
        raise NotAsItShould("请填写管理机构的名称。", field="body_name")
    if entry.body_name and not entry.body_code:
        raise NotAsItShould("请填写管理机构的统一社会信用代码。", field="body_code")
    typed = normalise(entry.body_code)
    return _read_code(typed, entry, known.body_code if known else None, field="body_code") if typed else None


def _read_code(typed: str, entry: ApplicantEntry, before: str | None, *, field: str) -> str:
    """A code, judged unless it is the one that was accepted before."""
    if typed == before:
        return typed
    try:
        return str(CreditCode.parse(typed, overrule_check=bool(entry.overrule_code)))
    except IdentifierError as refusal:
        refusal.field = field
        raise


def _industry(entry: ApplicantEntry, known: Applicant | None) -> str:
    code = rules.industry_code(entry.industry_code, field="industry_code")
    is_historic = known is not None and known.origin is Origin.HISTORY
    if not code and not is_historic and set(entry.kinds) - {Kind.PARK}:
        raise NotAsItShould("请填写国民经济行业分类（GB/T 4754）的四位数字代码，例如 3670。", field="industry_code")
    if code and not entry.industry:
        raise NotAsItShould("请填写行业名称，例如 汽车零部件及配件制造。", field="industry")
    return code


def _identity(entry: ApplicantEntry) -> Identity | None:
    if not entry.representative_number:
        return None
    if not entry.representative:
        raise NotAsItShould("填写证件号码的，也要填写姓名。", field="representative")
    return Identity.read(entry.representative_document, entry.representative_number, field="representative_number")


def _park(session: Session, entry: ApplicantEntry, known: Applicant | None) -> int | None:
    if not entry.park:
        return None
    parks = find_parks(session, entry.park)
    if not parks:
        raise NotAsItShould(f"没有登记名为“{entry.park}”的园区，请核对全称，或先登记园区。", field="park")
    if len(parks) > 1:
        raise NotAsItShould(f"登记有 {len(parks)} 个同名园区，请改填园区或其管理机构的统一社会信用代码。", field="park")
    if known is not None and parks[0].id == known.id:
        raise NotAsItShould("园区不能位于它自己之内。", field="park")
    return parks[0].id


def find_parks(session: Session, text: str) -> list[Applicant]:
    """The parks that a name or a code may mean: their own, or their administering body's."""
    named = [row for row in queries.find_by_name(session, text) if row.is_park]
    code = normalise(text)
    own = select(Applicant.id).where(Applicant.credit_code == code)
    ids = own.union(select(Applicant.id).where(Applicant.body_code == code))
    coded = session.scalars(select(Applicant).where(Applicant.id.in_(ids), Applicant.is_park).order_by(Applicant.id))
    return list(dict.fromkeys([*named, *coded]))


def known_by_name_alone(session: Session, entry: ApplicantEntry) -> Applicant | None:
    """The one of this name, without a code, that a published list gave. Raises AlreadyEntered: it is elsewhere."""
    if entry.region != JILIN:
        return None
    found = [
        row
        for row in queries.find_by_name(session, entry.name)
        if row.credit_code is None and row.body_code is None and row.origin is Origin.HISTORY and row.region == JILIN
    ]
    if len(found) != 1:
        return None
    if found[0].bureau not in ("", entry.bureau):
        place = bureaus()[found[0].bureau].place
        raise AlreadyEntered(
            f"历年名单中已有同名单位，在{place}。是同一单位的，请直接查找它，不必重复登记。", field="name"
        )
    return found[0]


def _write(session: Session, applicant: Applicant, sound: Sound, *, on: date | None) -> None:
    entry = sound.entry
    is_park, is_supply_chain = Kind.PARK in entry.kinds, Kind.SUPPLY_CHAIN in entry.kinds
    values: dict[str, Any] = {
        "credit_code": sound.credit_code,
        "body_name": entry.body_name,
        "body_code": sound.body_code,
        "is_factory": Kind.FACTORY in entry.kinds,
        "is_park": is_park,
        "is_supply_chain": is_supply_chain,
        "county": entry.county,
        "address": entry.address,
        "industry_code": sound.industry_code,
        "industry": entry.industry,
        "contact_name": entry.contact_name,
        "contact_phone": phone_text(entry.contact_phone) or None,
        "contact_email": entry.contact_email,
        "listed": entry.listed,
        "is_green_factory": entry.is_green_factory if is_supply_chain else None,
        "industrial_share": entry.industrial_share if is_park else None,
        "park_id": sound.park_id,
    }
    _set_representative(applicant, entry.representative, sound.identity)
    for name, value in values.items():
        setattr(applicant, name, value)
    naming.set_name(session, applicant, entry.name, on=on)


def _set_representative(applicant: Applicant, name: str, identity: Identity | None) -> None:
    """Another name without a number: the number that was known is the former one's."""
    if identity is not None:
        applicant.representative_identity, applicant.representative_masked = identity.key, identity.masked
    elif name != applicant.representative:
        applicant.representative_identity, applicant.representative_masked = None, ""
    applicant.representative = name


def words_of(kinds: Iterable[Kind]) -> str:
    """绿色工厂、绿色工业园区: for the log and for notices."""
    return "、".join(kind.label for kind in kinds)
