"""What the gate would look at, shown before anything is filled in: so that nobody fills in a form in vain."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from core.labels import Labelled
from core.law import Finding, Jurisdiction
from evaluations.rules.facts import GateFacts
from evaluations.rules.gate import GateResult, Hindrance, check


class Tone(Labelled):
    OK = "ok", "可以"
    WARN = "warn", "须说明"
    STOP = "stop", "不能登记"


@dataclass(frozen=True, slots=True)
class Look:
    """One thing the gate looks at."""

    label: str
    clause: str
    tone: Tone
    word: str  # of the state
    texts: tuple[str, ...]
    is_final: bool = False  # it stops, whatever were typed


@dataclass(frozen=True, slots=True)
class _Subject:
    label: str
    clause: str
    hindrances: frozenset[Hindrance]
    when_fine: Callable[[GateFacts], str]
    by_entry: bool = False  # another date or kind may fare better


def _filed(facts: GateFacts) -> str:
    day = facts.intent.begun_on
    periods = [period for agency in facts.agencies for period in agency.filed if period.covers(day)]
    return f"现行备案自 {periods[0].first} 起有效。" if periods else "本次评价不需要备案。"


def _kinds(facts: GateFacts) -> str:
    return f"登记为{'、'.join(sorted(kind.label for kind in facts.applicant.kinds))}，属于备案的评价能力。"


def _used(facts: GateFacts) -> str:
    told = [f"{usage.holder} {usage.used} 项" for usage in facts.usage if not usage.partner]
    return "已用：" + "，".join(told) + "。" if told else "不涉及。"


SUBJECTS = (
    _Subject("机构备案", "JL-21-2", frozenset({Hindrance.NOT_FILED}), _filed, by_entry=True),
    _Subject("备案条件", "JL-21-2", frozenset({Hindrance.CONDITIONS_NOT_MET}), lambda _: "现在没有“条件不符”的记录。"),
    _Subject("评价结果", "JL-22-3", frozenset({Hindrance.NON_ADOPTION}), lambda _: "不在不予采信期内。"),
    _Subject("培育对象", "JL-11", frozenset({Hindrance.EXCLUDED}), lambda _: "近三年没有登记的第十一条情形。"),
    _Subject("评价类别", "JL-20-5", frozenset({Hindrance.NOT_OF_KIND, Hindrance.NO_CAPABILITY}), _kinds, by_entry=True),
    _Subject(
        "利害关系",
        "JL-22-1a",
        frozenset(
            {
                Hindrance.SAME_CODE,
                Hindrance.SAME_REPRESENTATIVE,
                Hindrance.STAFF_OF_APPLICANT,
                Hindrance.SAME_NAME,
            }
        ),
        lambda _: "没有已知的利害关系。",
    ),
    _Subject("在办的评价", "JL-12-1", frozenset({Hindrance.RUNNING_TWIN}), lambda _: "本年度没有同类评价在办。"),
    _Subject("国家级名额", "JL-22-2", frozenset({Hindrance.NO_PLACE}), _used),
)
PARTNERS = _Subject("联合机构", "JL-12-1", frozenset({Hindrance.PARTNER}), lambda _: "目前都可以参加。")


def outlook(facts: GateFacts, law: Jurisdiction, warnings: Iterable[Finding] = ()) -> tuple[Look, ...]:
    """Every subject of the gate with how it stands, as of the facts given; then what is only warned of."""
    result = check(facts, law)
    return (
        *(_look(subject, facts, result) for subject in SUBJECTS),
        *([_look(PARTNERS, facts, result)] if any(agency.is_partner for agency in facts.agencies) else []),
        *(
            Look("培育要求", each.clause, Tone.WARN, "请留意", (f"{each.reason}（{law.cite(each.clause)}）。",))
            for each in warnings
        ),
    )


def _look(subject: _Subject, facts: GateFacts, result: GateResult) -> Look:
    stops = [each for each in result.refusals if each.what in subject.hindrances]
    cautions = [each for each in result.cautions if each.what in subject.hindrances]
    found = [*stops, *cautions]
    tone = Tone.STOP if stops else Tone.WARN if cautions else Tone.OK
    word = tone.label
    if stops and subject.hindrances == {Hindrance.NO_PLACE}:
        tone, word = Tone.WARN, "国家级已满"  # the other levels are open
    texts = tuple(each.told for each in found) or (subject.when_fine(facts),)
    is_final = tone is Tone.STOP and not subject.by_entry
    return Look(subject.label, found[0].clause if found else subject.clause, tone, word, texts, is_final)
