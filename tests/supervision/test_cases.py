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
from core.db import db
from notices.models import Notice
from supervision.models import Case, CaseKind, CaseOutcome, CaseState
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
    assert all(outcome.label in page for outcome in CaseOutcome)
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


def test_bureaus_and_agencies_see_no_case(make: Make, sign_in: SignIn) -> None:
    agency = make.agency()
    case = make.case(agency=agency)
    for user in (make.officer("municipal", bureau="changchun"), make.user_of(agency), make.officer("admin")):
        client = sign_in(user)
        assert client.get(f"{CASES}/{case.id}").status_code in (403, 404)
        assert client.get(CASES).status_code == 403
