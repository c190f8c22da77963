"""What the register knows of an agency's year: what counts, what doesn't, alike for one agency and for all."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime

import pytest

from agency.models import Agency, OutsideProjects, Training
from core import clock, law
from core.db import db, transaction
from core.uploads import StoredFile
from evaluations import steps
from evaluations.models import Advice, Evaluation, Party, Report
from evaluations.rules.states import Action, AdviceKind, Conclusion, Consent, Level, State
from summaries import rules
from summaries.figures import Known, Scores, label_of, shown_value
from summaries.queries.figures import duties, known, known_of, year_of
from summaries.states import Duty
from supervision import casework
from supervision.models import Case, CaseKind, CaseOutcome
from supervision.services import handling
from tests.factories import Make

D2026 = rules.dates_of(2026, law.jurisdiction())


def year(agency: Agency, of: int = 2026) -> Known:
    db.session.rollback()
    return known_of(db.session(), agency.id, of)


@pytest.mark.usefixtures("context")
def test_an_agency_without_anything_has_noughts(make: Make) -> None:
    found = year(make.filed_agency())
    assert (found.total, found.reports, found.scores, found.places) == (0, 0, None, 0)
    assert found.values()["score_mean"] is None


@pytest.mark.usefixtures("context")
def test_evaluations_by_kind_level_city_and_state(make: Make) -> None:
    agency = make.filed_agency()
    make.evaluation("adopted", agency=agency, begun_on=date(2026, 3, 1))
    make.evaluation("registered", agency=agency, begun_on=date(2026, 4, 1), level=Level.NATIONAL)
    make.evaluation("report_issued", agency=agency, begun_on=date(2026, 5, 1), level=Level.PROVINCIAL)
    found = year(agency)
    values = found.values()
    assert (values["evaluations"], values["kind_factory"], values["kind_park"]) == (3, 3, 0)
    assert (values["level_national"], values["level_provincial"], values["level_municipal"]) == (1, 1, 1)
    assert sum(found.by_bureau().values()) == 3
    assert {state.value: count for state, count in found.by_state().items()} == {
        "registered": 1, "report_issued": 1, "adopted": 1,
    }  # fmt: skip
    assert (found.places, found.over_cap, found.reports, found.begun) == (1, 0, 2, 3)


@pytest.mark.usefixtures("context")
def test_withdrawn_before_on_site_work_does_not_count_and_self_evaluations_neither(make: Make) -> None:
    agency = make.filed_agency()
    make.evaluation("withdrawn", agency=agency, begun_on=date(2026, 3, 1))
    make.self_evaluation()
    assert year(agency).total == 0
    assert duties(db.session(), D2026, [agency.id]) == {agency.id: Duty.INVITED}


@pytest.mark.usefixtures("context")
def test_a_joint_one_counts_for_each(make: Make) -> None:
    agency, partner = make.filed_agency(), make.filing().agency
    evaluation = make.evaluation("in_progress", agency=agency, begun_on=date(2026, 3, 1))
    with transaction() as session:
        session.add(Party(evaluation_id=evaluation.id, agency_id=partner.id, leads=False))
    assert (year(agency).total, year(partner).total) == (1, 1)
    assert duties(db.session(), D2026) == {agency.id: Duty.OWED, partner.id: Duty.OWED}


@pytest.mark.clause("JL-22-1c")
@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(("consent", "duty"), [
    (Consent.ASKED, Duty.INVITED), (Consent.REFUSED, Duty.INVITED), (Consent.GIVEN, Duty.OWED),
    (Consent.NOT_ASKED, Duty.OWED),
])  # fmt: skip
def test_who_was_only_named_as_a_partner_owes_nothing_until_it_says_that_it_is_one(
    make: Make, consent: Consent, duty: Duty
) -> None:
    agency, partner = make.filed_agency(), make.filing().agency
    evaluation = make.evaluation("in_progress", agency=agency, begun_on=date(2026, 3, 1))
    with transaction() as session:
        session.add(Party(evaluation_id=evaluation.id, agency_id=partner.id, leads=False, consent=consent))
    assert duties(db.session(), D2026, [agency.id, partner.id]) == {agency.id: Duty.OWED, partner.id: duty}
    assert (year(agency).total, year(partner).total) == (1, int(duty is Duty.OWED))
    with transaction() as session:  # it had agreed, and is asked anew because the level was raised
        steps.note(
            session, session.get_one(Evaluation, evaluation.id), Action.AGREE, before=State.IN_PROGRESS,
            by=make.user_of(partner), name=partner.name,
        )  # fmt: skip
    assert duties(db.session(), D2026, [partner.id]) == {partner.id: Duty.OWED}


@pytest.mark.usefixtures("context")
def test_a_year_begins_and_ends_in_shanghai(make: Make) -> None:
    agency, officer = make.filed_agency(), make.officer("reviewer")
    for at in ("2025-12-31T15:59:59Z", "2025-12-31T16:00:00Z", "2026-12-31T15:59:59Z", "2026-12-31T16:00:00Z"):
        case = make.case(agency=agency, by=officer)
        with clock.frozen(datetime.fromisoformat(at)):
            handling.close(case.id, CaseOutcome.TALKED_OVER, reason="已约谈", version=case.version, by=officer)
    counts = [year(agency, of).cases.get(CaseOutcome.TALKED_OVER, 0) for of in (2025, 2026, 2027)]
    assert counts == [1, 2, 1]


@pytest.mark.usefixtures("context")
def test_open_cases_are_not_told(make: Make) -> None:
    agency = make.filed_agency()
    make.case(agency=agency)
    assert year(agency).cases == {}


@pytest.mark.usefixtures("context")
def test_of_a_case_that_a_complaint_opened_an_agency_reads_only_when_it_was_asked(make: Make) -> None:
    agency, officer = make.filed_agency(), make.officer("reviewer")
    unheard, heard = (make.case(CaseKind.COMPLAINT, agency=agency, by=officer) for _ in range(2))
    make.inquiry(heard, by=officer)
    for case in (unheard, heard):
        with transaction() as session:
            row = session.get_one(Case, case.id)
            casework.close(session, row, CaseOutcome.NO_MEASURE, reason="不属实", by=officer)
    assert year(agency, clock.today().year).cases == {CaseOutcome.NO_MEASURE: 1}


@pytest.mark.usefixtures("context")
def test_a_corrected_report_is_one_report_and_its_last_score_of_the_year_counts(make: Make) -> None:
    agency = make.filed_agency()
    first = make.evaluation("report_issued", agency=agency, begun_on=date(2026, 3, 1))
    make.evaluation("report_issued", agency=agency, begun_on=date(2026, 4, 1))
    with transaction() as session:
        _correct(session.get_one(Evaluation, first.id), date(2026, 6, 1), 901)
        _correct(session.get_one(Evaluation, first.id), date(2027, 1, 1), 500)
    found = year(agency)
    assert (found.reports, found.corrections, found.scores) == (2, 1, Scores(2, 1763, 862, 901))
    assert shown_value("score_mean", found.values()["score_mean"]) == "88.2"
    later = year(agency, 2027)
    assert (later.total, later.reports, later.corrections) == (1, 0, 1)
    assert later.scores == Scores(1, 500, 500, 500)


def _correct(evaluation: Evaluation, day: date, score: int) -> None:
    file = db.session.get_one(StoredFile, evaluation.reports[-1].file_id)
    evaluation.reports.append(
        Report(
            version=len(evaluation.reports) + 1, number="R", issued_on=day, file=file, score=score,
            conclusion=Conclusion.CONFORMS, reason="更正", entered_at=clock.now(),
        )
    )  # fmt: skip
    db.session.flush()


@pytest.mark.usefixtures("context")
def test_advice_people_trainings_and_other_provinces_are_of_their_year(make: Make) -> None:
    agency = make.filed_agency()
    evaluation = make.evaluation("report_issued", agency=agency, begun_on=date(2025, 12, 31))
    with transaction() as session:
        row = session.get_one(Agency, agency.id)
        for member in row.staff:
            member.joined_on = member.left_on = None
        row.staff[0].joined_on, row.staff[1].joined_on = date(2026, 1, 1), date(2025, 12, 31)
        row.staff[2].left_on, row.staff[3].left_on = date(2026, 12, 31), date(2027, 1, 1)
        for training in row.trainings:
            training.on = date(2024, 5, 1)
        for day in (date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 31)):
            session.add(Training(agency_id=agency.id, topic="标准", on=day, attendees="全体", hours=4))
            for kind in AdviceKind:
                session.add(Advice(evaluation_id=evaluation.id, kind=kind, on=day, text="建议", entered_at=clock.now()))
        for of, count in ((2025, 4), (2026, 2)):
            session.add(
                OutsideProjects(agency_id=agency.id, year=of, province="辽宁省", capability="factory", count=count)
            )
    found = year(agency)
    assert (found.joined, found.left, found.trainings, found.outside) == (1, 1, 2, 2)
    assert (found.advice, found.follow_ups) == (2, 2)
    assert found.total == 0  # begun and reported the year before


@pytest.mark.usefixtures("context")
def test_one_agency_and_all_of_them_are_counted_alike(make: Make) -> None:
    agencies = [make.filed_agency(), make.filing().agency, make.filing().agency]
    for number, agency in enumerate(agencies[:2]):
        for state in ("registered", "in_progress", "adopted", "withdrawn"):
            make.evaluation(state, agency=agency, begun_on=date(2026, 2 + number, 1))
        make.evaluation("in_progress", agency=agency, begun_on=date(2025, 6, 1))
        make.evaluation("adopted", agency=agency, begun_on=date(2025, 6, 1))
    db.session.rollback()
    with clock.frozen(datetime(2026, 11, 20, tzinfo=UTC)):
        for of in (2025, 2026, 2027):
            dates = rules.dates_of(of, law.jurisdiction())
            together, owed = known(db.session(), of), duties(db.session(), dates)
            for agency in agencies:
                alone, duty = year_of(db.session(), agency.id, dates)
                assert alone == known_of(db.session(), agency.id, of)
                if agency.id in together:
                    assert together[agency.id] == alone
                assert owed.get(agency.id, Duty.INVITED) is duty


@pytest.mark.usefixtures("context")
def test_it_takes_as_many_queries_for_one_agency_as_for_all(
    make: Make, count_queries: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    agencies = [make.filed_agency(), make.filing().agency]
    for agency in agencies:
        make.evaluation("adopted", agency=agency, begun_on=date(2026, 3, 1))
    db.session.rollback()
    with count_queries() as alone:
        known_of(db.session(), agencies[0].id, 2026)
    with count_queries() as together:
        known(db.session(), 2026)
    assert len(alone) == len(together) <= 10


@pytest.mark.usefixtures("context")
def test_every_figure_has_its_word(make: Make) -> None:
    agency = make.filed_agency()
    make.evaluation("adopted", agency=agency, begun_on=date(2026, 3, 1))
    case = make.case(agency=agency)
    handling.close(case.id, CaseOutcome.CORRECTED, reason="已纠正", version=case.version, by=make.officer("reviewer"))
    for key in year(agency).values():
        assert label_of(key) != key
