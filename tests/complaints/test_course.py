"""第二十四条: which act may follow on which state of a complaint."""

import pytest

from complaints.models import State
from complaints.rules import course
from complaints.rules.course import COURSE, MOVES, STAYS, Action, NotPossibleNow

pytestmark = pytest.mark.clause("JL-24-2")

OVER = (State.CLOSED, State.REFUSED)


@pytest.mark.parametrize(
    ("states", "actions"),
    [
        pytest.param(
            (State.RECEIVED, State.ASSIGNED, State.ACCEPTED, State.CONCLUDED, State.REPLIED, State.CLOSED),
            (Action.ASSIGN, Action.ACCEPT, Action.CONCLUDE, Action.REPLY, Action.END),
            id="to the reply",
        ),
        pytest.param(
            (State.REPLIED, State.REVIEWING, State.ACCEPTED, State.CONCLUDED, State.REPLIED),
            (Action.ASK_REVIEW, Action.REOPEN, Action.CONCLUDE, Action.REPLY),
            id="taken up again after a review",
        ),
        pytest.param((State.REVIEWING, State.CLOSED), (Action.UPHOLD,), id="the reply stands"),
        pytest.param(
            (State.ASSIGNED, State.CLUE, State.CLOSED), (Action.KEEP, Action.CONCLUDE), id="a clue is owed no reply"
        ),
        pytest.param((State.CLUE, State.ACCEPTED), (Action.ACCEPT,), id="a clue whose reporter was reached"),
        pytest.param((State.ASSIGNED, State.RECEIVED, State.ASSIGNED), (Action.REFER, Action.ASSIGN), id="handed over"),
        pytest.param(
            (State.ASSIGNED, State.RECEIVED, State.ASSIGNED), (Action.RECUSE, Action.ASSIGN), id="stands aside"
        ),
        pytest.param((State.ASSIGNED, State.REFUSED), (Action.REFUSE,), id="refused"),
        pytest.param((State.ASSIGNED, State.JOINED, State.REPLIED), (Action.JOIN, Action.REPLY), id="joined"),
    ],
)
def test_the_course_leads_on(states: tuple[State, ...], actions: tuple[Action, ...]) -> None:
    state = states[0]
    for action, following in zip(actions, states[1:], strict=True):
        assert course.may_follow(state, action)
        state = course.next_state(state, action)
        assert state is following


def test_what_the_table_does_not_hold_is_refused() -> None:
    for state, action in {(state, action) for state in State for action in Action} - COURSE.keys():
        assert not course.may_follow(state, action)
        with pytest.raises(NotPossibleNow) as refused:
            course.next_state(state, action)
        assert state.label in refused.value.message


def test_nothing_is_done_with_what_is_over() -> None:
    assert {state for state, action in COURSE} & set(OVER) == set()


def test_each_pair_stands_in_one_table_only() -> None:
    staying = {(state, action) for action, states in STAYS.items() for state in states}
    assert staying & MOVES.keys() == set()


def test_every_action_but_the_first_has_its_place() -> None:
    assert {action for state, action in COURSE} == set(Action) - {Action.RECEIVE}


def test_only_one_review_leads_back() -> None:
    assert [state for state, action in MOVES if action is Action.ASK_REVIEW] == [State.REPLIED]


def test_who_looked_at_an_older_version_is_told() -> None:
    course.require_shown(shown=3, now=3)
    with pytest.raises(NotPossibleNow):
        course.require_shown(shown=2, now=3)
