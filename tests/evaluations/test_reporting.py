"""Reports: none without a review, none of tomorrow, no number twice; corrections are new versions."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.models import User
from agency.models import StaffMember
from core import clock
from core.db import db
from core.errors import DomainError, Refusals
from evaluations.entries import ReportEntry, ReviewEntry, Upload, VisitEntry
from evaluations.models import Evaluation
from evaluations.rules import reporting as numbers
from evaluations.rules.course import NotPossibleNow
from evaluations.rules.states import Action, Conclusion, State
from evaluations.services import handing_over, reporting, working
from notices.models import Notice
from tests.factories import Make
from tests.factories.agencies import TINY_PDF
from tests.filing.test_races import at_once, refusals

FILE = Upload(TINY_PDF, "评价报告.pdf")


def ago(days: int) -> date:
    return clock.today() - timedelta(days=days)


def entry(**changed: Any) -> ReportEntry:
    return replace(ReportEntry("绿评（2026）07", ago(5), 862, Conclusion.CONFORMS), **changed)


def user(make: Make) -> User:
    return make.user_of(make.filed_agency())


def reviewed(make: Make) -> Evaluation:
    """Under way since thirty days, on site on the first of them, reviewed ten days ago."""
    evaluation = make.evaluation(State.IN_PROGRESS, begun_on=ago(30))
    with make.app.app_context():
        staff = select(StaffMember.person_id).where(StaffMember.agency_id == make.filed_agency().id)
        person = db.session.scalars(staff.order_by(StaffMember.id.desc())).first()
        review = ReviewEntry(person, "", ago(10), "无意见")
        working.review(evaluation.id, review, version=evaluation.version, by=user(make))
    return make.evaluation_now(evaluation.id)


def issue(make: Make, evaluation: Evaluation, file: Upload = FILE, **changed: Any) -> None:
    with make.app.app_context():
        reporting.issue(evaluation.id, entry(**changed), file, version=evaluation.version, by=user(make))


def correct(make: Make, evaluation: Evaluation, file: Upload = FILE, **changed: Any) -> None:
    with make.app.app_context():
        reporting.correct(evaluation.id, entry(**changed), file, version=evaluation.version, by=user(make))


def fields(error: DomainError) -> set[str | None]:
    return {each.field for each in (error.refusals if isinstance(error, Refusals) else (error,))}


@pytest.mark.clause("JL-22-1a")
def test_a_report_is_issued_with_its_number_its_score_and_its_file(make: Make) -> None:
    evaluation = reviewed(make)
    issue(make, evaluation)
    now = make.evaluation_now(evaluation.id)
    report = now.reports[0]
    assert (now.state, now.steps[-1].action) == (State.REPORT_ISSUED, Action.ISSUE)
    assert (report.version, report.number, report.score) == (1, "绿评（2026）07", 862)
    assert (report.file.pages, report.file.name) == (1, "评价报告.pdf")
    with make.app.app_context():
        told = select(Notice.audience_kind).where(Notice.event == "evaluation_report_issued")
        assert list(db.session.scalars(told)) == ["applicant"]


@pytest.mark.clause("JL-22-1a")
@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"issued_on": ago(-1)}, "issued_on"),
        ({"issued_on": ago(31)}, "issued_on"),
        ({"issued_on": ago(11)}, "issued_on"),
        ({"score": 1001}, "score"),
        ({"score": -1}, "score"),
        ({"number": "　"}, "number"),
        ({"file": Upload(b"<html>", "report.pdf")}, "report"),
        ({"file": Upload(TINY_PDF[:80], "report.pdf")}, "report"),
    ],
)
def test_what_is_unsound_is_refused_at_its_field(make: Make, changed: dict[str, Any], field: str) -> None:
    evaluation = reviewed(make)
    with pytest.raises(DomainError) as caught:
        issue(make, evaluation, **changed)
    assert fields(caught.value) == {field}
    now = make.evaluation_now(evaluation.id)
    assert (now.state, now.version, now.reports) == (State.IN_PROGRESS, evaluation.version, [])


def test_everything_unsound_is_told_at_once(make: Make) -> None:
    evaluation = reviewed(make)
    with pytest.raises(Refusals) as caught:
        issue(make, evaluation, Upload(b"x", "x.pdf"), score=5000, issued_on=ago(-1), number="")
    assert fields(caught.value) == {"report", "score", "issued_on", "number"}


@pytest.mark.clause("JL-22-1a")
def test_no_report_without_a_review_nor_before_its_last_visit_is_reviewed(make: Make) -> None:
    unreviewed = make.evaluation(State.IN_PROGRESS, begun_on=ago(30))
    with pytest.raises(DomainError, match="复核"):
        issue(make, unreviewed)
    evaluation = reviewed(make)
    visit = VisitEntry(ago(7), "二号车间", "高职员01", "补充核查")
    with make.app.app_context():
        working.visit(evaluation.id, visit, version=evaluation.version, by=user(make))
    with pytest.raises(DomainError, match="再作复核"):
        issue(make, make.evaluation_now(evaluation.id))


def test_a_second_click_issues_nothing(make: Make) -> None:
    evaluation = reviewed(make)
    issue(make, evaluation)
    with pytest.raises(NotPossibleNow):
        issue(make, evaluation)
    with pytest.raises(NotPossibleNow):
        issue(make, make.evaluation_now(evaluation.id))
    assert len(make.evaluation_now(evaluation.id).reports) == 1


@pytest.mark.clause("JL-22-1a")
def test_a_number_is_one_report_of_an_agency_however_it_is_written(make: Make) -> None:
    first, second = reviewed(make), reviewed(make)
    issue(make, first)
    with pytest.raises(numbers.NumberTaken) as caught:
        issue(make, second, number="绿评(2026) 07")
    assert caught.value.field == "number"
    issue(make, second, number="绿评（2026）08")
    with pytest.raises(numbers.NumberTaken):
        correct(make, make.evaluation_now(first.id), number="绿评（2026）08", reason="编号写错")


def test_of_two_reports_with_one_number_at_once_one_is_issued(app: Flask, make: Make) -> None:
    evaluations, agent = [reviewed(make) for _ in range(3)], user(make)
    results = at_once(
        app,
        *(
            lambda each=each: reporting.issue(each.id, entry(), FILE, version=each.version, by=agent)
            for each in evaluations
        ),
    )
    assert refusals(results) == ["NumberTaken", "NumberTaken"]
    states = [make.evaluation_now(each.id).state for each in evaluations]
    assert states.count(State.REPORT_ISSUED) == 1


@pytest.mark.clause("JL-22-1a")
def test_a_correction_is_a_new_version_and_one_handed_over_comes_back(make: Make) -> None:
    evaluation = reviewed(make)
    issue(make, evaluation)
    for state in (State.REPORT_ISSUED, State.HANDED_OVER):
        now = make.evaluation_now(evaluation.id)
        if state is State.HANDED_OVER:
            with make.app.app_context():
                handing_over.hand_over(now.id, version=now.version, by=user(make))
            now = make.evaluation_now(now.id)
        assert now.state is state
        correct(make, now, score=850, reason="能耗数据更正", issued_on=ago(4))
    now = make.evaluation_now(evaluation.id)
    assert (now.state, now.handed_over_on) == (State.REPORT_ISSUED, None)
    assert [(each.version, each.score) for each in now.reports] == [(1, 862), (2, 850), (3, 850)]
    with make.app.app_context():
        told = select(Notice.audience_kind).where(Notice.event == "evaluation_report_corrected")
        assert sorted(db.session.scalars(told)) == ["applicant", "applicant", "bureau"]


def test_a_correction_says_why_and_is_not_older_than_what_it_corrects(make: Make) -> None:
    evaluation = reviewed(make)
    issue(make, evaluation)
    now = make.evaluation_now(evaluation.id)
    with pytest.raises(Refusals) as caught:
        correct(make, now, issued_on=ago(6), reason=" ")
    assert fields(caught.value) == {"issued_on", "reason"}
    adopted = make.evaluation(State.ADOPTED, begun_on=ago(30))
    with pytest.raises(NotPossibleNow):
        correct(make, adopted, reason="更正", number="绿评（2026）99")
