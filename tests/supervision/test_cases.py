"""Cases: what is written into them, how they end, who sees them."""

from collections.abc import Callable
from io import BytesIO

import openpyxl
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from accounts.models import User
from core import clock
from core.audit import AuditEntry
from core.db import db, transaction
from notices.models import Notice
from supervision import casework
from supervision.models import Case, CaseKind, CaseOutcome, CaseState
from supervision.rules.outcomes import DIRECT
from tests.factories import Make

SignIn = Callable[[User], FlaskClient]
CASES = "/desk/supervision/cases"


def now(app: Flask, case: Case) -> Case:
    with app.app_context():
        row = db.session.get_one(Case, case.id)
        db.session.expunge_all()
        return row


def test_cases_are_numbered_through_the_year_and_the_desk_is_told(app: Flask, make: Make) -> None:
    first, second = make.case(), make.case(CaseKind.OVER_CAP)
    year = clock.today().year
    assert [first.number, second.number] == [f"案〔{year}〕0001", f"案〔{year}〕0002"]
    with app.app_context():
        told = set(db.session.scalars(select(Notice.audience_id).where(Notice.event == "case_opened")))
    assert told == {"reviewer", "approver"}


def test_a_note_is_written_and_stays(app: Flask, make: Make, sign_in: SignIn) -> None:
    case, desk = make.case(agency=make.agency()), sign_in(make.officer("reviewer"))
    url = f"{CASES}/{case.id}"
    assert desk.post(f"{url}/notes", data={"version": 1, "text": "已电话约谈负责人"}).location == url
    assert "已电话约谈负责人" in desk.get(url).text
    again = desk.post(f"{url}/notes", data={"version": 1, "text": "又一次"})
    assert again.status_code == 409
    assert "又一次" in again.text  # what was typed stays
    assert now(app, case).version == 2


def test_an_empty_note_is_refused(make: Make, sign_in: SignIn) -> None:
    case = make.case()
    answer = sign_in(make.officer("approver")).post(f"{CASES}/{case.id}/notes", data={"version": 1, "text": " "})
    assert answer.status_code == 422
    assert "请写明做了什么" in answer.text


def test_closing_keeps_outcome_and_reason_and_is_final(app: Flask, make: Make, sign_in: SignIn) -> None:
    case, desk = make.case(agency=make.agency()), sign_in(make.officer("approver"))
    url = f"{CASES}/{case.id}"
    form = {"version": 1, "outcome": "talked_over", "reason": "已约谈，机构书面说明。"}
    assert desk.post(f"{url}/close", data=form).location == url
    row = now(app, case)
    assert (row.state, row.outcome, row.outcome_reason) == (
        CaseState.CLOSED, CaseOutcome.TALKED_OVER, "已约谈，机构书面说明。",
    )  # fmt: skip
    page = desk.get(url).text
    assert "办结：已约谈" in page
    assert "记录办理情况" not in page
    assert desk.post(f"{url}/close", data=form | {"version": 2}).status_code == 409
    assert desk.post(f"{url}/notes", data={"version": 2, "text": "补记"}).status_code == 409
    with app.app_context():
        assert db.session.scalar(select(AuditEntry.reason).where(AuditEntry.action == "case.closed"))
        assert "case_closed" in set(db.session.scalars(select(Notice.event).where(Notice.audience_kind == "agency")))


def test_no_outcome_is_a_measure_against_the_agency(make: Make, sign_in: SignIn) -> None:
    case = make.case(agency=make.agency())
    page = sign_in(make.officer("approver")).get(f"{CASES}/{case.id}/close").text
    assert {outcome for outcome in CaseOutcome if f'value="{outcome.value}"' in page} == set(DIRECT)
    assert "不产生不予采信的后果" in page


def test_the_list_is_filtered_and_exported_as_filtered(make: Make, sign_in: SignIn) -> None:
    one, other = make.agency(), make.agency()
    first, second = make.case(agency=one), make.case(CaseKind.OVER_CAP, agency=other)
    desk = sign_in(make.officer("reviewer"))
    for asked, there, gone in (
        ({"kind": "unfiled"}, first, second),
        ({"q": other.name}, second, first),
        ({"q": other.name, "state": "open"}, second, first),
    ):
        page = desk.get(CASES, query_string=asked).text
        assert there.number in page
        assert gone.number not in page
        book = openpyxl.load_workbook(BytesIO(desk.get(f"{CASES}/export.xlsx", query_string=asked).data))
        assert [row[0].value for row in book.active.iter_rows(min_row=2)] == [there.number]
    assert "没有符合条件的案件" in desk.get(f"{CASES}?state=closed").text


def test_the_export_names_the_listed_unit_that_a_case_is_about(make: Make, sign_in: SignIn) -> None:
    unit = make.applicant()
    make.case(CaseKind.INSPECTION, applicant=unit)
    book = openpyxl.load_workbook(BytesIO(sign_in(make.officer("reviewer")).get(f"{CASES}/export.xlsx").data))
    assert unit.name in {cell.value for cell in book.active[2]}


def test_the_list_goes_on_by_key_with_as_many_queries_for_many_as_for_few(
    make: Make, sign_in: SignIn, count_queries: Callable[[], object]
) -> None:
    agency, desk = make.agency(), sign_in(make.officer("reviewer"))
    make.case(agency=agency)
    with count_queries() as few:  # type: ignore[attr-defined]
        desk.get(CASES)
    for _ in range(22):
        make.case(agency=agency)
    with count_queries() as many:  # type: ignore[attr-defined]
        page = desk.get(CASES).text
    assert len(many) == len(few)
    assert "后一页" in page


def test_agencies_units_and_admins_see_no_case_and_a_bureau_none_of_the_province_or_of_another(
    make: Make, sign_in: SignIn
) -> None:
    agency = make.agency()
    case, theirs = make.case(agency=agency), make.case(agency=agency, bureau="jilin")
    for user in (make.user_of(agency), make.user_of_applicant(make.applicant()), make.officer("admin")):
        client = sign_in(user)
        assert client.get(f"{CASES}/{case.id}").status_code == 404
        assert client.get(CASES).status_code == 403
        assert client.get(f"{CASES}/export.xlsx").status_code == 403
    bureau = sign_in(make.officer("municipal", bureau="changchun"))
    for number in (case, theirs):
        assert bureau.get(f"{CASES}/{number.id}").status_code == 403
        assert number.number not in bureau.get(CASES).text


def test_a_bureau_handles_its_own_cases(app: Flask, make: Make, sign_in: SignIn) -> None:
    case, officer = make.case(agency=make.agency(), bureau="jilin"), make.officer("municipal", bureau="jilin")
    desk, url = sign_in(officer), f"{CASES}/{case.id}"
    assert case.number in desk.get(CASES).text
    assert case.number in desk.get("/desk").text
    assert desk.post(f"{url}/notes", data={"version": 1, "text": "已去现场"}).location == url
    with app.app_context():
        told = db.session.execute(select(Notice.audience_kind, Notice.audience_id).where(Notice.event == "case_opened"))
        assert [tuple(row) for row in told] == [("bureau", "jilin")]


FACTS = "协议日没有有效的备案"


def test_a_case_that_a_complaint_opened_is_shown_to_its_officers_alone(app: Flask, make: Make, sign_in: SignIn) -> None:
    handler, agency = make.officer("reviewer"), make.agency()
    case = make.case(CaseKind.COMPLAINT, agency=agency, by=handler)
    url = f"{CASES}/{case.id}"
    assert FACTS in sign_in(handler).get(url).text
    for other in (make.officer("approver"), make.officer("reviewer"), make.officer("municipal", bureau="jilin")):
        client = sign_in(other)
        assert client.get(url).status_code == 403
        assert client.post(f"{url}/notes", data={"version": 1, "text": "看看"}).status_code == 403
        for page in (client.get(CASES), client.get("/desk"), client.get("/notices")):
            assert agency.name not in page.text
            assert url not in page.text
        assert case.number not in client.get(CASES, query_string={"q": agency.name}).text
    with app.app_context():
        refused = select(AuditEntry.actor, AuditEntry.object_label, AuditEntry.reason)
        looks = db.session.execute(refused.where(AuditEntry.action == "case.refused_look")).all()
        assert len(looks) == 6
        assert {(look.object_label, look.reason) for look in looks} == {(f"{case.number}（实名举报）", None)}
        told = db.session.execute(select(Notice.event, Notice.audience_id)).all()
        assert [tuple(row) for row in told] == [("case_assigned", str(handler.id))]


def test_of_a_case_that_a_complaint_opened_lists_and_exports_say_only_that_it_is_there(
    make: Make, sign_in: SignIn
) -> None:
    handler, agency = make.officer("reviewer"), make.agency()
    case = make.case(CaseKind.COMPLAINT, agency=agency, by=handler)
    desk = sign_in(make.officer("approver"))
    page = desk.get(CASES).text
    assert case.number in page
    assert "仅承办人可见" in page
    for client, asked in ((desk, {}), (sign_in(handler), {"q": agency.name})):
        book = openpyxl.load_workbook(BytesIO(client.get(f"{CASES}/export.xlsx", query_string=asked).data))
        (row,) = ([cell.value for cell in row] for row in book.active.iter_rows(min_row=2))
        assert row[:3] == [case.number, "实名举报", "办理中"]
        assert [value for value in row[3:] if value] == [row[7]]  # when it was opened
    assert agency.name in sign_in(handler).get(CASES).text


def test_who_handled_a_case_and_does_no_more_sees_it_no_more(app: Flask, make: Make, sign_in: SignIn) -> None:
    first, second = make.officer("reviewer"), make.officer("reviewer")
    case = make.case(CaseKind.COMPLAINT, officers=[first, second])
    with app.app_context(), transaction() as session:
        casework.unassign(session, session.get_one(Case, case.id), first.id, by=second)
    assert sign_in(first).get(f"{CASES}/{case.id}").status_code == 403
    assert sign_in(second).get(f"{CASES}/{case.id}").status_code == 200


def test_nothing_that_an_officer_writes_about_a_complaint_stands_in_the_log_or_in_a_notice(
    app: Flask, make: Make, sign_in: SignIn
) -> None:
    handler, agency = make.officer("reviewer"), make.agency()
    case = make.case(CaseKind.COMPLAINT, agency=agency, by=handler)
    desk, url = sign_in(handler), f"{CASES}/{case.id}"
    desk.post(f"{url}/notes", data={"version": 1, "text": "据车间主任所说"})
    point = {
        "version": 2, "party": f"a:{agency.id}", "misconduct": "falsified", "result": "unsubstantiated",
        "clause": "JL-22-3", "facts": "据车间主任所说", "evidence": "据车间主任所说",
    }  # fmt: skip
    desk.post(f"{url}/points/new", data=point)
    desk.post(f"{url}/conclude", data={"version": 3})
    desk.post(f"{url}/close", data={"version": 4, "outcome": "no_measure", "reason": "据车间主任所说"})
    assert now(app, case).state is CaseState.CLOSED
    with app.app_context():
        logged = db.session.execute(select(AuditEntry.reason, AuditEntry.before, AuditEntry.after)).all()
        assert not [row for row in logged if "车间" in "".join(filter(None, row))]
        assert not db.session.scalars(select(Notice).where(Notice.audience_kind == "agency")).all()
