"""The rules of effect: what would a clause bring about if it were carried out?

Each rule reads the concepts of a clause by sentence and part and tells the effects that it finds, and what in the same
place takes their force away: a `Guard`. A guarded effect is told too: the judgement weighs both.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from evaluations.screening.labels import Label
from evaluations.screening.reading import Clause, Part
from evaluations.screening.vocabulary import Hit

Sentence = tuple[Part, ...]


class Guard(StrEnum):
    NONE = ""
    REGARDLESS = "regardless"  # 无论是否列名，均应付款
    FORBIDDEN = "forbidden"  # 不得承诺
    DISOWNED = "disowned"  # 该许诺无效，可以举报
    QUOTED = "quoted"  # “包过”之类
    OPTIONAL = "optional"  # 可选，单独报价
    OWN_BREACH = "own_breach"  # 因乙方迟延


class Kind(StrEnum):
    """The effects, by what hangs on what."""

    MONEY_ON_OUTCOME = "money_on_outcome"
    MONEY_ON_FAILURE = "money_on_failure"
    WORK_ON_FAILURE = "work_on_failure"
    BOTH_WAYS = "both_ways"
    SHARE_OF_AWARD = "share_of_award"
    PRICE_BY_RESULT = "price_by_result"
    DEEMED_FAILURE = "deemed_failure"
    MONEY_BESIDE_OUTCOME = "money_beside_outcome"
    PROMISED_OUTCOME = "promised_outcome"
    CERTAIN_OUTCOME = "certain_outcome"
    PROMISED_SCORE = "promised_score"
    CHANNEL = "channel"
    OWED_OUTCOME = "owed_outcome"
    SALE_WITH_EVALUATION = "sale_with_evaluation"
    EVALUATION_ONLY_WITH = "evaluation_only_with"
    CHEAPER_WITH = "cheaper_with"
    FORGED = "forged"
    HIDDEN = "hidden"
    LENT = "lent"
    BRIBE = "bribe"
    SILENCED = "silenced"
    EXCLUSIVE = "exclusive"
    CARTEL = "cartel"
    DISPARAGED = "disparaged"
    SELF_WRITTEN = "self_written"


LABELS: Final[dict[Kind, Label]] = {
    **dict.fromkeys(list(Kind)[:8], Label.BET_ON),
    **dict.fromkeys(list(Kind)[8:13], Label.GUARANTEED_PASS),
    **dict.fromkeys(list(Kind)[13:16], Label.TIED_SALE),
    **dict.fromkeys(list(Kind)[16:], Label.MARKET_DISRUPTION),
}


@dataclass(frozen=True, slots=True)
class Effect:
    kind: Kind
    guard: Guard
    causes: tuple[Hit, ...]  # what it hangs on, or what is done
    consequences: tuple[Hit, ...]  # what moves, or to what it is done

    @property
    def label(self) -> Label:
        return LABELS[self.kind]


OUTCOMES: Final = frozenset({"outcome", "failure", "result", "score", "award"})
TRIGGERS: Final = frozenset({"outcome", "failure", "not_failure"})
MONEY: Final = frozenset({"money", "sum", "pay", "refund"})
ANY_MONEY: Final = MONEY | {"free", "free_work", "award"}
MOVES: Final = frozenset({"pay", "refund"})
BINDING: Final = frozenset({"condition", "after"})
SERVICES: Final = frozenset({"service"})
EVALUATION: Final = frozenset({"evaluation"})


def _of(parts: Sentence, concepts: frozenset[str]) -> tuple[Hit, ...]:
    return tuple(hit for part in parts for hit in part.hits if hit.concept in concepts)


def _all(parts: Sentence) -> frozenset[str]:
    return frozenset().union(*(part.concepts for part in parts))


def _one(*concepts: str) -> frozenset[str]:
    return frozenset(concepts)


def _guard(clause: Clause, sentence: Sentence, causes: tuple[Hit, ...]) -> Guard:
    """What takes away the force of an effect that rests on `causes`."""
    if causes and all(clause.is_quoted(hit) for hit in causes):
        return Guard.QUOTED
    for number, part in enumerate(sentence):
        if "regardless" in part.concepts:
            near = part.concepts | (sentence[number - 1].concepts if number else frozenset())
            if near & OUTCOMES:
                return Guard.REGARDLESS
    first = min((hit.start for hit in causes), default=0)
    if any(hit.concept in FORBIDDING and hit.start <= first + 4 for part in sentence for hit in part.hits):
        return Guard.FORBIDDEN
    if "disown" in clause.concepts:
        return Guard.DISOWNED
    return Guard.NONE


FORBIDDING: Final = frozenset({"forbid", "no_promise"})


def _bets(clause: Clause) -> Iterator[Effect]:
    for sentence in _windows(clause):
        present = _all(sentence)
        causes = _of(sentence, TRIGGERS)
        moves = _of(sentence, MOVES)
        guard = _guard(clause, sentence, causes)
        if causes and moves and present & BINDING:
            kind = Kind.MONEY_ON_FAILURE if "failure" in present else Kind.MONEY_ON_OUTCOME
            breach = guard is Guard.NONE and "own_breach" in present
            yield Effect(kind, Guard.OWN_BREACH if breach else guard, causes, moves)
        elif causes and present & ANY_MONEY:
            yield Effect(Kind.MONEY_BESIDE_OUTCOME, guard, causes, _of(sentence, ANY_MONEY))
        if {"outcome", "failure"} <= present and present & MONEY:
            yield Effect(Kind.BOTH_WAYS, guard, causes, _of(sentence, MONEY))
        if "failure" in present and present & _one("free_work", "free"):
            yield Effect(Kind.WORK_ON_FAILURE, guard, causes, _of(sentence, _one("free_work", "free")))
        if "award" in present and present & MOVES and "sum" in present:
            yield Effect(Kind.SHARE_OF_AWARD, guard, _of(sentence, _one("award")), _of(sentence, MONEY))
        results = _of(sentence, _one("result", "score"))
        if results and not causes and present & MONEY and "condition" in present:
            yield Effect(Kind.PRICE_BY_RESULT, _guard(clause, sentence, results), results, _of(sentence, MONEY))
        if "failure" in present and "视为" in clause.text:
            yield Effect(Kind.DEEMED_FAILURE, guard, causes, moves)


def _windows(clause: Clause) -> Iterator[Sentence]:
    """Each sentence, and what a clause of several says together."""
    yield from clause.sentences
    for one, other in zip(clause.sentences, clause.sentences[1:], strict=False):
        if not (_all(one) & MOVES and _all(one) & TRIGGERS):
            yield one + other


def _promises(clause: Clause) -> Iterator[Effect]:
    for sentence in clause.sentences:
        present = _all(sentence)
        goals = _of(sentence, _one("outcome", "result", "score", "not_failure"))
        promised = _of(sentence, _one("promise"))
        sure = _of(sentence, _one("certain"))
        guard = _guard(clause, sentence, promised or sure or goals)
        near = [hit for hit in promised if any(0 <= goal.start - hit.start <= 24 for goal in goals)]
        if near:
            kind = Kind.PROMISED_SCORE if "score" in present else Kind.PROMISED_OUTCOME
            yield Effect(kind, guard, tuple(near), goals)
        if sure and (goals or "failure" in present or "channel" in present):
            yield Effect(Kind.CERTAIN_OUTCOME, guard, sure, goals)
        if "score" in present and "must_reach" in present:
            yield Effect(Kind.PROMISED_SCORE, guard, _of(sentence, _one("must_reach")), goals)
        owed = [hit for part in sentence for hit in _owed(part)]
        if owed and not present & BINDING:
            yield Effect(Kind.OWED_OUTCOME, guard, tuple(owed), goals)
        if "channel" in present:
            yield Effect(Kind.CHANNEL, guard, _of(sentence, _one("channel")), goals)


def _owed(part: Part) -> Iterator[Hit]:
    """Words that make an outcome behind them something that shall come: 应使甲方列名."""
    for number, hit in enumerate(part.hits):
        if hit.concept in OWING and any(
            other.concept == "outcome" and 0 <= other.start - hit.end <= 16 for other in part.hits[number + 1 :]
        ):
            yield hit


OWING: Final = frozenset({"modal", "causative", "must_reach"})


def _ties(clause: Clause) -> Iterator[Effect]:
    present = clause.concepts
    whole = tuple(part for sentence in clause.sentences for part in sentence)
    services = _of(whole, SERVICES)
    if not services:
        return
    guard = Guard.NONE
    if "optional" in present:
        guard = Guard.OPTIONAL
    elif "disown" in present:
        guard = Guard.DISOWNED
    elif "forbid" in present:
        guard = Guard.FORBIDDEN
    for concepts, kind in (
        (_one("bundle"), Kind.SALE_WITH_EVALUATION),
        (_one("require", "refuse"), Kind.EVALUATION_ONLY_WITH),
        (_one("free", "surcharge"), Kind.CHEAPER_WITH),
    ):
        if present & concepts:
            yield Effect(kind, guard, _of(whole, concepts), services)


PAIRS: Final[tuple[tuple[Kind, frozenset[str], frozenset[str]], ...]] = (
    (Kind.FORGED, _one("forge"), _one("evidence", "finding", "score")),
    (Kind.HIDDEN, _one("hide"), _one("finding", "evidence", "evaluation", "authority", "delivery")),
    (Kind.LENT, _one("lend"), _one("third", "money", "agency", "evaluation", "sum")),
    (Kind.BRIBE, _one("bribe"), _one("reviewers", "authority", "sum", "pay", "third", "money")),
    (Kind.SILENCED, _one("silence"), _one("complain", "authority", "finding")),
    (Kind.EXCLUSIVE, _one("exclusive"), _one("evaluation", "service", "agency", "applicant")),
    (Kind.CARTEL, _one("cartel"), _one("money", "sum", "third", "exclusive", "agency")),
    (Kind.DISPARAGED, _one("disparage"), _one("exclusive", "third", "evaluation", "agency")),
    (Kind.SELF_WRITTEN, _one("author"), _one("self_evaluation")),
)


def _disruptions(clause: Clause) -> Iterator[Effect]:
    for sentence in clause.sentences:
        present = _all(sentence)
        for kind, deeds, objects in PAIRS:
            if present & deeds and present & objects:
                causes = _of(sentence, deeds)
                yield Effect(kind, _guard(clause, sentence, causes), causes, _of(sentence, objects))


RULES: Final[tuple[Callable[[Clause], Iterator[Effect]], ...]] = (_bets, _promises, _ties, _disruptions)


def effects(clause: Clause) -> tuple[Effect, ...]:
    return tuple(effect for rule in RULES for effect in rule(clause))
