"""A whole agreement screened, clause by clause, every mark with the place where its clause stands.

A term that one clause defines by an outcome (“项目完成”指甲方列入名单) makes a bet of another clause that pays on it:
what uses such a term is judged together with what defines it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from evaluations.reading.agreements import Agreement, Clause
from evaluations.screening.judging import screen_clause
from evaluations.screening.labels import Label, Mark
from evaluations.screening.normalising import normalise
from evaluations.screening.reading import read

SURER = 0.15  # than of what opens the list alone: else the item adds nothing to it
# The weights come from clauses of which half carry a label; in an agreement it is one in twenty, so more is asked for.
SURE_IN_AGREEMENT = 0.7


@dataclass(frozen=True, slots=True)
class Found:
    clause: Clause
    mark: Mark


@dataclass(frozen=True, slots=True)
class ScreenedAgreement:
    labels: tuple[Label, ...]
    found: tuple[Found, ...]


TITLED: Final = re.compile(r"第.+[章节条]|[一二三四五六七八九十]+、?")
TITLE: Final = re.compile(r"[\u4e00-\u9fff\s]{1,8}")
NESTED: Final = re.compile(r"\d+[.．]\d|[（(]")
# The term in quotation marks, then what it means, as far as the sentence goes.
DEFINITION: Final = re.compile(r"“([^“”]{2,12})”(?:一词|一语)?，?(?:系|是|均)?(?:指|谓|即为?)[^。；]+[。；]?")


def screen_agreement(agreement: Agreement) -> ScreenedAgreement:
    defined = definitions(agreement)
    found = tuple(
        Found(clause, mark)
        for clause, after in zip_longest(agreement.clauses, agreement.clauses[1:])
        if not (after and is_title(clause, after))
        for mark in marks_of(clause, defined)
    )
    carried = {each.mark.label for each in found}
    return ScreenedAgreement(tuple(label for label in Label if label in carried), found)


def is_title(clause: Clause, after: Clause) -> bool:
    """第三条 承诺, over 3.1 and 3.2: it says what follows, and nothing by itself."""
    return bool(TITLED.fullmatch(clause.number) and TITLE.fullmatch(clause.text.strip()) and NESTED.match(after.number))


def definitions(agreement: Agreement) -> Mapping[str, str]:
    """Term → the words that define it, where they speak of an outcome."""
    return {
        match[1]: match[0]
        for clause in agreement.clauses
        for match in DEFINITION.finditer(normalise(clause.text).text)
        if "outcome" in read(match[0]).concepts
    }


def marks_of(clause: Clause, defined: Mapping[str, str]) -> tuple[Mark, ...]:
    """A clause by itself; then together with what its list opens with, and with what defines a term that it uses.

    （一）未列入名单的 is nothing by itself, and a bet after 有下列情形之一的，乙方退还评价费：
    """
    own = _sure(screen_clause(clause.text).marks)
    if not clause.lead and not defined:
        return own
    text = normalise(clause.text).text
    before = [clause.lead] if clause.lead else []
    before += [words for term, words in defined.items() if term in text and words not in text]
    labels = {mark.label for mark in own}
    added = [mark for words in before for mark in _with(words, clause.text) if mark.label not in labels]
    return own + tuple({mark.label: mark for mark in reversed(added)}.values())


def _with(before: str, text: str) -> tuple[Mark, ...]:
    """What both carry together, and more surely than the words before do alone."""
    alone = {mark.label: mark.confidence + SURER for mark in screen_clause(before).marks}
    together = _sure(screen_clause(before + text).marks)
    return tuple(mark for mark in together if mark.confidence > alone.get(mark.label, 0.0))


def _sure(marks: tuple[Mark, ...]) -> tuple[Mark, ...]:
    return tuple(mark for mark in marks if mark.confidence >= SURE_IN_AGREEMENT)
