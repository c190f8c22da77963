"""Articles 20 to 22: what an agency must be and have beside its specialists. One function for each clause."""

import re
from collections.abc import Collection, Sequence
from datetime import date

from agency.particulars import (
    MATERIALS,
    AgencyKind,
    DeclarationKind,
    Judgement,
    MaterialKind,
    Office,
    Particulars,
    Record,
    Subject,
    Tenure,
)
from agency.rules.judging import OpenPoint, digest, find_judgement
from core.clock import years_before
from core.law import Finding, Verdict, implements

BRANCH = re.compile(
    r"(分公司|分院|分所|分中心|分会|分社|分部|分支机构|分店|办事处|代表处|营业部|项目部)([（(][^（）()]*[）)])?$"
)
BRANCH_MARK = re.compile(r"[（(](分公司|分支机构|分所|分院)[）)]$")
PARTNERSHIP = re.compile(r"[（(](有限合伙|普通合伙|特殊普通合伙)[）)]|合伙企业")
SOLE_TRADER = "92"  # how the credit codes of individual businesses begin


def clause_point(particulars: Particulars, clause: str) -> OpenPoint | None:
    """What an officer may decide on a clause as a whole, or None where the text decides it."""
    if clause == "JL-20-1":
        facts = (particulars.credit_code, particulars.name, particulars.kind, particulars.in_china)
        question = f"机构类型为“{particulars.kind.label}”，是否属具有独立法人资格的企事业单位、行业协会等，待判断"
        return OpenPoint("clause:JL-20-1", digest(*facts), question)
    if clause == "JL-20-5":
        named = "、".join(capability.label for capability in particulars.capabilities)
        question = f"能力只及{named}，是否具备条文所列三类评价的能力，待判断"
        facts_of_record = (particulars.capabilities, particulars.records)
        return OpenPoint("clause:JL-20-5", digest(*facts_of_record), question)
    return None


@implements("JL-20-1")
def independent_legal_person(particulars: Particulars, *, on: date, judgements: Sequence[Judgement]) -> Finding:
    """第二十条（一）: registered in China, an independent legal person with experience.

    Branches, individual businesses and partnerships are none; another kind of body than the text names is judged.
    """
    lacking = [
        *_if(not particulars.in_china, "注册地不在中华人民共和国境内"),
        *_if(is_branch(particulars.name), "分支机构不具有独立法人资格，请由其所属法人备案"),
        *_if(PARTNERSHIP.search(particulars.name), "合伙企业不具有法人资格"),
        *_if(particulars.credit_code.startswith(SOLE_TRADER), "个体工商户不具有法人资格"),
        *_if(particulars.representative is None, "没有登记法定代表人"),
    ]
    due = _materials_due(particulars, "JL-20-1")
    if lacking:
        return _finding("JL-20-1", Verdict.NOT_MET, "；".join(lacking), due)
    if particulars.kind is not AgencyKind.OTHER:
        return _finding("JL-20-1", Verdict.MET, f"境内注册的{particulars.kind.label}，具有独立法人资格", due)
    return _judged(particulars, "JL-20-1", on, judgements, due)


def is_branch(name: str) -> bool:
    """Whether a name is a branch's: the code can't tell, a branch has a 91 code of its own."""
    return bool(BRANCH.search(name.strip()) or BRANCH_MARK.search(name.strip()))


@implements("JL-20-2")
def premises_and_finances(particulars: Particulars, *, on: date) -> Finding:
    """第二十条（二）: a fixed office, owned or leased on the day, and a financial system."""
    there = [office for office in particulars.offices if _is_held(office, on)]
    lacking = [
        *_if(not particulars.offices, "没有登记办公场所"),
        *_if(particulars.offices and not there, f"登记的办公场所在 {on} 均不在租期内或缺少地址、面积、租赁到期日"),
        *_if(not particulars.finance_system.strip(), "没有说明财务管理制度"),
    ]
    proven = {each.subject_id for each in particulars.materials if each.kind is MaterialKind.OFFICE}
    due = _materials_due(particulars, "JL-20-2") + tuple(
        f"{office.address}：{MaterialKind.OFFICE.label}" for office in there if office.id not in proven
    )
    area = sum(office.area_m2 for office in there)
    reason = "；".join(lacking) or f"固定办公场所 {len(there)} 处，共 {area:g} 平方米；已说明财务管理制度"
    return _finding("JL-20-2", Verdict.NOT_MET if lacking else Verdict.MET, reason, due)


def _is_held(office: Office, on: date) -> bool:
    if not office.address.strip() or office.area_m2 <= 0:
        return False
    return office.tenure is Tenure.OWNED or (office.leased_until is not None and office.leased_until >= on)


@implements("JL-20-4", "JL-23-1")
def lawful_and_informed(particulars: Particulars, *, on: date) -> Finding:
    """第二十条（四）: the agency answers for its staff by a declaration and by internal rules."""
    undeclared = _undeclared(particulars, (DeclarationKind.LAWFUL,), on)
    due = (*undeclared, *_materials_due(particulars, "JL-20-4"))
    held = [training for training in particulars.trainings if training.on <= on]
    if undeclared:
        return _finding("JL-20-4", Verdict.NOT_MET, "尚未声明人员守法、熟悉政策和标准规范", due)
    return _finding("JL-20-4", Verdict.MET, f"已声明；登记培训 {len(held)} 次", due)


@implements("JL-20-5")
def able_and_experienced(particulars: Particulars, *, on: date, judgements: Sequence[Judgement], years: int) -> Finding:
    """第二十条（五）: able in the three fields, with a record in the years up to the day (both ends included)."""
    since = years_before(on, years)
    recent = [record for record in particulars.records if since <= record.on <= on]
    due = _record_due(particulars, recent)
    told = f"{since} 至 {on} 的业绩 {len(recent)} 项"
    lacking = [
        *_if(not recent, f"{since} 至 {on} 没有符合条文的业绩"),
        *_if(not particulars.capabilities, "没有选择评价能力（绿色工厂、绿色工业园区、绿色供应链）"),
    ]
    if lacking:
        return _finding("JL-20-5", Verdict.NOT_MET, "；".join(lacking), due)
    if len(set(particulars.capabilities)) == len(type(particulars.capabilities[0])):
        return _finding("JL-20-5", Verdict.MET, f"具备三类评价能力；{told}", due)
    return _judged(particulars, "JL-20-5", on, judgements, due)


def _record_due(particulars: Particulars, recent: Sequence[Record]) -> tuple[str, ...]:
    """One proven record meets the clause; the rest may stay without proof."""
    proven = {each.subject_id for each in particulars.materials if each.kind is MaterialKind.RECORD}
    if not recent or any(record.id in proven for record in recent):
        return ()
    return (f"{recent[0].title}：{MaterialKind.RECORD.label}（至少一项业绩须有证明）",)


@implements("JL-21-1")
def registered_on_platform(particulars: Particulars, *, on: date) -> Finding:
    """第二十一条: registered on the national platform; a declared fact, the system has no interface to it."""
    registered = particulars.platform_registered_on
    due = _materials_due(particulars, "JL-21-1")
    if not particulars.platform_number.strip() or registered is None:
        return _finding("JL-21-1", Verdict.NOT_MET, "没有填写国家管理平台的注册编号和注册日期", due)
    if registered > on:
        return _finding("JL-21-1", Verdict.NOT_MET, f"国家管理平台注册日期 {registered} 晚于 {on}", due)
    return _finding("JL-21-1", Verdict.MET, f"平台编号 {particulars.platform_number}，{registered} 注册", due)


@implements("JL-22-1b")
def committed_to_fair_dealing(particulars: Particulars, *, on: date) -> Finding:
    """第二十二条第一款: no bet-on agreements, guaranteed passes or tied sales: declared and committed to."""
    wanted = tuple(kind for kind in DeclarationKind if kind is not DeclarationKind.LAWFUL)
    undeclared = _undeclared(particulars, wanted, on)
    due = (*undeclared, *_materials_due(particulars, "JL-22-1b"))
    if undeclared:
        return _finding("JL-22-1b", Verdict.NOT_MET, f"尚有 {len(undeclared)} 项声明没有作出", due)
    return _finding("JL-22-1b", Verdict.MET, "已作出全部声明", due)


def _if(condition: object, reason: str) -> tuple[str, ...]:
    return (reason,) if condition else ()


def _finding(clause: str, verdict: Verdict, reason: str, due: tuple[str, ...]) -> Finding:
    return Finding(clause=clause, verdict=verdict, reason=reason, still_due=due)


def _judged(
    particulars: Particulars, clause: str, on: date, judgements: Sequence[Judgement], due: tuple[str, ...]
) -> Finding:
    """An open clause as an officer has decided it, or as open."""
    point = clause_point(particulars, clause)
    if point is None:
        raise LookupError(f"{clause} leaves nothing to decide")
    decided = find_judgement(judgements, point.point, point.basis, on=on)
    if decided is None:
        return _finding(clause, Verdict.NEEDS_JUDGEMENT, point.question, due)
    verdict = Verdict.MET if decided.accepted else Verdict.NOT_MET
    return _finding(clause, verdict, f"办理人判断：{decided.reason}", due)


def _undeclared(particulars: Particulars, wanted: Collection[DeclarationKind], on: date) -> tuple[str, ...]:
    made = {declaration.kind for declaration in particulars.declarations if declaration.signed_on <= on}
    return tuple(f"声明：{kind.label}" for kind in wanted if kind not in made)


def _materials_due(particulars: Particulars, clause: str) -> tuple[str, ...]:
    """The materials on the agency itself that a clause asks for and that aren't there."""
    there = {material.kind for material in particulars.materials if material.subject is Subject.AGENCY}
    wanted = (slot for slot in MATERIALS if slot.required and slot.clause == clause and slot.subject is Subject.AGENCY)
    return tuple(slot.kind.label for slot in wanted if slot.kind not in there)
