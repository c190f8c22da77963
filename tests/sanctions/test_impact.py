"""What rests on a barred agency's results: the tasks, whom they go to, who is told, and what annulling does."""

from datetime import date, timedelta
from itertools import count

import pytest
from sqlalchemy import select

from accounts.models import User
from agency.models import Agency, LedgerImport, NonAdoption, Spelling
from applicants.models import Applicant, Kind
from core import clock
from core.db import db, transaction
from evaluations import steps
from evaluations.models import Adoption, ListEntry, ListImport, Party
from evaluations.rules.states import Action, Consent, Level, State
from notices.models import Notice
from sanctions import impact
from sanctions.models import ImpactTask, TaskKind, TaskResult
from tests.factories import Make

pytestmark = [pytest.mark.usefixtures("context"), pytest.mark.clause("JL-22-3")]
_numbers = count(1)


def barred(agency: Agency, by: User, first_day: date | None = None, *, entered_days_ago: int = 0) -> int:
    """A period from its row alone: without anybody being told, and without a map."""
    first_day = first_day or clock.today()
    with transaction() as session:
        period = NonAdoption(
            agency_id=agency.id,
            first_day=first_day,
            last_day=first_day.replace(year=first_day.year + 3),
            document=f"测〔2026〕{next(_numbers)}号",
            basis="数据造假",
            entered_at=clock.now() - timedelta(days=entered_days_ago),
            entered_by=by.id,
        )
        session.add(period)
        session.flush()
        return period.id


def listed(applicant: Applicant, agency: str | None, **changed: object) -> int:
    """An entry of a published list."""
    with transaction() as session:
        brought = ListImport(file_name="名单.xlsx", rows=1, new_rows=1, brought_at=clock.now())
        session.add(brought)
        session.flush()
        given: dict[str, object] = {
            "kind": Kind.FACTORY, "level": Level.PROVINCIAL, "year": clock.today().year, "batch": "1",
            "position": next(_numbers), "published": clock.today(), "name": applicant.name, "region": "吉林",
        }  # fmt: skip
        entry = ListEntry(import_id=brought.id, applicant_id=applicant.id, agency=agency, **(given | changed))
        session.add(entry)
        session.flush()
        return entry.id


def tomorrow() -> date:
    """The first day of a period before which what is adopted today was adopted: decisions are never re-dated."""
    return clock.today() + timedelta(days=1)


def spelled(text: str, agency: Agency | None) -> Spelling:
    with transaction() as session:
        ledger = LedgerImport(file_name="台账.xlsx", brought_at=clock.now(), rows=1, known_before=0, remarks="")
        session.add(ledger)
        session.flush()
        row = Spelling(text=text, ledger_id=ledger.id, row=1, agency_id=agency.id if agency else None)
        session.add(row)
        return row


def laid(period_id: int, by: User | None = None) -> int:
    with transaction() as session:
        return impact.lay(session, session.get_one(NonAdoption, period_id), by=by)


def annulled(period_id: int, by: User) -> int:
    with transaction() as session:
        period = session.get_one(NonAdoption, period_id)
        period.annulled_at, period.annulled_by, period.annulled_reason = clock.now(), by.id, "经复核撤销"
        return impact.lift(session, period, by=by)


def tasks() -> list[ImpactTask]:
    db.session.expire_all()
    return list(db.session.scalars(select(ImpactTask).order_by(ImpactTask.id)))


def told(event: str) -> list[tuple[str, str]]:
    rows = select(Notice).where(Notice.event == event).order_by(Notice.id)
    return [(row.audience_kind, row.audience_id) for row in db.session.scalars(rows)]


def test_every_state_of_an_evaluation_becomes_the_task_it_needs(make: Make) -> None:
    by, agency = make.officer("approver"), make.filed_agency()
    made = {state: make.evaluation(state) for state in State}
    period_id = barred(agency, by, tomorrow())
    assert laid(period_id, by) == 5
    found = {task.evaluation_id: task.kind for task in tasks()}
    open_states = (State.REGISTERED, State.IN_PROGRESS, State.REPORT_ISSUED, State.HANDED_OVER)
    assert found == {made[state].id: TaskKind.OPEN_EVALUATION for state in open_states} | {
        made[State.ADOPTED].id: TaskKind.ADOPTED_EVALUATION
    }
    assert sorted(told("impact_open")) == sorted(("applicant", str(made[state].applicant_id)) for state in open_states)
    assert told("impact_recheck") == [("applicant", str(made[State.ADOPTED].applicant_id))]
    assert laid(period_id, by) == 0
    assert len(tasks()) == 5


def test_what_was_adopted_inside_with_a_reason_was_decided_in_knowledge_of_it(make: Make) -> None:
    adopted, by = make.evaluation(State.ADOPTED), make.officer("approver")
    today = clock.today()
    with transaction() as session:
        session.add(
            Adoption(
                evaluation_id=adopted.id, level=adopted.level, adopted=True, on=today, reason="", by="",
                in_spite_of="复算无误",
            )
        )  # fmt: skip
    assert laid(barred(make.filed_agency(), by), by) == 0
    assert laid(barred(make.filed_agency(), by, tomorrow()), by) == 1


def test_the_bureau_looks_at_municipal_ones_and_the_province_at_the_others(make: Make) -> None:
    by = make.officer("approver")
    municipal, national = make.evaluation(), make.evaluation(level=Level.NATIONAL)
    laid(barred(make.filed_agency(), by), by)
    assert {task.evaluation_id: task.bureau for task in tasks()} == {municipal.id: municipal.bureau, national.id: None}
    assert sorted(told("impact_tasks")) == [
        ("bureau", municipal.bureau), ("role", "approver"), ("role", "reviewer"),
    ]  # fmt: skip


def test_a_partner_that_agreed_counts_and_one_that_did_not_answer_does_not(make: Make) -> None:
    by, partner = make.officer("approver"), make.filing().agency
    evaluation = make.joint(make.filed_agency(), partner)
    period_id = barred(partner, by)
    with transaction() as session:
        row = session.scalars(select(Party).where(Party.agency_id == partner.id)).one()
        row.consent = Consent.ASKED
    assert laid(period_id, by) == 0
    with transaction() as session:
        session.scalars(select(Party).where(Party.agency_id == partner.id)).one().consent = Consent.GIVEN
    assert laid(period_id) == 1  # as the night finds it
    assert [task.evaluation_id for task in tasks()] == [evaluation.id]


def test_list_entries_are_found_by_every_spelling_of_the_agency_and_by_adopted_evaluations(make: Make) -> None:
    by, agency = make.officer("approver"), make.filed_agency()
    evaluation = make.evaluation(State.ADOPTED, level=Level.PROVINCIAL)
    applicant = make.applicant()
    spelled("景行评价（旧）", agency)
    part, cell = spelled("景行", agency), spelled("景行、赛宝", None)
    with transaction() as session:
        session.get_one(Spelling, cell.id).parts.append(session.get_one(Spelling, part.id))
    expected = {
        listed(applicant, agency.name), listed(applicant, "景行评价（旧）"), listed(applicant, "景行、赛宝"),
        listed(evaluation.applicant, None),
    }  # fmt: skip
    listed(applicant, None)  # nothing says that it is the agency's
    listed(evaluation.applicant, "另一家评价中心")
    listed(applicant, agency.name, removed_on=clock.today())
    listed(applicant, agency.name, level=Level.NATIONAL, region="辽宁")  # looked after there
    laid(barred(agency, by, tomorrow()), by)
    entries = [task for task in tasks() if task.kind is TaskKind.LIST_ENTRY]
    assert {task.list_entry_id for task in entries} == expected
    told_of = told("impact_recheck")
    assert sorted(told_of) == sorted({("applicant", str(task.applicant_id)) for task in tasks()})


def test_a_spelling_that_an_officer_joined_to_another_body_is_not_the_agencys(make: Make) -> None:
    by, agency, other = make.officer("approver"), make.filed_agency(), make.agency()
    spelled(agency.name, other)
    listed(make.applicant(), agency.name)
    assert laid(barred(agency, by), by) == 0
    assert laid(barred(other, by), by) == 1


def test_annulling_voids_what_is_open_and_keeps_what_was_done(make: Make) -> None:
    by = make.officer("approver")
    first, second = make.evaluation(), make.evaluation()
    period_id = barred(make.filed_agency(), by)
    laid(period_id, by)
    with transaction() as session:
        done = session.scalars(select(ImpactTask).where(ImpactTask.evaluation_id == first.id)).one()
        done.done_at, done.done_by, done.result = clock.now(), by.id, TaskResult.NOT_AFFECTED
    assert annulled(period_id, by) == 1
    assert [task.void_at is None for task in tasks()] == [True, False]
    assert told("impact_lifted") == [("applicant", str(second.applicant_id))]


def test_two_periods_share_the_tasks_and_annulling_one_hands_them_to_the_other(make: Make) -> None:
    by, agency = make.officer("approver"), make.filed_agency()
    make.evaluation()
    earlier = barred(agency, by, clock.today() - timedelta(days=100), entered_days_ago=90)
    assert laid(earlier, by) == 1
    later = barred(agency, by)
    assert laid(later, by) == 0  # nobody looks twice
    assert annulled(earlier, by) == 0
    assert [(task.non_adoption_id, task.void_at) for task in tasks()] == [(later, None)]
    assert laid(later) == 0
    assert told("impact_lifted") == []
    assert annulled(later, by) == 1


def test_a_new_finding_asks_anew_for_what_was_looked_at_before_it(make: Make) -> None:
    by, agency = make.officer("approver"), make.filed_agency()
    make.evaluation()
    laid(barred(agency, by, entered_days_ago=30), by)
    with transaction() as session:
        task = session.scalars(select(ImpactTask)).one()
        task.done_at, task.done_by = clock.now() - timedelta(days=20), by.id
        task.result = TaskResult.NOT_AFFECTED
    assert laid(barred(agency, by), by) == 1


def test_what_other_acts_settle_is_done_and_what_runs_again_is_open_again(make: Make) -> None:
    by = make.officer("approver")
    evaluation, applicant = make.evaluation(State.HANDED_OVER), make.applicant()
    entry_id = listed(applicant, make.filed_agency().name)
    period_id = barred(make.filed_agency(), by)
    laid(period_id, by)
    with transaction() as session:
        row = steps.begin(session, evaluation.id, shown=evaluation.version)
        row.withdrawn_from = row.state
        steps.take(session, row, Action.WITHDRAW, by=by, name="测试")
        session.get_one(ListEntry, entry_id).removed_on = clock.today()
    assert followed(period_id) == 2
    results = {task.kind: task.result for task in tasks()}
    assert results == {
        TaskKind.OPEN_EVALUATION: TaskResult.WITHDRAWN, TaskKind.LIST_ENTRY: TaskResult.REMOVAL_PROPOSED,
    }  # fmt: skip
    assert followed(period_id) == 0
    with transaction() as session:
        row = steps.begin(session, evaluation.id, shown=evaluation.version + 1)
        steps.take(session, row, Action.RESTORE, by=by, name="测试")
    assert followed(period_id) == 1
    assert {task.done_at for task in tasks() if task.kind is TaskKind.OPEN_EVALUATION} == {None}


def followed(period_id: int) -> int:
    with transaction() as session:
        return impact.follow(session, session.get_one(NonAdoption, period_id))


def test_what_was_adopted_before_a_decision_was_known_is_looked_at_again(make: Make) -> None:
    by, adopted = make.officer("approver"), make.evaluation(State.ADOPTED)
    laid(barred(make.filed_agency(), by, clock.today() - timedelta(days=10)), by)  # its receipt came ten days later
    assert [(task.evaluation_id, task.kind) for task in tasks()] == [(adopted.id, TaskKind.ADOPTED_EVALUATION)]
