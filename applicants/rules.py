"""Articles 8, 10 and 11: what keeps an applicant from the lists, and what is only warned of. Pure functions."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from applicants.models import Ground, Kind
from core.clock import years_after, years_before
from core.errors import DomainError
from core.law import Finding, Jurisdiction, Verdict, implements, jurisdiction

INDUSTRY_CODE = re.compile(r"([A-T])?(\d{4})", re.ASCII)  # GB/T 4754: twenty sections, A to T
UNTIL_LIFTED = frozenset({Ground.ABNORMAL_LIST})  # the grounds that last while they stand, not for years


class BadIndustryCode(DomainError):
    """Not of the form that codes of GB/T 4754 have."""


@dataclass(frozen=True, slots=True)
class ExclusionFact:
    """A fact of Article 11 as it was entered; `whom`: the applicant's name, or the enterprise's inside the park."""

    ground: Ground
    on: date
    lifted_on: date | None
    annulled: bool
    source: str
    whom: str


@dataclass(frozen=True, slots=True)
class StandingExclusion:
    """One that stands on the day that was asked for; `until`: its last day, None: until it is lifted."""

    ground: Ground
    on: date
    until: date | None
    source: str
    whom: str


@implements("JL-11")
def standing_exclusions(
    facts: Iterable[ExclusionFact], *, day: date, law: Jurisdiction | None = None
) -> tuple[StandingExclusion, ...]:
    """第十一条: of the facts, those that keep from the lists on a day, the one that lasts longest first.

    Three years to the day, the last one included, from 29 February to 28 February (reading 17). Being on the list of
    abnormal operation counts while it isn't lifted, however old, and no longer on the day of the lifting. What was
    annulled doesn't count. Before the rules were in force nothing stands.
    """
    rules = law or jurisdiction()
    if day < rules.in_force_since:
        return ()
    years = rules.number("exclusion_years", on=day)
    ends = [(fact, _last_day(fact, years)) for fact in facts if not fact.annulled and fact.on <= day]
    standing = [
        StandingExclusion(fact.ground, fact.on, until, fact.source, fact.whom)
        for fact, until in ends
        if (until is None or day <= until) and (fact.ground not in UNTIL_LIFTED or _not_lifted(fact, day))
    ]
    return tuple(sorted(standing, key=lambda each: (each.until or date.max, each.on), reverse=True))


def _last_day(fact: ExclusionFact, years: int) -> date | None:
    return None if fact.ground in UNTIL_LIFTED else years_after(fact.on, years)


def _not_lifted(fact: ExclusionFact, day: date) -> bool:
    return fact.lifted_on is None or day < fact.lifted_on


def first_day_that_stands(day: date, *, law: Jurisdiction | None = None) -> date:
    """第十一条: the earliest day of a fact that stands for years, so that it still stands on `day`: for filters."""
    first = years_before(day, years := (law or jurisdiction()).number("exclusion_years", on=day))
    return first if years_after(first, years) >= day else first + timedelta(days=1)


def warnings(
    kind: Kind, *, industrial_share: int | None, is_green_factory: bool | None, law: Jurisdiction, on: date
) -> tuple[Finding, ...]:
    """What the rules ask in principle of an applicant of this kind: warned of, never refused.

    `industrial_share` is in tenths of a percent. Before the rules were in force nothing is warned of.
    """
    if on < law.in_force_since:
        return ()
    if kind is Kind.PARK:
        found = mainly_industrial(industrial_share, law=law, on=on)
    elif kind is Kind.SUPPLY_CHAIN:
        found = already_green_factory(is_green_factory)
    else:
        return ()
    return () if found.verdict is Verdict.MET else (found,)


@implements("JL-8-1")
def mainly_industrial(share: int | None, *, law: Jurisdiction, on: date) -> Finding:
    """第八条（一）: more than half of a park's value added is industrial; `share` in tenths of a percent."""
    asked = law.number("park_industrial_share", on=on)
    if share is None:
        return Finding("JL-8-1", Verdict.NEEDS_JUDGEMENT, f"未填写工业增加值占比，是否超过 {asked}% 无从核对")
    shown = f"工业增加值占比 {share / 10:g}%"
    if share > asked * 10:
        return Finding("JL-8-1", Verdict.MET, f"{shown}，超过 {asked}%")
    return Finding("JL-8-1", Verdict.NOT_MET, f"{shown}，没有超过 {asked}%")


@implements("JL-10-3")
def already_green_factory(is_green_factory: bool | None) -> Finding:
    """第十条第三款: a supply-chain enterprise that is recommended should in principle be a green factory."""
    if is_green_factory is None:
        return Finding("JL-10-3", Verdict.NEEDS_JUDGEMENT, "未填写是否为绿色工厂；推荐的企业原则上应为绿色工厂")
    if is_green_factory:
        return Finding("JL-10-3", Verdict.MET, "已是绿色工厂")
    return Finding("JL-10-3", Verdict.NOT_MET, "不是绿色工厂；推荐的企业原则上应为绿色工厂")


def industry_code(text: str, *, field: str | None = None) -> str:
    """A code of GB/T 4754 as it is kept: its section's letter where one was given, four digits. "" for none.

    Only the form is judged: the digits are written in any width, the letter in either case. Raises BadIndustryCode.
    """
    typed = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    if not typed:
        return ""
    if not INDUSTRY_CODE.fullmatch(typed):
        raise BadIndustryCode(
            "行业代码应为国民经济行业分类（GB/T 4754）的四位数字，前面可带门类字母 A 至 T，例如 C3670 或 3670。",
            field=field,
        )
    return typed
