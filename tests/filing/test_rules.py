"""Article 21: the course of a filing, state by state."""

from datetime import date

import pytest

from agency.particulars import TitleLevel
from core import law
from core.law import Finding, Verdict
from filing import rules
from filing.rules import Action, Correction, Decision, FilingKind, State

S, A = State, Action

# the whole course; what isn't here is refused
POSSIBLE = {
    (S.DRAFT, A.SUBMIT): S.SUBMITTED,
    (S.SUBMITTED, A.TAKE): S.UNDER_REVIEW,
    (S.SUBMITTED, A.RETURN): S.RETURNED,
    (S.SUBMITTED, A.WITHDRAW): S.WITHDRAWN,
    (S.RETURNED, A.SUBMIT): S.SUBMITTED,
    (S.RETURNED, A.WITHDRAW): S.WITHDRAWN,
    (S.UNDER_REVIEW, A.TAKE_OVER): S.UNDER_REVIEW,
    (S.UNDER_REVIEW, A.RETURN): S.RETURNED,
    (S.UNDER_REVIEW, A.PASS): S.REVIEWED,
    (S.UNDER_REVIEW, A.WITHDRAW): S.WITHDRAWN,
    (S.REVIEWED, A.SEND_BACK): S.UNDER_REVIEW,
    (S.REVIEWED, A.APPROVE): S.FILED,
    (S.REVIEWED, A.REFUSE): S.REFUSED,
    (S.REVIEWED, A.WITHDRAW): S.WITHDRAWN,
    (S.FILED, A.CANCEL): S.CANCELLED,
    (S.FILED, A.SUPERSEDE): S.SUPERSEDED,
}


@pytest.mark.clause("JL-21-2")
@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("action", Action)
def test_a_filing_takes_the_steps_of_its_course_and_no_others(state: State, action: Action) -> None:
    if (state, action) in POSSIBLE:
        assert rules.may_follow(state, action)
        assert rules.next_state(state, action) is POSSIBLE[state, action]
    else:
        assert not rules.may_follow(state, action)
        with pytest.raises(rules.NotPossibleNow, match="状态已经变化"):
            rules.next_state(state, action)


@pytest.mark.parametrize("state", [S.REFUSED, S.WITHDRAWN, S.CANCELLED, S.SUPERSEDED])
def test_nothing_follows_an_end(state: State) -> None:
    assert state not in rules.OPEN_STATES
    assert not any(rules.may_follow(state, action) for action in Action)


@pytest.mark.clause("JL-21-2")
def test_a_change_can_be_begun_only_of_a_filing_in_force() -> None:
    assert rules.kind_to_begin(has_open=False, in_force=True) is FilingKind.CHANGE
    assert rules.kind_to_begin(has_open=False, in_force=False) is FilingKind.INITIAL


@pytest.mark.parametrize("in_force", [True, False])
def test_one_filing_is_open_at_a_time(in_force: bool) -> None:
    with pytest.raises(rules.AlreadyOpen, match="正在办理"):
        rules.kind_to_begin(has_open=True, in_force=in_force)


def test_a_filing_under_change_is_not_cancelled() -> None:
    rules.require_cancellable(change_pending=False)
    with pytest.raises(rules.NothingToCancel, match="先撤回变更备案"):
        rules.require_cancellable(change_pending=True)


def test_the_same_is_not_handed_in_twice() -> None:
    rules.require_new(same_as=None)
    with pytest.raises(rules.NothingChanged, match="上次提交的内容"):
        rules.require_new(same_as="上次提交的内容")


def test_nobody_decides_on_what_they_were_not_shown() -> None:
    rules.require_shown(shown=3, now=3)
    with pytest.raises(rules.NotPossibleNow):
        rules.require_shown(shown=2, now=3)


def test_nobody_decides_what_they_reviewed() -> None:
    rules.require_second_officer(reviewers={1, 2}, officer_id=3)
    with pytest.raises(rules.SameOfficer, match="审核人不得审批"):
        rules.require_second_officer(reviewers={1, 2}, officer_id=2)


def test_a_review_is_in_one_officers_hands() -> None:
    rules.require_reviewer(reviewer_id=1, officer_id=1)
    with pytest.raises(rules.NotTheReviewer, match="接办"):
        rules.require_reviewer(reviewer_id=1, officer_id=2)


def finding(verdict: Verdict, clause: str = "JL-20-2", due: tuple[str, ...] = ()) -> Finding:
    return Finding(clause, verdict, f"{clause} 的情况", still_due=due)


@pytest.mark.clause("JL-21-2")
def test_an_unmet_condition_keeps_a_filing_a_draft() -> None:
    with pytest.raises(rules.NotReady) as refused:
        rules.require_ready([finding(Verdict.MET), finding(Verdict.NOT_MET, "JL-20-3")])
    assert refused.value.clause == "JL-20-3"
    assert "JL-20-3 的情况" in refused.value.message


@pytest.mark.clause("JL-21-2")
def test_a_material_still_due_keeps_a_filing_a_draft() -> None:
    with pytest.raises(rules.NotReady, match="还缺材料：甲：劳动合同；乙：劳动合同"):
        rules.require_ready([finding(Verdict.MET, due=("甲：劳动合同", "乙：劳动合同"))])


@pytest.mark.clause("JL-21-2")
def test_what_needs_judgement_can_be_handed_in_but_not_passed() -> None:
    doubtful = [finding(Verdict.NEEDS_JUDGEMENT, "JL-20-3")]
    rules.require_ready(doubtful)
    with pytest.raises(rules.JudgementMissing, match="JL-20-3 的情况"):
        rules.require_judged(doubtful)


@pytest.mark.clause("JL-21-2")
def test_what_was_judged_unmet_is_not_passed() -> None:
    rules.require_judged([finding(Verdict.MET)])
    with pytest.raises(rules.NotReady, match="不能审核通过"):
        rules.require_judged([finding(Verdict.NOT_MET), finding(Verdict.NEEDS_JUDGEMENT)])


def test_a_return_names_at_least_one_thing_that_can_be_found() -> None:
    rules.require_corrections([Correction("clause:JL-20-2", "缺合同"), Correction("material:office", "不清晰")])
    for items in ([], [Correction("clause:JL-20-2", " ")], [Correction("clause:JL-99", "缺")]):
        with pytest.raises(rules.NothingToCorrect, match="至少写明一项"):
            rules.require_corrections(items)


def test_only_what_the_rules_leave_open_is_judged_and_with_a_reason() -> None:
    possible = {"staff:1:title", "staff:1:full_time"}
    rules.require_judgeable([Decision("staff:1:full_time", True, "社保由集团统一缴纳")], possible=possible)
    for decisions in ([], [Decision("staff:2:title", False, "查无此证")], [Decision("staff:1:title", False, " ")]):
        with pytest.raises(rules.NothingToJudge):
            rules.require_judgeable(decisions, possible=possible)


def test_a_title_is_accepted_as_something() -> None:
    point = "staff:1:title"
    rules.require_judgeable([Decision(point, False, "不是职称")], possible={point})
    rules.require_judgeable([Decision(point, True, "证书载明", TitleLevel.DEPUTY_SENIOR)], possible={point})
    with pytest.raises(rules.LevelMissing, match="级别"):
        rules.require_judgeable([Decision(point, True, "证书载明")], possible={point})


def test_a_refusal_tells_the_remedies_and_their_terms() -> None:
    told = "".join(rules.remedies(law.jurisdiction(), on=date(2026, 11, 20)))
    assert "60 日内" in told
    assert "6 个月内" in told
    assert "行政复议" in told
    assert "行政诉讼" in told
