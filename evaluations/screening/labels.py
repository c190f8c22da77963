"""What a clause can carry, and how it is told."""

from dataclasses import dataclass
from enum import StrEnum


class Label(StrEnum):
    """第二十二条第一款, in the order in which the guideline names them."""

    BET_ON = "bet_on"
    GUARANTEED_PASS = "guaranteed_pass"  # noqa: S105 (passing a review)
    TIED_SALE = "tied_sale"
    MARKET_DISRUPTION = "market_disruption"

    @property
    def words(self) -> str:
        return WORDS[self]


WORDS = {
    Label.BET_ON: "对赌协议",
    Label.GUARANTEED_PASS: "承诺保过",
    Label.TIED_SALE: "认证服务搭售评价",
    Label.MARKET_DISRUPTION: "其他扰乱市场的行为",
}
ARTICLE = "JL-22-1b"


@dataclass(frozen=True, slots=True)
class Mark:
    """One label of a clause. `start` and `end` bound the trigger in the text as it was given, end exclusive.

    `effect`: what hangs on what, in a few words; `reason`: the sentence for a letter; `triggers`: all words that the
    judgement rests on, as they stand in the text.
    """

    label: Label
    trigger: str
    start: int
    end: int
    triggers: tuple[str, ...]
    effect: str
    article: str
    confidence: float
    reason: str


@dataclass(frozen=True, slots=True)
class Screening:
    labels: tuple[Label, ...]
    marks: tuple[Mark, ...]
