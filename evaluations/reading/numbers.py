"""How lawyers number: 第三条, 3.1, （一）, ①; and what begins like a number and is none."""

import re
from dataclasses import dataclass
from enum import IntEnum

HAN = "一二三四五六七八九十百零〇两"
GAP = r"[ \t\u3000\xa0]"


class Rank(IntEnum):
    """From the widest to the narrowest division."""

    PART = 0
    ARTICLE = 1
    FIGURE = 2
    BRACKET = 3
    CIRCLE = 4
    BULLET = 5


@dataclass(frozen=True, slots=True)
class Numbered:
    number: str
    rank: Rank
    length: int  # characters of the text that are number
    firm: bool  # can't be anything else, even at the start of a line that goes on with a sentence


# what follows a mention of an article: 第十一条所列情形
MENTION = r"(?=[所规约的中之及和或与至第前后、，,]|[（(][一二三四五六七八九十\d]+[）)](?:项|款|目)?[所规约的中之])"
# what follows a quantity: 3.5万元, 12.5%
QUANTITY = (
    rf"(?=年(?!度)|[{HAN}万亿千元角分厘%％‰度吨个名人天日月倍折成份项家次张页米级版期周小时台套公℃\d.．,，~～—\-/])"
)
FORMS: tuple[tuple[Rank, re.Pattern[str]], ...] = (
    (
        Rank.PART,
        re.compile(rf"第{GAP}*[{HAN}\d]{{1,5}}{GAP}*(?:章|节|编|部分|篇)(?!{MENTION})(?P<gap>{GAP}*[：:、]?{GAP}*)"),
    ),
    (Rank.PART, re.compile(rf"(?:附件|附录|附表){GAP}*[{HAN}\d]{{1,3}}(?=[：:]|{GAP}|$)(?P<gap>{GAP}*[：:]?{GAP}*)")),
    (
        Rank.ARTICLE,
        re.compile(rf"第{GAP}*[{HAN}\d]{{1,5}}{GAP}*条(?:之[{HAN}])?(?!{MENTION})(?P<gap>{GAP}*[：:、．.]?{GAP}*)"),
    ),
    (Rank.ARTICLE, re.compile(rf"[{HAN}]{{1,4}}(?P<gap>[、．.]{GAP}*)")),
    (
        Rank.BRACKET,
        re.compile(rf"[（(]{GAP}*(?:[{HAN}]{{1,4}}|\d{{1,3}}|[a-zA-Z]){GAP}*[）)](?P<gap>{GAP}*[、．.]?{GAP}*)"),
    ),
    (Rank.BRACKET, re.compile(rf"(?:\d{{1,2}}|[a-zA-Z])(?P<gap>[）)]{GAP}*)")),
    (Rank.CIRCLE, re.compile(rf"[\u2460-\u24ff\u2776-\u2793\u3220-\u3229](?P<gap>{GAP}*[、．.]?{GAP}*)")),
    (Rank.FIGURE, re.compile(rf"\d{{1,2}}(?:[.．]\d{{1,2}}){{1,4}}(?P<gap>[、．.]?{GAP}*)(?!{QUANTITY})(?=\D)")),
    (Rank.FIGURE, re.compile(rf"\d{{1,3}}(?P<gap>{GAP}*[、．.]{GAP}*)(?=\D)")),
    (Rank.BULLET, re.compile(rf"[●○■□◆◇▪•·※★☆▲△➢➤►✓✔√❖](?P<gap>{GAP}*)")),
    (Rank.BULLET, re.compile(rf"[-–—*](?P<gap>{GAP}+)")),
)  # fmt: skip


def number_of(text: str) -> Numbered | None:
    """The number that a text begins with."""
    for rank, form in FORMS:
        found = form.match(text)
        if found:
            number = found[0][: found.start("gap")] if found["gap"] else found[0]
            # （一） or 第三条 with a gap can only be numbers; 3.1 might be where a line happened to break
            firm = rank is Rank.CIRCLE or bool(found["gap"].strip("、．. ") or found["gap"].isspace()) or (
                rank is Rank.BRACKET and text[0] in "（("
            )  # fmt: skip
            return Numbered(re.sub(r"\s", "", number), rank, found.end(), firm)
    return None
