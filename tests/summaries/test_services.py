"""An agency writes its summary, hands it in to the second, and mends what is returned."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.exc import DatabaseError

from agency.models import Agency, Flag, FlagKind
from agency.recheck import open_flag
from core import clock
from core.audit import AuditEntry
from core.db import db, transaction
from core.documents import DocumentRefused
from core.errors import DomainError, Refusals
from evaluations.rules.states import State as EvaluationState
from notices.models import Notice
from summaries import lateness, opening, rules
from summaries.entries import DraftEntry, Receipt, Upload
from summaries.figures import Stated
from summaries.models import Summary, SummaryFigure, SummaryStep, SummaryVersion
from summaries.queries import years
from summaries.rules import Texts
from summaries.services import drafting, handing_in, reading
from summaries.states import Duty, State
from tests.factories import Make
from tests.factories.agencies import TINY_PDF
from tests.factories.summaries import TEXTS

NOVEMBER = datetime(2026, 11, 20, 2, tzinfo=UTC)
IN_TIME = datetime(2026, 12, 15, 15, 59, 59, 999999, tzinfo=UTC)
LATE = datetime(2026, 12, 15, 16, tzinfo=UTC)
FILE = Upload(TINY_PDF, "总结附件.pdf")


def begun_in(make: Make, agency: Agency, day: date, state: str = "registered") -> None:
    make.evaluation(state, agency=agency, begun_on=day)


def events(about: str = "summary") -> list[tuple[str, str]]:
    rows = select(Notice.event, Notice.audience_kind).where(Notice.about_kind == about).order_by(Notice.id)
    return [(event, kind) for event, kind in db.session.execute(rows)]


def actions() -> list[str]:
    wanted = select(AuditEntry.action).where(AuditEntry.object_kind == "summary").order_by(AuditEntry.number)
    return list(db.session.scalars(wanted))


def row_of(agency: Agency, year: int = 2026) -> Summary:
    db.session.expire_all()
    return db.session.scalars(select(Summary).where(Summary.agency_id == agency.id, Summary.year == year)).one()


def hand_in(make: Make, agency: Agency, at: datetime, *, version: int | None = None) -> Receipt:
    shown = row_of(agency).version if version is None else version
    with clock.frozen(at):
        return handing_in.hand_in(agency.id, 2026, version=shown, by=make.user_of(agency))


# ── the instant ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.clause("JL-22-1c")
@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(("at", "late"), [(IN_TIME, 0), (LATE, 1)])
@pytest.mark.every_zone
def test_the_first_hand_in_decides_and_stays_when_it_is_amended(make: Make, at: datetime, late: int) -> None:
    agency = make.filed_agency()
    begun_in(make, agency, date(2026, 6, 1))
    make.summary(agency=agency)
    receipt = hand_in(make, agency, at)
    assert (receipt.at, receipt.first_at, receipt.days_late) == (at, at, late)
    make._decide(agency.id, 2026, State.RETURNED, make.officer("reviewer"))
    again = hand_in(make, agency, datetime(2027, 1, 20, tzinfo=UTC))
    assert (again.number, again.first_at, again.days_late) == (receipt.number, at, late)
    row = row_of(agency)
    assert (row.days_late, row.is_late, row.first_handed_in_at) == (late, late > 0, at)
    assert row.handed_in_at == datetime(2027, 1, 20, tzinfo=UTC)


@pytest.mark.usefixtures("context")
@pytest.mark.every_zone
def test_an_agency_that_began_in_december_is_in_time_until_the_end_of_january(make: Make) -> None:
    agency = make.filed_agency()
    begun_in(make, agency, date(2026, 12, 1))
    with clock.frozen(LATE):
        version = drafting.save(agency.id, 2026, DraftEntry(TEXTS), version=0, by=make.user_of(agency))
    receipt = hand_in(make, agency, datetime(2027, 1, 31, 15, 59, 59, 999999, tzinfo=UTC), version=version)
    assert receipt.days_late == 0
    assert (row_of(agency).duty, row_of(agency).due_on) == (Duty.OWED_LATER, date(2027, 1, 31))


@pytest.mark.usefixtures("context")
def test_what_is_owed_is_settled_again_at_the_hand_in(make: Make) -> None:
    agency = make.filed_agency()
    make.summary(agency=agency)
    assert row_of(agency).duty is Duty.INVITED
    begun_in(make, agency, date(2026, 12, 10))
    hand_in(make, agency, LATE)
    assert (row_of(agency).duty, row_of(agency).days_late) == (Duty.OWED_LATER, 0)


@pytest.mark.usefixtures("context")
def test_receipts_are_numbered_without_gaps(make: Make) -> None:
    first, second = make.filed_agency(), make.filing().agency
    make.summary("handed_in", agency=first)
    with pytest.raises(rules.NotPossibleNow):
        hand_in(make, first, NOVEMBER)
    make.summary("handed_in", agency=second)
    assert [row_of(each).number for each in (first, second)] == ["总〔2026〕0001", "总〔2026〕0002"]


# ── writing ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.usefixtures("context")
def test_a_draft_is_saved_incomplete_and_only_what_is_new_is_written(make: Make) -> None:
    agency, user = make.filed_agency(), make.user_of(make.filed_agency())
    entry = DraftEntry(Texts(account="先写一半"))
    with clock.frozen(NOVEMBER):
        first = drafting.save(agency.id, 2026, entry, version=0, by=user)
        assert drafting.save(agency.id, 2026, entry, version=first, by=user) == first
        with pytest.raises(Refusals):
            handing_in.hand_in(agency.id, 2026, version=first, by=user)
    assert actions() == ["summary.saved"]
    assert (row_of(agency).state, row_of(agency).account, row_of(agency).number) == (State.DRAFT, "先写一半", None)


@pytest.mark.usefixtures("context")
def test_nobody_overwrites_what_they_did_not_see(make: Make) -> None:
    agency, user = make.filed_agency(), make.user_of(make.filed_agency())
    with clock.frozen(NOVEMBER):
        drafting.save(agency.id, 2026, DraftEntry(Texts(account="甲")), version=0, by=user)
        for shown in (0, -1, 1, 99):
            with pytest.raises(rules.NotPossibleNow):
                drafting.save(agency.id, 2026, DraftEntry(Texts(account="乙")), version=shown, by=user)
    assert row_of(agency).account == "甲"


@pytest.mark.usefixtures("context")
def test_a_page_shown_before_the_year_was_opened_for_all_can_still_be_saved(make: Make) -> None:
    agency, user = make.filed_agency(), make.user_of(make.filed_agency())
    with clock.frozen(NOVEMBER):
        with transaction() as session:
            opening.open_for_all(session, years.dates_of(session, 2026))
        assert drafting.save(agency.id, 2026, DraftEntry(TEXTS), version=0, by=user) == 2


@pytest.mark.usefixtures("context")
@pytest.mark.every_zone
def test_a_year_is_written_in_from_the_first_second_of_its_opening_day(make: Make) -> None:
    agency, user = make.filed_agency(), make.user_of(make.filed_agency())
    with (
        clock.frozen(datetime(2026, 10, 31, 15, 59, 59, 999999, tzinfo=UTC)),
        pytest.raises(rules.NotOpen, match="2026-11-01"),
    ):
        drafting.save(agency.id, 2026, DraftEntry(TEXTS), version=0, by=user)
    with clock.frozen(datetime(2026, 10, 31, 16, tzinfo=UTC)):
        drafting.save(agency.id, 2026, DraftEntry(TEXTS), version=0, by=user)


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize("year", [2023, 2025, 2027])
def test_neither_next_year_nor_one_that_was_never_opened_is_written_in(make: Make, year: int) -> None:
    agency, user = make.filed_agency(), make.user_of(make.filed_agency())
    with clock.frozen(NOVEMBER), pytest.raises(rules.NotOpen):
        drafting.save(agency.id, year, DraftEntry(TEXTS), version=0, by=user)


@pytest.mark.usefixtures("context")
def test_a_late_one_is_still_taken_the_year_after(make: Make) -> None:
    agency = make.filed_agency()
    begun_in(make, agency, date(2026, 6, 1))
    make.summary(agency=agency)
    assert hand_in(make, agency, datetime(2027, 6, 1, tzinfo=UTC)).days_late == 168


# ── figures ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.clause("JL-22-1c")
@pytest.mark.usefixtures("context")
def test_what_differs_from_the_register_needs_a_reason_and_keeps_both(make: Make) -> None:
    agency, user = make.filed_agency(), make.user_of(make.filed_agency())
    begun_in(make, agency, date(2026, 6, 1), "report_issued")
    with clock.frozen(NOVEMBER):
        version = drafting.save(agency.id, 2026, DraftEntry(TEXTS, {"advice": Stated(2)}), version=0, by=user)
        with pytest.raises(rules.NotReady) as refused:
            handing_in.hand_in(agency.id, 2026, version=version, by=user)
        assert refused.value.field == "advice_reason"
        stated = {"advice": Stated(2, "两条建议写在报告中")}
        version = drafting.save(agency.id, 2026, DraftEntry(TEXTS, stated), version=version, by=user)
        handing_in.hand_in(agency.id, 2026, version=version, by=user)
    kept = {row.key: row for row in row_of(agency).figures}
    assert (kept["advice"].known, kept["advice"].stated, kept["advice"].reason) == (0, 2, "两条建议写在报告中")
    assert (kept["reports"].known, kept["reports"].stated, kept["score_mean"].stated) == (1, 1, 862)


@pytest.mark.usefixtures("context")
def test_until_the_hand_in_untouched_figures_follow_the_register_also_after_a_return(make: Make) -> None:
    agency = make.filed_agency()
    begun_in(make, agency, date(2026, 6, 1))
    make.summary("returned", agency=agency)
    begun_in(make, agency, date(2026, 7, 1))
    hand_in(make, agency, NOVEMBER)
    kept = {row.key: row.stated for row in row_of(agency).figures}
    assert (kept["evaluations"], kept["kind_factory"], kept["level_municipal"]) == (2, 2, 2)


@pytest.mark.usefixtures("context")
def test_no_figure_below_zero_is_saved_and_strange_ones_are_left_out(make: Make) -> None:
    agency, user = make.filed_agency(), make.user_of(make.filed_agency())
    with clock.frozen(NOVEMBER):
        with pytest.raises(DomainError, match="不能小于 0"):
            drafting.save(agency.id, 2026, DraftEntry(TEXTS, {"advice": Stated(-1, "误")}), version=0, by=user)
        forged = {"places": Stated(0, "改"), "days_late": Stated(0, "改")}
        drafting.save(agency.id, 2026, DraftEntry(TEXTS, forged), version=0, by=user)
    assert row_of(agency).figures == []


@pytest.mark.usefixtures("context")
def test_the_database_holds_that_no_figure_is_below_zero(make: Make) -> None:
    make.summary("handed_in")
    with pytest.raises(DatabaseError), transaction() as session:
        session.execute(update(SummaryFigure).values(stated=-1))


# ── versions, history, log, notices ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.usefixtures("context")
def test_each_hand_in_is_kept_whole_with_its_step_its_entry_and_its_notices(make: Make) -> None:
    agency = make.filed_agency()
    summary = make.summary("returned", agency=agency)
    hand_in(make, agency, NOVEMBER)
    row = row_of(agency)
    assert [(each.number, each.content["account"]) for each in row.versions] == [(1, TEXTS.account), (2, TEXTS.account)]
    assert {figure["key"] for figure in row.versions[1].content["figures"]} >= {"evaluations", "advice", "places"}
    assert [(step.before, step.after) for step in row.steps] == [
        ("draft", "handed_in"), ("handed_in", "returned"), ("returned", "handed_in"),
    ]  # fmt: skip
    assert actions() == ["summary.saved", "summary.hand_in", "summary.return", "summary.hand_in"]
    assert events() == [
        ("summary_handed_in", "role"), ("summary_received", "agency"),
        ("summary_handed_in_again", "role"), ("summary_received", "agency"),
    ]  # fmt: skip
    told = db.session.scalars(select(Notice.text).where(Notice.event == "summary_received")).first()
    assert told == "2026 年度工作总结 已收到，回执 总〔2026〕0001，首次上报时间 2026-11-20 10:00:00"
    assert summary.number == row.number


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize("kept", [SummaryVersion, SummaryStep])
@pytest.mark.parametrize("verb", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_what_was_handed_in_cannot_be_changed_or_deleted(make: Make, kept: type, verb: str) -> None:
    make.summary("handed_in")
    with pytest.raises(DatabaseError), transaction() as session:
        session.execute(text(verb.format(kept.__tablename__)))  # type: ignore[attr-defined]


@pytest.mark.usefixtures("context")
def test_a_second_click_hands_in_once(make: Make) -> None:
    agency, user = make.filed_agency(), make.user_of(make.filed_agency())
    shown = make.summary(agency=agency).version
    with clock.frozen(NOVEMBER):
        handing_in.hand_in(agency.id, 2026, version=shown, by=user)
        with pytest.raises(rules.NotPossibleNow):
            handing_in.hand_in(agency.id, 2026, version=shown, by=user)
    assert len(row_of(agency).versions) == 1


@pytest.mark.usefixtures("context")
def test_what_is_handed_in_is_not_written_in_until_it_is_returned(make: Make) -> None:
    agency, user = make.filed_agency(), make.user_of(make.filed_agency())
    for state in ("handed_in", "accepted"):
        year = 2026 if state == "handed_in" else 2025
        row = make.summary(state, agency=agency, year=year)
        at = NOVEMBER.replace(year=year)
        with clock.frozen(at):
            for act in (
                lambda: drafting.save(agency.id, year, DraftEntry(Texts(account="改")), version=row.version, by=user),  # noqa: B023
                lambda: drafting.attach(agency.id, year, FILE, version=row.version, by=user),  # noqa: B023
            ):
                with pytest.raises(rules.NotPossibleNow):
                    act()


# ── nil ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.clause("JL-22-1c")
@pytest.mark.usefixtures("context")
def test_who_did_not_evaluate_hands_in_a_nil_one_and_it_is_never_late(make: Make) -> None:
    agency = make.filed_agency()
    make.summary("handed_in", agency=agency, nil=True, at=LATE)
    row = row_of(agency)
    assert (row.nil, row.state, row.days_late, row.duty) == (True, State.HANDED_IN, 0, Duty.INVITED)


@pytest.mark.clause("JL-22-1c")
@pytest.mark.usefixtures("context")
def test_who_evaluated_cannot(make: Make) -> None:
    agency = make.filed_agency()
    begun_in(make, agency, date(2026, 12, 14))
    with pytest.raises(rules.NotNil):
        make.summary("handed_in", agency=agency, nil=True, at=IN_TIME)


@pytest.mark.usefixtures("context")
def test_who_is_not_filed_is_not_asked_for_one(make: Make) -> None:
    with pytest.raises(rules.NotAsked):
        make.summary("handed_in", agency=make.qualified_agency(), nil=True)


# ── files and supplements ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.usefixtures("context")
def test_files_are_judged_by_their_content_and_removed_ones_stay_with_the_version_that_had_them(make: Make) -> None:
    agency, user = make.filed_agency(), make.user_of(make.filed_agency())
    version = make.summary(agency=agency).version
    with clock.frozen(NOVEMBER):
        with pytest.raises(DocumentRefused) as refused:
            drafting.attach(agency.id, 2026, Upload(b"PK\x03\x04", "总结.pdf"), version=version, by=user)
        assert refused.value.field == "file"
        kept = drafting.attach(agency.id, 2026, FILE, version=version, by=user)
        handing_in.hand_in(agency.id, 2026, version=version + 1, by=user)
    make._decide(agency.id, 2026, State.RETURNED, make.officer("reviewer"))
    with clock.frozen(NOVEMBER):
        drafting.detach(agency.id, 2026, kept, version=row_of(agency).version, by=user)
        with pytest.raises(rules.NotPossibleNow):
            drafting.detach(agency.id, 2026, kept, version=row_of(agency).version, by=user)
    row = row_of(agency)
    assert (len(row.attachments), len(row.versions[0].content["files"])) == (0, 1)


@pytest.mark.clause("JL-22-1c")
@pytest.mark.usefixtures("context")
def test_what_was_done_after_the_hand_in_is_told_until_the_end_of_january(make: Make) -> None:
    agency, user = make.filed_agency(), make.user_of(make.filed_agency())
    shown = make.summary("accepted", agency=agency).version
    begun_in(make, agency, date(2026, 12, 20))
    with clock.frozen(datetime(2027, 1, 31, 15, 59, 59, 999999, tzinfo=UTC)):
        assert handing_in.supplement(agency.id, 2026, "十二月新开展一项", FILE, version=shown, by=user) == 1
    row = row_of(agency)
    assert (row.state, row.supplements[0].text) == (State.ACCEPTED, "十二月新开展一项")
    assert (row.supplements[0].known["evaluations"], row.supplements[0].file is not None) == (1, True)
    with clock.frozen(datetime(2027, 1, 31, 16, tzinfo=UTC)), pytest.raises(rules.NoSupplement):
        handing_in.supplement(agency.id, 2026, "又一项", None, version=row.version, by=user)


# ── the mark beside the filing ────────────────────────────────────────────────────────────────────────────────────────


def mark(agency: Agency, day: date) -> bool:
    with clock.frozen(clock.start_of(day)), transaction() as session:
        dates = years.dates_of(session, 2026)
        row = opening.summary_row(session, agency.id, dates)
        opening.settle_duties(session, dates, [agency.id])
        return lateness.mark_late(session, row, today=day)


@pytest.mark.clause("JL-22-1c")
@pytest.mark.usefixtures("context")
@pytest.mark.every_zone
def test_what_is_owed_and_has_not_come_is_marked_on_the_sixteenth_and_once(make: Make) -> None:
    agency = make.filed_agency()
    begun_in(make, agency, date(2026, 6, 1))
    assert [mark(agency, date(2026, 12, day)) for day in (15, 16, 17)] == [False, True, False]
    flag = open_flag(db.session(), agency.id, FlagKind.LATE_SUMMARY)
    assert flag is not None
    assert (flag.since, flag.facts) == (date(2026, 12, 16), "2026 年度工作总结逾期未上报")
    assert ("summary_late", "agency") in events()


@pytest.mark.usefixtures("context")
def test_handing_it_in_clears_the_mark_and_the_summary_stays_late(make: Make) -> None:
    agency = make.filed_agency()
    begun_in(make, agency, date(2026, 6, 1))
    mark(agency, date(2026, 12, 16))
    make.summary(agency=agency, at=datetime(2026, 12, 18, tzinfo=UTC))
    hand_in(make, agency, datetime(2026, 12, 18, 2, tzinfo=UTC))
    row, flag = row_of(agency), db.session.scalars(select(Flag).where(Flag.kind == FlagKind.LATE_SUMMARY)).one()
    assert (row.is_late, row.days_late, row.marked_late_on) == (True, 3, date(2026, 12, 16))
    assert (flag.cleared_on is not None, flag.reason) == (True, "2026 年度工作总结已补报")


@pytest.mark.usefixtures("context")
@pytest.mark.every_zone
def test_what_was_received_before_midnight_was_never_late_though_the_marking_came_first(make: Make) -> None:
    agency = make.filed_agency()
    begun_in(make, agency, date(2026, 6, 1))
    make.summary(agency=agency)
    mark(agency, date(2026, 12, 16))
    hand_in(make, agency, IN_TIME)
    assert not row_of(agency).is_late
    assert open_flag(db.session(), agency.id, FlagKind.LATE_SUMMARY) is None


@pytest.mark.usefixtures("context")
def test_the_mark_goes_only_when_every_years_summary_is_there(make: Make) -> None:
    agency = make.filed_agency()
    begun_in(make, agency, date(2026, 6, 1))
    mark(agency, date(2026, 12, 16))
    with clock.frozen(datetime(2027, 12, 20, tzinfo=UTC)), transaction() as session:
        row = opening.summary_row(session, agency.id, years.dates_of(session, 2027))
        assert lateness.mark_late(session, row, today=date(2027, 12, 20))
    make.summary("handed_in", agency=agency, at=datetime(2027, 12, 21, tzinfo=UTC))
    flag = open_flag(db.session(), agency.id, FlagKind.LATE_SUMMARY)
    assert flag is not None
    assert flag.facts == "2027 年度工作总结逾期未上报"


@pytest.mark.usefixtures("context")
def test_neither_who_is_invited_nor_who_has_until_january_is_marked_in_december(make: Make) -> None:
    agency = make.filed_agency()
    assert not mark(agency, date(2026, 12, 16))
    begun_in(make, agency, date(2026, 12, 5))
    assert not mark(agency, date(2027, 1, 31))
    assert mark(agency, date(2027, 2, 1))


# ── opening ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.usefixtures("context")
def test_opening_makes_a_row_for_everybody_once(make: Make, app: Flask) -> None:
    filed, ended, stranger = make.filed_agency(), make.filing().agency, make.qualified_agency()
    begun_in(make, ended, date(2026, 3, 1), EvaluationState.IN_PROGRESS)
    with transaction() as session:
        session.get_one(Agency, ended.id).filing_status = "cancelled"  # type: ignore[assignment]
    with clock.frozen(NOVEMBER):
        with transaction() as session:
            assert opening.open_for_all(session, years.dates_of(session, 2026)) == 2
        with transaction() as session:
            assert opening.open_for_all(session, years.dates_of(session, 2026)) == 0
    duties = {row.agency_id: (row.duty, row.due_on) for row in db.session.scalars(select(Summary))}
    assert duties == {
        filed.id: (Duty.INVITED, date(2026, 12, 15)),
        ended.id: (Duty.OWED, date(2026, 12, 15)),
    }
    assert stranger.id not in duties


@pytest.mark.usefixtures("context")
def test_everything_that_is_wrong_is_told_at_once(make: Make) -> None:
    agency, user = make.filed_agency(), make.user_of(make.filed_agency())
    begun_in(make, agency, date(2026, 6, 1))
    entry = DraftEntry(Texts(account="有"), {"evaluations": Stated(4), "advice": Stated(1)})
    with clock.frozen(NOVEMBER):
        version = drafting.save(agency.id, 2026, entry, version=0, by=user)
        with pytest.raises(Refusals) as refused:
            handing_in.hand_in(agency.id, 2026, version=version, by=user)
    told = {each.field for each in refused.value.refusals}
    assert told == {"problems", "plan", "evaluations_reason", "advice_reason", "evaluations"}


@pytest.mark.usefixtures("context")
def test_as_many_points_as_the_form_takes_are_kept(make: Make) -> None:
    agency, points = make.filed_agency(), ["请补充" * 100] * 13
    make.summary("handed_in", agency=agency)
    row = row_of(agency)
    reading.return_(row.id, points, version=row.version, by=make.officer("reviewer"))
    assert row_of(agency).return_reason == "\n".join(points)
    assert len(row_of(agency).return_reason) <= 4000
