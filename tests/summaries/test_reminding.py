"""The year by the clock: opened, reminded of, marked late, closed; each once, and what was missed made good."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, event, select, update

from agency.models import Agency, FilingStatus, Flag, FlagKind
from core import clock
from core.db import db, transaction
from evaluations.models import Evaluation
from evaluations.rules.states import State
from notices.models import Notice
from summaries import jobs, stages
from summaries.models import Summary, SummaryReminder, SummaryYear
from summaries.queries.overview import Standing, Wanted
from summaries.rules import NotOpen, NotPossibleNow
from summaries.services import opening, reminding
from summaries.states import Duty
from tests.factories import Make

NOVEMBER = date(2026, 11, 1)


def at(day: date, hour: int = 9) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=clock.SHANGHAI)


def run(job: Callable[[date], str], day: date) -> str:
    with clock.frozen(at(day)):
        return job(day)


def told(agency: Agency | None = None) -> list[str]:
    db.session.expire_all()
    rows = select(Notice.event).where(Notice.event.like("summary_%"), Notice.audience_kind == "agency")
    if agency is not None:
        rows = rows.where(Notice.audience_id == str(agency.id))
    return list(db.session.scalars(rows.order_by(Notice.id)))


def summary_of(agency: Agency, year: int = 2026) -> Summary:
    db.session.expire_all()
    return db.session.scalars(select(Summary).where(Summary.agency_id == agency.id, Summary.year == year)).one()


@pytest.fixture(autouse=True)
def october() -> Iterator[None]:
    """Everything is made before the year opens."""
    with clock.frozen(at(date(2026, 10, 12))):
        yield


@pytest.fixture
def evaluating(make: Make, context: None) -> Agency:
    """An agency that evaluates in 2026."""
    begin(make, date(2026, 3, 2))
    return make.filed_agency()


@pytest.fixture
def idle(make: Make, context: None) -> Agency:
    """A filed agency without an evaluation."""
    return make.agency(filing_status=FilingStatus.FILED)


def begin(make: Make, day: date) -> None:
    """The filed agency registers an evaluation on a day."""
    agency = make.filed_agency()
    with clock.frozen(at(day)):
        make.evaluation("registered", agency=agency, begun_on=day)


@pytest.mark.clause("JL-22-1c")
@pytest.mark.every_zone
def test_a_year_opens_on_its_day_for_who_owes_and_who_is_invited(evaluating: Agency, idle: Agency) -> None:
    assert run(jobs.open_years, date(2026, 10, 31)) == "还没有到开放日。"
    assert told() == []
    run(jobs.open_years, NOVEMBER)
    assert summary_of(evaluating).duty is Duty.OWED
    assert summary_of(idle).duty is Duty.INVITED
    assert (told(evaluating), told(idle)) == (["summary_opened"], ["summary_invited"])
    assert db.session.get_one(SummaryYear, 2026).opened_at is not None


@pytest.mark.clause("JL-22-1c")
def test_opening_again_makes_nothing_twice_and_takes_in_who_was_filed_since(make: Make, evaluating: Agency) -> None:
    run(jobs.open_years, NOVEMBER)
    run(jobs.open_years, NOVEMBER)
    later = make.agency(filing_status=FilingStatus.FILED)
    run(jobs.open_years, date(2026, 11, 20))
    assert (told(evaluating), told(later)) == (["summary_opened"], ["summary_invited"])


@pytest.mark.clause("JL-22-1c")
def test_after_the_last_day_nobody_is_invited_any_more(make: Make, evaluating: Agency) -> None:
    run(jobs.open_years, NOVEMBER)
    later = make.agency(filing_status=FilingStatus.FILED)
    run(jobs.open_years, date(2026, 12, 16))
    assert db.session.scalars(select(Summary).where(Summary.agency_id == later.id)).all() == []


@pytest.mark.clause("JL-22-1c")
def test_who_begins_to_evaluate_owes_a_summary_from_the_next_night_on(make: Make, context: None) -> None:
    agency = make.filed_agency()
    run(jobs.open_years, NOVEMBER)
    begin(make, date(2026, 11, 10))
    assert "应报情况变更 1 家" in run(jobs.open_years, date(2026, 11, 11))
    assert summary_of(agency).duty is Duty.OWED


def days_told(agency: Agency, days: list[date]) -> dict[str, int]:
    for day in days:
        run(jobs.open_years, day)
        run(jobs.remind, day)
    return Counter(told(agency))


@pytest.mark.clause("JL-22-1c")
@pytest.mark.every_zone
def test_an_agency_is_reminded_on_the_days_that_are_set_and_once_on_each(evaluating: Agency, idle: Agency) -> None:
    days = [NOVEMBER + timedelta(days=number) for number in range(60)]
    assert days_told(evaluating, days + days) == {"summary_opened": 1, "summary_due": 5, "summary_due_today": 1}
    assert Counter(told(idle)) == {"summary_invited": 1, "summary_invited_again": 1}
    on = select(SummaryReminder.on).where(SummaryReminder.summary_id == summary_of(evaluating).id)
    on = on.where(SummaryReminder.occasion != stages.OPENED).order_by(SummaryReminder.on)
    assert [f"{day:%m-%d}" for day in db.session.scalars(on)] == ["11-15", "12-01", "12-08", "12-12", "12-14", "12-15"]


@pytest.mark.clause("JL-22-1c")
def test_who_begins_in_december_is_reminded_of_the_end_of_january(make: Make, context: None) -> None:
    agency = make.filed_agency()
    run(jobs.open_years, NOVEMBER)
    begin(make, date(2026, 12, 1))
    days = [date(2026, 12, 2) + timedelta(days=number) for number in range(70)]
    assert days_told(agency, days)["summary_due"] == 5
    assert told(agency).count("summary_due_today") == 1


@pytest.mark.clause("JL-22-1c")
def test_after_days_off_only_the_newest_reminder_is_sent_and_the_others_are_noted(evaluating: Agency) -> None:
    run(jobs.open_years, NOVEMBER)
    run(jobs.remind, date(2026, 11, 15))
    assert "此前未发的 1 次" in run(jobs.remind, date(2026, 12, 9))
    assert told(evaluating) == ["summary_opened", "summary_due", "summary_due"]
    unsent = select(SummaryReminder.occasion).where(~SummaryReminder.sent)
    assert db.session.scalars(unsent).all() == ["due:2026-12-15:14"]
    last = select(Notice.text).where(Notice.event == "summary_due").order_by(Notice.id.desc())
    assert "还有 6 天" in (db.session.scalars(last).first() or "")
    assert "提醒 0 家" in run(jobs.remind, date(2026, 12, 16))


@pytest.mark.clause("JL-22-1c")
def test_who_has_handed_in_is_reminded_no_more(make: Make, evaluating: Agency) -> None:
    run(jobs.open_years, NOVEMBER)
    make.summary("handed_in", agency=evaluating)
    run(jobs.remind, date(2026, 12, 8))
    assert "summary_due" not in told(evaluating)


def test_what_breaks_off_in_the_middle_goes_on_where_it_was(
    make: Make, context: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    agencies = [make.agency(filing_status=FilingStatus.FILED) for _ in range(5)]
    run(jobs.open_years, NOVEMBER)
    with transaction() as session:
        session.execute(update(Summary).values(duty=Duty.OWED))
    monkeypatch.setattr(reminding, "PIECE", 2)
    seen = 0

    def crash(connection: object, cursor: object, statement: str, *rest: object) -> None:
        nonlocal seen
        seen += statement.startswith("INSERT INTO notice ")
        if seen > 1:
            raise RuntimeError("the machine stops")

    event.listen(Engine, "before_cursor_execute", crash)
    try:
        with pytest.raises(RuntimeError):
            run(jobs.remind, date(2026, 11, 15))
    finally:
        event.remove(Engine, "before_cursor_execute", crash)
    db.session.remove()
    assert 0 < told().count("summary_due") < 5
    run(jobs.remind, date(2026, 11, 15))
    assert [told(agency).count("summary_due") for agency in agencies] == [1] * 5


@pytest.mark.clause("JL-22-1c")
@pytest.mark.every_zone
def test_late_from_the_day_after_and_not_on_the_last_one(evaluating: Agency, idle: Agency) -> None:
    run(jobs.open_years, NOVEMBER)
    assert "标记 0 家" in run(jobs.mark_late, date(2026, 12, 15))
    assert "标记 1 家" in run(jobs.mark_late, date(2026, 12, 16))
    assert "标记 0 家" in run(jobs.mark_late, date(2026, 12, 17))
    assert summary_of(evaluating).marked_late_on == date(2026, 12, 16)
    assert told(evaluating).count("summary_late") == 1
    assert told(idle).count("summary_late") == 0
    flags = db.session.scalars(select(Flag.agency_id).where(Flag.kind == FlagKind.LATE_SUMMARY)).all()
    assert flags == [evaluating.id]


@pytest.mark.clause("JL-22-1c")
def test_the_second_day_has_its_own_morning_after(make: Make, context: None) -> None:
    agency = make.filed_agency()
    run(jobs.open_years, NOVEMBER)
    begin(make, date(2026, 12, 1))
    run(jobs.open_years, date(2026, 12, 2))
    assert "标记 0 家" in run(jobs.mark_late, date(2026, 12, 16))
    assert "标记 0 家" in run(jobs.mark_late, date(2027, 1, 31))
    assert "标记 1 家" in run(jobs.mark_late, date(2027, 2, 1))
    assert summary_of(agency).marked_late_on == date(2027, 2, 1)


@pytest.mark.clause("JL-22-1c")
def test_a_mark_does_not_outlive_what_was_owed(make: Make, context: None) -> None:
    agency = make.filed_agency()
    begin(make, date(2026, 3, 2))
    run(jobs.open_years, NOVEMBER)
    run(jobs.mark_late, date(2026, 12, 16))
    with transaction() as session:  # withdrawn before on-site work
        session.execute(update(Evaluation).values(state=State.WITHDRAWN, withdrawn_from=State.REGISTERED))
    run(jobs.open_years, date(2026, 12, 18))
    assert "撤销标记 1 家" in run(jobs.mark_late, date(2026, 12, 18))
    assert "撤销" not in run(jobs.mark_late, date(2026, 12, 19))
    summary = summary_of(agency)
    assert (summary.duty, summary.is_late) == (Duty.INVITED, False)
    flag = db.session.scalars(select(Flag).where(Flag.kind == FlagKind.LATE_SUMMARY)).one()
    assert flag.cleared_on == date(2026, 12, 18)


def test_the_desk_is_told_once_that_supplements_are_closed(evaluating: Agency) -> None:
    run(jobs.open_years, NOVEMBER)
    assert run(jobs.close_supplements, date(2027, 1, 31)) == "没有到截止日的年度。"
    assert "2026" in run(jobs.close_supplements, date(2027, 2, 1))
    assert run(jobs.close_supplements, date(2027, 2, 2)) == "没有到截止日的年度。"
    to = db.session.scalars(select(Notice.audience_id).where(Notice.event == "summary_year_closed")).all()
    assert sorted(to) == ["approver", "reviewer"]


def test_the_desk_reminds_once_a_day_however_often_it_is_pressed(make: Make, evaluating: Agency, idle: Agency) -> None:
    officer = make.officer("reviewer")
    run(jobs.open_years, NOVEMBER)
    with clock.frozen(at(date(2026, 11, 20))):
        first = reminding.by_desk(2026, Wanted(duty=Duty.OWED), None, by=officer)
        again = reminding.by_desk(2026, Wanted(), None, by=officer)
        third = reminding.by_desk(2026, Wanted(), None, by=officer)
    assert [(each.told, each.already) for each in (first, again, third)] == [(1, 0), (1, 1), (0, 2)]
    with clock.frozen(at(date(2026, 11, 21))):
        assert reminding.by_desk(2026, Wanted(standing=Standing.MISSING), None, by=officer).told == 2
    assert (told(evaluating).count("summary_reminded"), told(idle).count("summary_reminded")) == (2, 2)


def test_who_was_returned_is_reminded_in_other_words(make: Make, evaluating: Agency) -> None:
    officer = make.officer("reviewer")
    summary = make.summary("returned", agency=evaluating)
    with clock.frozen(at(date(2026, 11, 25))):
        assert reminding.by_desk(2026, Wanted(), [summary.id], by=officer).told == 1
    assert told(evaluating)[-1] == "summary_reminded_returned"


def test_a_ticked_one_that_the_filter_does_not_find_is_not_reminded(make: Make, evaluating: Agency) -> None:
    officer = make.officer("reviewer")
    run(jobs.open_years, NOVEMBER)
    with clock.frozen(at(date(2026, 11, 20))):
        wanted = Wanted(bureau="tonghua")
        assert reminding.by_desk(2026, wanted, [summary_of(evaluating).id], by=officer).told == 0


def test_an_officer_opens_a_year_before_its_day_and_only_once(make: Make, evaluating: Agency) -> None:
    officer = make.officer("approver")
    with clock.frozen(at(date(2026, 10, 12))):
        done = opening.open_now(2026, version=1, by=officer)
        assert (done.made, done.told) == (1, 1)
        row = db.session.get_one(SummaryYear, 2026)
        assert row.opens_on == date(2026, 10, 12)
        with pytest.raises(NotPossibleNow):
            opening.open_now(2026, version=1, by=officer)


@pytest.mark.parametrize("day", [date(2026, 9, 30), date(2026, 12, 16), date(2025, 12, 31)])
def test_a_year_opens_neither_in_the_past_nor_after_its_last_day(make: Make, context: None, day: date) -> None:
    officer = make.officer("reviewer")
    with clock.frozen(at(date(2026, 10, 1))), pytest.raises(Exception, match="开放日") as refusal:
        opening.set_opening(2026, day, version=1, by=officer)
    assert getattr(refusal.value, "field", None) == "opens_on"


def test_the_day_that_the_desk_sets_is_the_day_it_opens(make: Make, evaluating: Agency) -> None:
    officer = make.officer("reviewer")
    with clock.frozen(at(date(2026, 10, 1))):
        opening.set_opening(2026, date(2026, 11, 9), version=1, by=officer)
        with pytest.raises(NotOpen):
            opening.open_due(2026, on=date(2026, 11, 8))
    assert run(jobs.open_years, date(2026, 11, 8)) == "还没有到开放日。"
    run(jobs.open_years, date(2026, 11, 9))
    assert told(evaluating) == ["summary_opened"]


def test_opening_takes_a_few_statements_however_many_agencies(
    make: Make, app: Flask, context: None, count_queries: Callable[[], Any]
) -> None:
    def cost() -> int:
        with count_queries() as queries:
            run(jobs.open_years, NOVEMBER)
        return len(queries)

    make.agency(filing_status=FilingStatus.FILED)
    few = cost()
    for _ in range(4):
        make.agency(filing_status=FilingStatus.FILED)
    assert cost() <= few
