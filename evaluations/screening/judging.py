"""screen_clause(): what a clause carries under 第二十二条第一款, and why."""

from collections.abc import Iterable, Mapping
from typing import Final

from evaluations.screening.effects import LABELS, Effect, Guard, effects
from evaluations.screening.explaining import effect_words, reason
from evaluations.screening.features import features
from evaluations.screening.labels import ARTICLE, Label, Mark, Screening
from evaluations.screening.normalising import Plain, normalise
from evaluations.screening.reading import Clause, read
from evaluations.screening.vocabulary import Hit
from evaluations.screening.weighing import Weights, weights

SURE_FROM: Final = 0.44  # where precision and recall meet on authors left out
BESIDE_FROM: Final = 0.5
NOTHING: Final = Screening((), ())
# The concepts that a label can rest on where no rule names an effect; the first that the clause has are told.
BASES: Final[dict[Label, tuple[str, ...]]] = {
    Label.BET_ON: ("failure", "outcome", "award", "score", "result", "refund", "free_work", "pay", "money"),
    Label.GUARANTEED_PASS: ("promise", "certain", "channel", "must_reach", "outcome", "result", "score"),
    Label.TIED_SALE: ("bundle", "require", "surcharge", "refuse", "free", "service", "evaluation"),
    Label.MARKET_DISRUPTION: (
        *("forge", "hide", "lend", "bribe", "silence", "exclusive", "cartel", "disparage", "author"),
        *("finding", "evidence", "reviewers", "authority", "complain"),
    ),
}


def screen_clause(text: str) -> Screening:
    """Pure: the same text always has the same marks."""
    return screen_with(text, weights())


def screen_with(text: str, weighed: Weights) -> Screening:
    plain = normalise(text)
    clause = read(plain.text)
    if not clause.hits:
        return NOTHING
    found = effects(clause)
    confidences = weighed.confidences(features(clause, found))
    labels = carried(confidences)
    return Screening(labels, tuple(_mark(label, plain, clause, found, confidences[label]) for label in labels))


def carried(confidences: Mapping[Label, float]) -> tuple[Label, ...]:
    """The labels that a clause carries: the likeliest a little sooner than any beside it."""
    likeliest = max(confidences.values())
    return tuple(
        label for label, sure in confidences.items() if sure >= (SURE_FROM if sure == likeliest else BESIDE_FROM)
    )


def _mark(label: Label, plain: Plain, clause: Clause, found: Iterable[Effect], confidence: float) -> Mark:
    own = [effect for effect in found if LABELS[effect.kind] is label]
    effect = next((each for each in own if each.guard is Guard.NONE), own[0] if own else None)
    if effect is not None and (effect.causes or effect.consequences):
        causes, consequences = effect.causes, effect.consequences
    else:
        causes, consequences = _basis(label, clause), ()
    places = [plain.origin(hit.start, hit.end) for hit in sorted({*causes, *consequences})]
    if causes:
        start, end = plain.origin(causes[0].start, causes[0].end)
    else:
        start, end = 0, len(plain.given)
    told = (
        tuple(_as_written(plain, hit) for hit in causes),
        tuple(_as_written(plain, hit) for hit in consequences),
    )
    kind = effect.kind if effect is not None else None
    return Mark(
        label=label,
        trigger=plain.given[start:end],
        start=start,
        end=end,
        triggers=tuple(dict.fromkeys(plain.given[one:other] for one, other in places)),
        effect=effect_words(label, kind, *told),
        article=ARTICLE,
        confidence=round(confidence, 3),
        reason=reason(label, kind, *told),
    )


def _as_written(plain: Plain, hit: Hit) -> str:
    """In the normalised spelling, but with the capitals of the agreement."""
    words, (start, end) = plain.text[hit.start : hit.end], plain.origin(hit.start, hit.end)
    given = plain.given[start:end]
    return given if given.lower() == words.lower() else words


def _basis(label: Label, clause: Clause) -> tuple[Hit, ...]:
    for concept in BASES[label]:
        if hits := tuple(hit for hit in clause.hits if hit.concept == concept):
            return hits
    return clause.hits[:1]
