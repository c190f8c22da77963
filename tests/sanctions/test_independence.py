"""Who counts as having investigated or proposed: not only who was assigned (reading 16)."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, update

from accounts.models import User
from core import clock
from core.db import db, transaction
from sanctions import steps
from sanctions.entries import Party, ProposalEntry
from sanctions.models import Measure, Proceeding
from sanctions.rules import course
from sanctions.services import proposing
from supervision import casework
from supervision.entries import PointEntry
from supervision.models import Case, CaseKind, Conclusion, Misconduct, Result
from supervision.services import concluding, handling
from tests.factories import Make

SignIn = Callable[[User], FlaskClient]
PLAIN = ProposalEntry(Measure.CIRCULAR, "报告所列用电量与账单不符", "供电公司账单")


def _noted(make: Make, case: Case, who: User) -> None:
    handling.add_note(case.id, "到现场看过台账", version=make.version(case), by=who)


def _removed_point(make: Make, case: Case, who: User) -> None:
    entry = PointEntry("", Misconduct.FALSIFIED, Result.UNVERIFIABLE, "JL-22-3", "待查", "账单", ())
    concluding.add_point(case.id, entry, version=make.version(case), by=who)
    with transaction() as session:
        session.execute(delete(Conclusion).where(Conclusion.by_id == who.id))


@pytest.mark.usefixtures("context")
@pytest.mark.clause("JL-22-3")
@pytest.mark.parametrize("act", [_noted, _removed_point])
def test_who_wrote_in_the_case_decides_nothing_of_it(make: Make, act: Callable[[Make, Case, User], None]) -> None:
    officer, approver = make.officer("reviewer"), make.officer("approver")
    agency = make.agency()
    case = make.case(CaseKind.PROCEDURE, agency=agency, by=officer)
    act(make, case, approver)
    with transaction() as session:
        row = Proceeding(
            number="告〔2026〕1", case_id=case.id, measure=Measure.CIRCULAR, intended=Measure.CIRCULAR,
            agency_id=agency.id, clause="JL-24-3", facts="", evidence="", files=[], evaluation_ids=[],
            proposed_at=clock.now(), proposed_by=officer.id,
        )  # fmt: skip
        session.add(row)
    part = steps.part_in(db.session(), db.session.get_one(Proceeding, row.id))
    assert course.part_of(part, approver.id)
    assert not course.part_of(part, make.officer("approver").id)


@pytest.mark.usefixtures("context")
@pytest.mark.clause("JL-22-3")
def test_who_opened_the_case_or_changed_the_proposal_decides_nothing_of_it(make: Make) -> None:
    officer, opener, editor = make.officer("reviewer"), make.officer("approver"), make.officer("approver")
    agency = make.agency()
    case = make.concluded_case(agency=agency, by=opener, officers=[officer])
    with transaction() as session:
        held = session.get_one(Case, case.id)
        held.concluded_by = officer.id
        session.execute(update(Conclusion).values(by_id=officer.id))
    row_id = proposing.propose(case.id, Party(agency_id=agency.id), PLAIN, by=officer)
    proposing.edit(row_id, PLAIN, version=1, by=editor)
    part = steps.part_in(db.session(), db.session.get_one(Proceeding, row_id))
    assert [bool(course.part_of(part, who.id)) for who in (officer, opener, editor)] == [True, True, True]


def test_a_proposal_out_of_a_complaint_is_changed_by_its_officers_alone(
    app: Flask, make: Make, sign_in: SignIn
) -> None:
    officer, other = make.officer("reviewer"), make.officer("reviewer")
    case = make.concluded_case(CaseKind.COMPLAINT, agency=make.agency(), by=officer)
    with app.app_context():
        row_id = proposing.propose(case.id, Party(agency_id=case.agency_id), PLAIN, by=officer)
    for act in ("edit", "withdraw"):
        at = f"/desk/sanctions/{row_id}/{act}"
        assert sign_in(other).get(at).status_code == 403
        assert sign_in(officer).get(at).status_code == 200
        assert f'href="{at}"' not in sign_in(other).get(f"/desk/sanctions/{row_id}").text


@pytest.mark.usefixtures("context")
def test_who_is_taken_off_a_case_stays_one_who_handled_it(make: Make) -> None:
    officer, approver = make.officer("reviewer"), make.officer("approver")
    row = make.proceeding("answered", by=officer)
    with transaction() as session:
        case = session.get_one(Case, row.case_id)
        casework.assign(session, case, [approver.id], by=officer)
        casework.unassign(session, case, approver.id, by=officer)
    assert course.part_of(steps.part_in(db.session(), row), approver.id)
