"""Article 10: which standard an evaluation goes by. Everything here warns; nothing refuses (reading 22)."""

from datetime import date

from applicants.models import Kind
from core.law import Finding, Jurisdiction, Verdict, implements
from evaluations import standards
from evaluations.rules.states import Level

CLAUSES = {Kind.FACTORY: "JL-10-1", Kind.PARK: "JL-10-2", Kind.SUPPLY_CHAIN: "JL-10-3"}
GUIDANCE = {
    Kind.FACTORY: "所属行业已列入工信部绿色工厂标准清单的，按相应行业标准评价；"
    "不在清单范围的，按《绿色工厂评价通则》评价。"
    "工业重点领域优先推荐能效达到标杆水平的工厂，其他行业优先推荐达到能耗限额先进值或 1 级水平的工厂。",
    Kind.PARK: "按《绿色工业园区评价要求》评价；推荐的园区应为省级及以上，绿色工厂数量多、占比高。",
    Kind.SUPPLY_CHAIN: "所属行业已发布指标体系的，按指标体系评价（选“其他标准”填写）；没有的，"
    "按《绿色供应链管理企业评价要求》评价。推荐的企业原则上应为绿色工厂。",
}
ADJUSTED = "市级名单所用的标准由市（州）工信局参考确定，以其要求为准。"


def guidance(kind: Kind, level: Level) -> str:
    """第十条: what the form says of the standards for a kind; at the municipal level the bureau may adjust them."""
    return GUIDANCE[kind] + (ADJUSTED if level is Level.MUNICIPAL else "")


def notes(kind: Kind, level: Level, key: str, *, begun_on: date, law: Jurisdiction) -> tuple[Finding, ...]:
    """第十条第一至三款: what is doubtful about the standard that is used, on the day the evaluation begins.

    `key` is one of config/standards.csv, or OTHER. Before the rules were in force nothing is warned of.
    """
    if begun_on < law.in_force_since:
        return ()
    chosen = standards.find(key)
    rule = {Kind.FACTORY: for_factories, Kind.PARK: for_parks, Kind.SUPPLY_CHAIN: for_supply_chains}[kind]
    finding = rule(chosen, begun_on=begun_on)
    if finding.verdict is Verdict.MET or level is not Level.MUNICIPAL:
        return () if finding.verdict is Verdict.MET else (finding,)
    return (Finding(finding.clause, Verdict.NEEDS_JUDGEMENT, f"{finding.reason}；{ADJUSTED.rstrip('。')}"),)


@implements("JL-10-1")
def for_factories(chosen: standards.Standard | None, *, begun_on: date) -> Finding:
    """第十条第一款: factories go by the standard of their industry on the ministry's list, else by GB/T 36132.

    `chosen` None: one that was typed.
    """
    return _judged(Kind.FACTORY, chosen, begun_on)


@implements("JL-10-2")
def for_parks(chosen: standards.Standard | None, *, begun_on: date) -> Finding:
    """第十条第二款: parks go by 《绿色工业园区评价要求》."""
    return _judged(Kind.PARK, chosen, begun_on)


@implements("JL-10-3")
def for_supply_chains(chosen: standards.Standard | None, *, begun_on: date) -> Finding:
    """第十条第三款: by the indicators of the industry where there are some, else 《绿色供应链管理企业评价要求》."""
    return _judged(Kind.SUPPLY_CHAIN, chosen, begun_on)


def _judged(kind: Kind, chosen: standards.Standard | None, begun_on: date) -> Finding:
    clause = CLAUSES[kind]
    fitting = "、".join(each.title for each in standards.standards(begun_on, kind))
    if chosen is None:
        reason = f"所用标准不在标准表内，请核对它适用于{kind.label}并且在 {begun_on} 有效"
        return Finding(clause, Verdict.NEEDS_JUDGEMENT, reason)
    if kind not in chosen.kinds:
        return Finding(clause, Verdict.NOT_MET, f"{chosen.title}不是{kind.label}的评价标准；表内适用的有{fitting}")
    if not chosen.is_in_force(begun_on):
        when = f"自 {chosen.since} 起有效" if begun_on < chosen.since else f"有效期至 {chosen.until}"
        reason = f"{chosen.title}{when}，协议日期 {begun_on} 不在其内；当日有效的有{fitting}"
        return Finding(clause, Verdict.NOT_MET, reason)
    return Finding(clause, Verdict.MET, f"{chosen.title}在 {begun_on} 有效")
