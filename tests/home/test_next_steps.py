"""The one thing an agency does next."""

from datetime import date

import pytest

from agency.models import FilingStatus
from core.law import Finding, Verdict
from filing.rules import State
from home.next_steps import NextStep, Standing, next_step

MET = Finding("JL-20-1", Verdict.MET, "")
OPEN = Finding("JL-20-5", Verdict.NEEDS_JUDGEMENT, "")
UNMET = Finding("JL-20-3", Verdict.NOT_MET, "")
DUE = Finding("JL-20-2", Verdict.MET, "", still_due=("租赁合同", "财务管理制度"))
SINCE, UNTIL = date(2026, 11, 2), date(2026, 12, 31)


def step(status=FilingStatus.NONE, filing=None, findings=(MET,), *, refused=False, **rest):
    return next_step(Standing(status=status, filing=filing, refused=refused, findings=findings, **rest))


@pytest.mark.parametrize(
    ("findings", "title", "endpoint"),
    [
        ((), "填报机构情况", "agency.particulars"),
        ((MET, UNMET, DUE), "补齐条件", "agency.particulars"),
        ((MET, DUE), "上传材料", "agency.materials"),
        ((MET, OPEN), "开始备案", "filing.show"),
    ],
)
@pytest.mark.parametrize("status", [FilingStatus.NONE, FilingStatus.CANCELLED])
def test_before_filing_it_is_led_from_the_conditions_to_the_materials_to_the_filing(status, findings, title, endpoint):
    found = step(status, findings=findings)
    assert (found.title, found.endpoint) == (title, endpoint)


def test_a_draft_that_is_ready_is_to_be_handed_in():
    assert step(filing=State.DRAFT).title == "提交备案"
    assert step(filing=State.DRAFT, findings=(UNMET,)).title == "补齐条件"


def test_it_says_how_many_conditions_and_materials_are_missing():
    assert "1 条不符合" in step(findings=(MET, UNMET)).text
    assert "2 份材料" in step(findings=(DUE,)).text


@pytest.mark.parametrize("state", [State.SUBMITTED, State.UNDER_REVIEW, State.REVIEWED])
def test_while_the_desk_has_it_there_is_nothing_but_to_wait(state):
    assert step(FilingStatus.PENDING, state, findings=(UNMET,)).tone == "wait"


def test_what_was_returned_comes_before_everything():
    found = step(FilingStatus.FILED, State.RETURNED, unmet_since=SINCE)
    assert (found.title, found.tone) == ("退回补正", "due")


def test_a_mark_on_the_filing_in_force_comes_with_its_term():
    found = step(FilingStatus.FILED, unmet_since=SINCE, mend_by=UNTIL)
    assert found.tone == "stop"
    assert str(SINCE) in found.text
    assert f"{UNTIL} 前补正" in found.text
    assert "由省厅确定" in step(FilingStatus.FILED, unmet_since=SINCE).text


def test_once_mended_the_department_confirms():
    assert step(FilingStatus.FILED, unmet_since=SINCE, mended=True).tone == "wait"


def test_after_a_refusal_a_new_filing_may_be_begun():
    found = step(refused=True)
    assert "可以重新备案" in found.text
    assert found.endpoint == "filing.show"


def test_with_a_filing_in_force_and_nothing_open_there_is_nothing_to_do():
    assert step(FilingStatus.FILED).title == "没有待办"
    assert step(FilingStatus.FILED, State.DRAFT).title == "提交备案"


def test_a_filed_agency_is_led_to_its_evaluations_unless_its_filing_wants_something_first():
    filed = FilingStatus.FILED
    assert step(filed, evaluations=2).title == "有 2 项评价等您办理"
    assert step(filed).title == "没有待办"
    assert step(filed, evaluations=2, unmet_since=SINCE).title == "条件不符"
    assert step(filed, State.RETURNED, evaluations=2).title == "退回补正"


YEARLY = NextStep("2026 年度工作总结：还有 5 天", "", "summary.edit", "去填写", "due", {"year": 2026})


def test_a_summary_that_presses_comes_before_the_work_and_after_what_stops_the_filing():
    pressing = {"summary": YEARLY, "summary_presses": True, "summary_owed": True, "evaluations": 3}
    assert step(FilingStatus.FILED, **pressing) == YEARLY
    assert step(FilingStatus.FILED, unmet_since=SINCE, **pressing).title == "条件不符"


def test_one_that_is_owed_later_waits_for_the_work_and_one_that_is_not_owed_is_no_step():
    owed = {"summary": YEARLY, "summary_owed": True}
    assert step(FilingStatus.FILED, evaluations=3, **owed).title == "有 3 项评价等您办理"
    assert step(FilingStatus.FILED, **owed) == YEARLY
    assert step(FilingStatus.FILED, summary=YEARLY).title == "没有待办"
