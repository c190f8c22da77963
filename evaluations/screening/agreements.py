"""A whole agreement screened, clause by clause, every mark with the place where its clause stands."""

from dataclasses import dataclass

from evaluations.reading.agreements import Agreement, Clause
from evaluations.screening.judging import screen_clause
from evaluations.screening.labels import Label, Mark

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


def screen_agreement(agreement: Agreement) -> ScreenedAgreement:
    found = tuple(Found(clause, mark) for clause in agreement.clauses for mark in marks_of(clause))
    carried = {each.mark.label for each in found}
    return ScreenedAgreement(tuple(label for label in Label if label in carried), found)


def marks_of(clause: Clause) -> tuple[Mark, ...]:
    """A clause by itself; one that stands in a list also together with what the list opens with.

    （一）未列入名单的 is nothing by itself, and a bet after 有下列情形之一的，乙方退还评价费：
    """
    own = _sure(screen_clause(clause.text).marks)
    if not clause.lead:
        return own
    labels = {mark.label for mark in own}
    before = {mark.label: mark.confidence + SURER for mark in screen_clause(clause.lead).marks}
    together = screen_clause(clause.lead + clause.text)
    return own + tuple(
        mark
        for mark in _sure(together.marks)
        if mark.label not in labels and mark.confidence > before.get(mark.label, 0.0)
    )


def _sure(marks: tuple[Mark, ...]) -> tuple[Mark, ...]:
    return tuple(mark for mark in marks if mark.confidence >= SURE_IN_AGREEMENT)
