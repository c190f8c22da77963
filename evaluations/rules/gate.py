"""The gate: what must hold for an evaluation to be registered, or raised to a higher level. One pure function.

Every hindrance there is is told at once, each with its clause and with what would lift it. A caution stops only as long
as nothing is said to it.
"""

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from applicants.models import Kind
from core.errors import Collected, DomainError
from core.law import Jurisdiction, implements
from evaluations.rules.facts import AgencyFacts, GateFacts, Period, PersonFacts, Usage
from evaluations.rules.states import Level, Mode

STANDARDS = {Kind.FACTORY: "JL-10-1", Kind.PARK: "JL-10-2", Kind.SUPPLY_CHAIN: "JL-10-3"}


class Hindrance(StrEnum):
    NOT_FILED = "not_filed"
    CONDITIONS_NOT_MET = "conditions_not_met"
    NON_ADOPTION = "non_adoption"
    EXCLUDED = "excluded"
    NOT_OF_KIND = "not_of_kind"
    NO_CAPABILITY = "no_capability"
    SAME_REPRESENTATIVE = "same_representative"
    SAME_CODE = "same_code"
    STAFF_OF_APPLICANT = "staff_of_applicant"
    NO_PLACE = "no_place"
    PARTNER = "partner"  # something stands against an agency that is named; which isn't told to who names it
    SAME_NAME = "same_name"  # a caution
    RUNNING_TWIN = "running_twin"  # a caution


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why not: `message` names the clause, `lift` says what would lift it, `field` is the form's."""

    what: Hindrance
    clause: str
    message: str
    lift: str
    field: str

    @property
    def told(self) -> str:
        return self.message + self.lift


@dataclass(frozen=True, slots=True)
class GateResult:
    refusals: tuple[Refusal, ...]
    cautions: tuple[Refusal, ...]  # to be answered by a statement
    is_stated: bool

    @property
    def in_the_way(self) -> tuple[Refusal, ...]:
        """What stops it now: a caution only while nothing is said to it."""
        return self.refusals if self.is_stated else self.refusals + self.cautions

    @property
    def is_open(self) -> bool:
        return not self.in_the_way


class GateClosed(DomainError):
    """One thing that stands in the way of registering."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.told, clause=refusal.clause, field=refusal.field)
        self.what = refusal.what


def check(facts: GateFacts, law: Jurisdiction) -> GateResult:
    """第十条至第十二条、第二十条至第二十二条: everything that stands in the way, of every agency that takes part."""
    agencies = () if facts.intent.mode is Mode.SELF else facts.agencies
    refusals = [*not_excluded(facts, law), *is_of_kind(facts, law)]
    hindered: list[str] = []  # partners
    for agency in agencies:
        found = [refusal for rule in OF_EACH_AGENCY for refusal in rule(facts, agency, law)]
        if agency.is_partner:
            hindered += [agency.name] if found else []
        else:
            refusals += found
    if agencies:
        refusals += place_left(facts, law)
        hindered += [usage.partner for usage in _full(facts, law) if usage.partner]
        refusals += partners_able(hindered, law)
    cautions = [caution for agency in agencies for caution in no_namesake(facts, agency, law)]
    return GateResult(tuple(refusals), (*cautions, *no_twin(facts)), is_stated=bool(facts.statement.strip()))


def require_open(facts: GateFacts, law: Jurisdiction) -> None:
    """Raises GateClosed, or Refusals of several, for what stands in the way."""
    collected = Collected()
    for refusal in check(facts, law).in_the_way:
        with collected.attempt():
            raise GateClosed(refusal)
    collected.settle()


@implements("JL-11")
def not_excluded(facts: GateFacts, law: Jurisdiction) -> Iterator[Refusal]:
    """第十一条: who has one of the six in the last three years is on no list, so isn't evaluated for one."""
    for fact in facts.applicant.exclusions:
        whose = "" if fact.whom == facts.applicant.name else f"园区内企业{fact.whom}"
        if fact.until is None:
            lift = "移出并由主管部门登记后，方可登记评价；登记有误的，请向主管部门说明。"
            term = "至今未解除"
        else:
            lift = f"{fact.until} 之后方可登记评价；登记有误的，请向主管部门说明。"
            term = f"至 {fact.until}（含当日）不得申请、推荐和列入名单"
        yield Refusal(
            Hindrance.EXCLUDED,
            "JL-11",
            f"{facts.applicant.name}{whose}于 {fact.on} 有“{fact.ground}”的情形（来源：{fact.source}），"
            f"{term}（{law.cite('JL-11')}）。",
            lift,
            "applicant_id",
        )


@implements("JL-10-1", "JL-10-2", "JL-10-3")
def is_of_kind(facts: GateFacts, law: Jurisdiction) -> Iterator[Refusal]:
    """第十条: a factory is judged as a factory, a park as a park: the applicant is registered as what is evaluated."""
    kind = facts.intent.kind
    if kind not in facts.applicant.kinds:
        clause = STANDARDS[kind]
        yield Refusal(
            Hindrance.NOT_OF_KIND,
            clause,
            f"{facts.applicant.name}没有登记为{kind.label}培育对象（{law.cite(clause)}）。",
            f"请改选它已登记的类别，或请主管部门把它登记为{kind.label}培育对象。",
            "kind",
        )


@implements("JL-21-2")
def filing_in_force(facts: GateFacts, agency: AgencyFacts, law: Jurisdiction) -> Iterator[Refusal]:
    """第二十一条: evaluating comes after filing; contracts from before the rules are exempt (reading 6).

    What is raised is evaluated anew at the higher level: the filing is in force on that day too (reading 9).
    """
    intent = facts.intent
    for day in sorted({intent.begun_on, intent.counted_on}):
        if day < law.in_force_since or any(period.covers(day) for period in agency.filed):
            continue
        what = "协议日期" if day == intent.begun_on else "提升级别的日期"
        yield Refusal(
            Hindrance.NOT_FILED,
            "JL-21-2",
            f"{agency.name}在{what} {day} 没有有效的备案，{_filed(agency)}（{law.cite('JL-21-2')}）。",
            "备案后签订协议的评价方可登记；备案前已经开展的，以后也不能自行登记，请报告主管部门处理。"
            if day == intent.begun_on
            else "重新备案之后方可提升级别。",
            "begun_on",
        )
        return  # the other day says the same


@implements("JL-21-2")
def conditions_kept(facts: GateFacts, agency: AgencyFacts, law: Jurisdiction) -> Iterator[Refusal]:
    """第二十条、第二十一条: the conditions filed hold continuously, on the day of registering too (reading 5)."""
    if agency.conditions_lost_on is not None:
        unmet = f"（{agency.conditions}）" if agency.conditions else ""
        yield Refusal(
            Hindrance.CONDITIONS_NOT_MET,
            "JL-21-2",
            f"{agency.name}自 {agency.conditions_lost_on} 起条件不符{unmet}，暂不能登记新的评价"
            f"（第二十条、{law.cite('JL-21-2')}）。",
            "补正并经省厅确认后即可登记；已经登记的评价可以继续办理。",
            "agency_ids",
        )


@implements("JL-22-3")
def results_adopted(facts: GateFacts, agency: AgencyFacts, law: Jurisdiction) -> Iterator[Refusal]:
    """第二十二条第三款: whose results are not adopted registers nothing new on these days (reading 15)."""
    until = barred_until(agency.non_adoption, on=facts.intent.on)
    if until is not None:
        yield Refusal(
            Hindrance.NON_ADOPTION,
            "JL-22-3",
            f"{agency.name}在不予采信期内，至 {until}（含当日）不能登记新的评价（{law.cite('JL-22-3')}）。",
            "期满之后方可登记；决定经复核撤销的，撤销后即可登记。",
            "agency_ids",
        )


def barred_until(periods: Iterable[Period], *, on: date) -> date | None:
    """The last day of the non-adoption that holds on a day: of periods that meet, the latest (they aren't added)."""
    days = sorted((period.first, period.last or date.max) for period in periods)
    last = max((end for first, end in days if first <= on <= end), default=None)
    for first, end in days:
        if last is not None and last < end and first <= last + timedelta(days=1):
            last = end
    return last


@implements("JL-20-5")
def has_capability(facts: GateFacts, agency: AgencyFacts, law: Jurisdiction) -> Iterator[Refusal]:
    """第二十条（五）: an agency evaluates what it is able to."""
    kind = facts.intent.kind
    if kind not in agency.capabilities:
        able = "、".join(each.label for each in Kind if each in agency.capabilities) or "没有申报任何一类"
        yield Refusal(
            Hindrance.NO_CAPABILITY,
            "JL-20-5",
            f"{agency.name}的评价能力不含{kind.label}（{law.cite('JL-20-5')}），现有：{able}。",
            "具备能力的，请先办理变更备案，把这一类列入评价能力。",
            "kind",
        )


@implements("JL-22-1a")
def no_conflict(facts: GateFacts, agency: AgencyFacts, law: Jurisdiction) -> Iterator[Refusal]:
    """第二十二条第一款: who evaluates is impartial, so isn't the applicant itself, nor led or staffed by its people."""
    applicant, cite = facts.applicant, law.cite("JL-22-1a")
    if agency.credit_code is not None and agency.credit_code in applicant.codes:
        yield Refusal(
            Hindrance.SAME_CODE,
            "JL-22-1a",
            f"{agency.name}与{applicant.name}（或其管理机构）是同一单位，不能客观公正地评价自己（{cite}）。",
            "请由其他机构评价，或由培育对象自我评价。",
            "applicant_id",
        )
    theirs = applicant.representative
    if theirs is None or theirs.identity is None:
        return
    if agency.representative is not None and agency.representative.identity == theirs.identity:
        yield Refusal(
            Hindrance.SAME_REPRESENTATIVE,
            "JL-22-1a",
            f"{agency.name}与{applicant.name}的法定代表人是同一人（{theirs.name}），有利害关系（{cite}）。",
            "请由其他机构评价；任一方已变更法定代表人的，请先更新登记。",
            "applicant_id",
        )
    elif any(person.identity == theirs.identity for person in agency.staff):
        yield Refusal(
            Hindrance.STAFF_OF_APPLICANT,
            "JL-22-1a",
            f"{agency.name}的在案人员{theirs.name}是{applicant.name}的法定代表人，有利害关系（{cite}）。",
            "请由其他机构评价；人员已离开或法定代表人已变更的，请先更新登记。",
            "applicant_id",
        )


@implements("JL-22-1a")
def no_namesake(facts: GateFacts, agency: AgencyFacts, law: Jurisdiction) -> Iterator[Refusal]:
    """第二十二条第一款: names alike are a hint, not a match (reading 12): someone says that it is another person."""
    applicant = facts.applicant
    told: set[str] = set()
    for person in (agency.representative, *agency.staff):
        if person is None or _name(person.name) in told or _is_representative(person, applicant.representative):
            continue
        roles = []
        if _may_be_one(person, applicant.representative):
            roles.append("法定代表人")
        if applicant.contact and _name(person.name) == _name(applicant.contact):
            roles.append("联系人")
        if roles:
            told.add(_name(person.name))
            if agency.is_partner:
                yield _partners_namesake(facts, agency, law)
                return
            whose = "法定代表人" if person is agency.representative else "在案人员"
            yield Refusal(
                Hindrance.SAME_NAME,
                "JL-22-1a",
                f"{agency.name}的{whose}{person.name}与{applicant.name}的{'、'.join(roles)}同名，"
                f"系统不能确定是否同一人（{law.cite('JL-22-1a')}）。",
                "不是同一人或没有利害关系的，请在“情况说明”中写明；是同一人的，请由其他机构评价。",
                "statement",
            )


def _partners_namesake(facts: GateFacts, agency: AgencyFacts, law: Jurisdiction) -> Refusal:
    """Without the name: who works for a partner is its own business."""
    return Refusal(
        Hindrance.SAME_NAME,
        "JL-22-1a",
        f"联合机构{agency.name}有人员与{facts.applicant.name}的人员同名，"
        f"系统不能确定是否同一人（{law.cite('JL-22-1a')}）。",
        "请与该机构核实；不是同一人或没有利害关系的，请在“情况说明”中写明。",
        "statement",
    )


@implements("JL-22-2")
def place_left(facts: GateFacts, law: Jurisdiction) -> Iterator[Refusal]:
    """第二十二条第二款: at the national level each holder has a place left, the year being that of the counting day."""
    day = facts.intent.counted_on
    cap = law.number("national_cap", on=max(day, law.in_force_since))
    told: set[tuple[tuple[str, int], ...]] = set()
    for usage in _full(facts, law):
        if usage.partner or usage.shares in told:  # an agency that used all of its representative's says the same
            continue
        told.add(usage.shares)
        yield Refusal(
            Hindrance.NO_PLACE,
            "JL-22-2",
            f"{usage.holder} {day.year} 年的国家级评价已有 {usage.used} 项，上限 {cap} 项{_shares(usage)}"
            f"（{law.cite('JL-22-2')}）。",
            f"进场前终止的项目撤回并经主管部门确认后，名额可以再用；"
            f"否则只能承接 {day.year + 1} 年签订协议的国家级评价，省级、市级评价不受此限。",
            "level",
        )


def _full(facts: GateFacts, law: Jurisdiction) -> tuple[Usage, ...]:
    """The holders without a place left for it."""
    day = facts.intent.counted_on
    if facts.intent.level is not Level.NATIONAL or day < law.in_force_since:
        return ()
    cap = law.number("national_cap", on=day)
    return tuple(usage for usage in facts.usage if usage.used >= cap)


@implements("JL-12-1")
def partners_able(hindered: Iterable[str], law: Jurisdiction) -> Iterator[Refusal]:
    """第十二条: everyone who makes it jointly may; why one may not is its own business, and the desk's."""
    for name in dict.fromkeys(hindered):
        yield Refusal(
            Hindrance.PARTNER,
            "JL-12-1",
            f"联合机构{name}目前不能登记这项评价（{law.cite('JL-12-1')}）。",
            "请与该机构联系，由其自行查看原因；或者改与其他机构联合，或独自评价。",
            "partners",
        )


def no_twin(facts: GateFacts) -> Iterator[Refusal]:
    """One item is applicant, kind and round (reading 9): a second one beside it wants a word of explanation."""
    if facts.running:
        yield Refusal(
            Hindrance.RUNNING_TWIN,
            "JL-12-1",
            f"{facts.applicant.name}本年度已有同类评价在办：{'、'.join(facts.running)}。",
            "请先核对是否重复登记；确需另行评价的，请在“情况说明”中写明原因。",
            "statement",
        )


OF_EACH_AGENCY: tuple[Callable[[GateFacts, AgencyFacts, Jurisdiction], Iterator[Refusal]], ...] = (
    filing_in_force,
    conditions_kept,
    results_adopted,
    has_capability,
    no_conflict,
)


def _filed(agency: AgencyFacts) -> str:
    if not agency.filed:
        return "也从未备案"
    spans = (
        f"{each.first} 起" if each.last is None else f"{each.first} 至 {each.last}"
        for each in sorted(agency.filed, key=lambda period: period.first)
    )
    return "备案有效期间为 " + "、".join(spans)


def _shares(usage: Usage) -> str:
    return "：" + "，".join(f"{name} {count} 项" for name, count in usage.shares) if usage.shares else ""


def _name(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split())


def _is_representative(person: PersonFacts, other: PersonFacts | None) -> bool:
    """One person beyond doubt: that is a conflict, and told as one."""
    return other is not None and other.identity is not None and person.identity == other.identity


def _may_be_one(person: PersonFacts, other: PersonFacts | None) -> bool:
    """Of one name, and not known to be two."""
    if other is None or not _name(other.name) or _name(person.name) != _name(other.name):
        return False
    return person.identity is None or other.identity is None
