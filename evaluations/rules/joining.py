"""Making an evaluation jointly: an agency that another one names says itself whether it does. Pure."""

from core.law import implements
from evaluations.rules.course import NotPossibleNow
from evaluations.rules.states import RUNNING, Consent, State

ANSWERS: dict[Consent, frozenset[Consent]] = {
    Consent.ASKED: frozenset({Consent.GIVEN, Consent.REFUSED}),
    Consent.REFUSED: frozenset({Consent.GIVEN}),  # it may think better of it until an officer decides
}


def may_answer(state: State, now: Consent, answer: Consent) -> bool:
    """Whether an agency can still say so: for pages, which offer only what is possible."""
    return state in RUNNING and answer in ANSWERS.get(now, ())


@implements("JL-12-1")
def require_answerable(state: State, now: Consent, answer: Consent) -> None:
    """第十二条: it answers while the evaluation runs, and refuses only where it hasn't answered yet.

    Raises NotPossibleNow.
    """
    if not may_answer(state, now, answer):
        told = f"贵单位{now.label}" if state in RUNNING else f"该评价{state.label}"
        raise NotPossibleNow(f"{told}，不需要再答复是否联合参加。")


def require_refused(state: State, now: Consent) -> None:
    """An officer decides on a refusal that stands. Raises NotPossibleNow."""
    if state not in RUNNING or now is not Consent.REFUSED:
        raise NotPossibleNow("没有待决定的联合评价答复：已作出决定，或者该机构已改为确认，或者评价已撤回。")
