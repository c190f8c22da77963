"""第二十二条第一款 at the hand-over: what an unsettled screening stops, and what an agency may say to marks."""

import pytest

from core.errors import DomainError, Refusals
from core.law import jurisdiction
from evaluations.rules import adopting
from evaluations.rules.adopting import NotAdoptable, Obstacle
from evaluations.rules.screening import MarkDecided, NothingSaid, ScreeningFacts, require_disputable
from evaluations.rules.states import MarkStanding
from tests.evaluations import facts

LAW = jurisdiction()
OPEN, DISPUTED = MarkStanding.OPEN, MarkStanding.DISPUTED

pytestmark = pytest.mark.clause("JL-22-1b")


@pytest.mark.parametrize(
    ("known", "told"),
    [
        (ScreeningFacts(), []),  # clean, or an old one without a file
        (ScreeningFacts(is_running=True), [Obstacle.BEING_SCREENED]),
        (ScreeningFacts(is_unread=True), [Obstacle.NOT_READ]),
        (ScreeningFacts(undecided=1), [Obstacle.MARKS_UNDECIDED]),
        (ScreeningFacts(confirmed=1), [Obstacle.MARKS_CONFIRMED]),
        (
            ScreeningFacts(undecided=2, is_running=True, confirmed=1),
            [Obstacle.BEING_SCREENED, Obstacle.MARKS_UNDECIDED, Obstacle.MARKS_CONFIRMED],
        ),
    ],
)
def test_what_is_not_settled_stops_the_hand_over_and_the_adoption_alike(
    known: ScreeningFacts, told: list[Obstacle]
) -> None:
    given = facts.adoption(screening=known)
    assert [each.what for each in adopting.halting(given, LAW)] == told
    assert [each.what for each in adopting.hindrances(given, LAW)] == told
    assert known.is_clean is not bool(told)
    if not told:
        adopting.require_hand_over(given, LAW)
        return
    with pytest.raises((NotAdoptable, Refusals)) as refused:
        adopting.require_hand_over(given, LAW)
    each = refused.value.refusals if isinstance(refused.value, Refusals) else (refused.value,)
    assert all(one.clause == "JL-22-1b" and "第二十二条第一款" in one.message for one in each)
    with pytest.raises((NotAdoptable, Refusals)):
        adopting.require_adoptable(given, in_spite_of="理由", law=LAW)  # no reason does away with it


def test_the_sentence_says_how_many_marks_and_who_lifts_it() -> None:
    (objection,) = adopting.agreed_lawfully(facts.adoption(screening=ScreeningFacts(undecided=3)), LAW)
    assert "3 处标记" in objection.message
    assert "主管部门逐处核定" in objection.lift
    assert "更换协议" in objection.lift


@pytest.mark.parametrize(
    ("standings", "said", "refusals"),
    [
        ({1: OPEN}, {1: "可选服务"}, []),
        ({1: OPEN, 2: DISPUTED}, {1: "可选", 2: "改一改"}, []),
        ({1: OPEN}, {}, [NothingSaid]),
        ({1: OPEN}, {1: "  "}, [NothingSaid]),
        ({1: MarkStanding.CONFIRMED}, {1: "可选"}, [MarkDecided]),
        ({1: MarkStanding.DISMISSED}, {1: "可选"}, [MarkDecided]),
        ({1: OPEN}, {7: "没有这一处"}, [MarkDecided]),
        ({1: OPEN, 2: MarkStanding.CONFIRMED}, {1: "", 2: "可选"}, [NothingSaid, MarkDecided]),
    ],
)
def test_an_agency_speaks_to_a_mark_until_it_is_decided(
    standings: dict[int, MarkStanding], said: dict[int, str], refusals: list[type[DomainError]]
) -> None:
    if not refusals:
        require_disputable(standings, said)
        return
    with pytest.raises(DomainError) as refused:
        require_disputable(standings, said)
    found = refused.value.refusals if isinstance(refused.value, Refusals) else (refused.value,)
    assert [type(each) for each in found] == refusals
