"""Made-up facts for the gate and for adoption, with nothing in the way unless told otherwise."""

from dataclasses import replace
from datetime import date
from typing import Any

from applicants.models import Kind
from evaluations.rules.adopting import AdoptionFacts
from evaluations.rules.facts import (
    AgencyFacts,
    ApplicantFacts,
    ExclusionFacts,
    GateFacts,
    Intent,
    Period,
    PersonFacts,
    Usage,
)
from evaluations.rules.states import Conclusion, Level, Mode

FILED_ON = date(2025, 6, 1)
BEGUN_ON = date(2026, 3, 10)
ON = date(2026, 3, 12)


def person(name: str, identity: str | None = None) -> PersonFacts:
    return PersonFacts(name, identity)


def intent(**changes: Any) -> Intent:
    """A national evaluation of a factory, registered two days after it began."""
    facts: dict[str, Any] = {
        "kind": Kind.FACTORY,
        "level": Level.NATIONAL,
        "mode": Mode.THIRD_PARTY,
        "begun_on": BEGUN_ON,
        "on": ON,
    } | changes
    return Intent(**{"counted_on": facts["begun_on"], **facts})


def agency(**changes: Any) -> AgencyFacts:
    facts: dict[str, Any] = {
        "name": "吉林省衡准评价有限公司",
        "credit_code": "91220101MA0TE5T16T",
        "representative": person("沈知远", "identity-shen"),
        "filed": (Period(FILED_ON, None),),
        "conditions_lost_on": None,
        "non_adoption": (),
        "capabilities": frozenset(Kind),
        "staff": (person("沈知远", "identity-shen"), person("林可", "identity-lin")),
    }
    return AgencyFacts(**facts | changes)


def applicant(**changes: Any) -> ApplicantFacts:
    facts: dict[str, Any] = {
        "name": "长春砺川零部件有限公司",
        "codes": frozenset({"91220106MA0TE5T22X"}),
        "kinds": frozenset({Kind.FACTORY}),
        "representative": person("罗企业", "identity-luo"),
        "contact": "韩联络",
        "exclusions": (),
    }
    return ApplicantFacts(**facts | changes)


def exclusion(**changes: Any) -> ExclusionFacts:
    facts: dict[str, Any] = {
        "ground": "（六）被列为失信被执行人",
        "on": date(2024, 5, 1),
        "until": date(2027, 5, 1),
        "source": "中国执行信息公开网",
        "whom": "长春砺川零部件有限公司",
    }
    return ExclusionFacts(**facts | changes)


def usage(used: int = 3, **changes: Any) -> Usage:
    facts: dict[str, Any] = {
        "holder": "法定代表人沈知远",
        "used": used,
        "shares": (("吉林省衡准评价有限公司", used),),
    }
    return Usage(**facts | changes)


def gate(**changes: Any) -> GateFacts:
    """What the gate lets through."""
    facts: dict[str, Any] = {
        "intent": intent(),
        "applicant": applicant(),
        "agencies": (agency(),),
        "usage": (usage(), usage(holder="吉林省衡准评价有限公司")),
        "running": (),
        "statement": "",
    }
    return GateFacts(**facts | changes)


def with_agency(facts: GateFacts, **changes: Any) -> GateFacts:
    """The same with the first agency changed."""
    return replace(facts, agencies=(replace(facts.agencies[0], **changes), *facts.agencies[1:]))


def adoption(**changes: Any) -> AdoptionFacts:
    """A confirmed evaluation, reported and handed over, with nothing against it."""
    facts: dict[str, Any] = {
        "on": date(2026, 6, 30),
        "mode": Mode.THIRD_PARTY,
        "issued": (date(2026, 5, 10),),
        "conclusion": Conclusion.CONFORMS,
        "handed_over_on": date(2026, 5, 20),
        "is_confirmed": True,
        "is_disputed": False,
        "is_blocked": False,
        "is_unfiled": False,
        "is_over_cap": False,
        "is_recorded": False,
    }
    return AdoptionFacts(**facts | changes)
