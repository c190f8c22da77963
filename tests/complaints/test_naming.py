"""Saying whom a complaint concerns whose reporter named somebody unknown: who may, until when, and what it leaves."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from accounts.models import User
from complaints.models import Complaint, Target
from complaints.queries.officers import PartyIds
from complaints.rules import handling
from complaints.rules.course import NotPossibleNow
from complaints.services import naming
from core import clock
from core.audit import AuditEntry
from core.db import db
from supervision.entries import InquiryEntry, PointEntry
from supervision.models import Case, CaseState, Misconduct, Result
from supervision.queries import verification
from supervision.rules.verifying import NotPossibleNow as CaseMovedOn
from supervision.rules.verifying import require_nameable
from supervision.services import asking, concluding
from tests.factories import Make

pytestmark = pytest.mark.clause("JL-24-2")
SignIn = Callable[[User], FlaskClient]
FILED = "长白绿评有限公司"


@pytest.fixture
def handler(make: Make) -> User:
    return make.officer("reviewer")


def name(app: Flask, make: Make, complaint: Complaint, party: PartyIds, by: User) -> Complaint:
    with app.app_context():
        naming.name_party(complaint.id, party, version=make.complaint_now(complaint).version, by=by)
    return make.complaint_now(complaint)


def case_of(complaint: Complaint) -> Case:
    return db.session.get_one(Case, complaint.case_id, populate_existing=True)


def test_what_is_named_before_acceptance_goes_into_the_case(app: Flask, make: Make, handler: User) -> None:
    agency = make.agency()
    complaint = make.complaint_in_hand(handler)
    assert (complaint.target, complaint.agency_id) == (Target.UNKNOWN, None)
    named = name(app, make, complaint, PartyIds(agency.id, None), handler)
    assert (named.target, named.agency_id, named.target_name) == (Target.AGENCY, agency.id, complaint.target_name)
    assert not named.steps[-1].is_shown  # whom the desk looks into the reporter doesn't read
    assert named.steps[-1].text == agency.name


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize("listed", [False, True])
def test_who_is_named_in_the_case_can_be_asked_and_is_put_right_until_then(
    app: Flask, make: Make, handler: User, listed: bool
) -> None:
    first, unit = make.agency(), make.applicant()
    second = PartyIds(None, unit.id) if listed else PartyIds(make.agency().id, None)
    complaint = make.accepted_complaint(handler)
    name(app, make, complaint, PartyIds(first.id, None), handler)
    named = name(app, make, complaint, second, handler)
    assert (named.agency_id, named.applicant_id) == (second.agency_id, second.applicant_id)
    case = case_of(named)
    assert (case.agency_id, case.applicant_id) == (second.agency_id, second.applicant_id)
    assert [note.text.partition("：")[0] for note in case.notes] == ["案件涉及的单位"] * 2
    logged = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "case.party_named")).all()
    assert [(entry.after, entry.reason) for entry in logged] == [(None, None)] * 2  # whom, the log doesn't say
    (party,) = verification.parties_of(case)
    entry = InquiryEntry(party.key, "请说明年度能耗数据的来源。", clock.today() + timedelta(days=5))
    asking.send(case.id, entry, version=case.version, by=handler)
    db.session.remove()
    with pytest.raises(CaseMovedOn):
        name(app, make, complaint, PartyIds(first.id, None), handler)
    assert make.complaint_now(complaint).agency_id == second.agency_id


@pytest.mark.usefixtures("context")
def test_what_was_established_is_taken_back_before_another_is_named(app: Flask, make: Make, handler: User) -> None:
    complaint = make.accepted_complaint(handler, agency=make.agency())
    case = case_of(complaint)
    (party,) = verification.parties_of(case)
    point = PointEntry(party.key, Misconduct.INACCURATE, Result.SUBSTANTIATED, "JL-22-1a", "数据不实", "材料 1")
    concluding.add_point(case.id, point, version=case.version, by=handler)
    db.session.remove()
    with pytest.raises(CaseMovedOn, match="删去结论"):
        name(app, make, complaint, PartyIds(make.agency().id, None), handler)


@pytest.mark.usefixtures("context")
def test_who_stands_aside_for_a_party_does_not_name_it(app: Flask, make: Make, handler: User) -> None:
    agency = make.agency()
    make.recusal(handler, agency)
    complaint = make.accepted_complaint(handler)
    with pytest.raises(handling.Involved):
        name(app, make, complaint, PartyIds(agency.id, None), handler)
    with pytest.raises(handling.NoSuchParty):
        name(app, make, complaint, PartyIds(agency.id + 1000, None), handler)
    named = name(app, make, complaint, PartyIds(make.agency().id, None), handler)
    with pytest.raises(handling.NamedAlready):
        name(app, make, complaint, PartyIds(named.agency_id, None), handler)
    with pytest.raises(NotPossibleNow):  # the same form once more
        naming.name_party(complaint.id, PartyIds(agency.id, None), version=complaint.version, by=handler)
    for state in (CaseState.CONCLUDED, CaseState.CLOSED):
        with pytest.raises(CaseMovedOn):
            require_nameable(state, was_asked=False, has_points=False)


def test_the_way_from_the_case_by_search_and_choice(make: Make, handler: User, sign_in: SignIn) -> None:
    agency = make.agency(name=FILED)
    complaint = make.accepted_complaint(handler)
    case = f"/desk/supervision/cases/{complaint.case_id}"
    way, url = f"/desk/complaints/cases/{complaint.case_id}/party", f"/desk/complaints/{complaint.id}/party"
    desk = sign_in(handler)
    assert "还没有写明涉及谁" in desk.get(case).text
    assert way in desk.get(case).text
    assert desk.get(way).location == url
    assert complaint.target_name in desk.get(url).text
    form = {"version": complaint.version, "q": "长白绿评"}
    found = desk.post(url, data=form | {"find": "1"})
    assert found.status_code == 200
    assert f'value="agency:{agency.id}"' in found.text
    assert desk.post(url, data=form).status_code == 422  # nobody chosen
    assert desk.post(url, data=form | {"party": f"agency:{agency.id + 1}"}).status_code == 422  # not among the found
    assert desk.post(url, data=form | {"party": f"agency:{agency.id}"}).location == f"/desk/complaints/{complaint.id}"
    assert desk.post(url, data=form | {"party": f"agency:{agency.id}"}).status_code == 409
    page = desk.get(case).text
    assert "还没有写明涉及谁" not in page
    assert "更正涉及的单位" in page
    other = sign_in(make.officer("approver"))
    assert [other.get(each).status_code for each in (way, url)] == [403, 403]
    assert FILED not in other.get("/desk/complaints").text
