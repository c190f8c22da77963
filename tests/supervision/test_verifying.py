"""Verifying a case: the other side is heard, evidence cleared copy by copy, nothing held against who wasn't asked."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from accounts.models import User
from core import clock, documents, uploads
from core.audit import AuditEntry
from core.db import db
from notices.models import Notice
from supervision import jobs
from supervision.entries import InquiryEntry, OnSiteEntry, PointEntry
from supervision.models import (
    Case,
    CaseFile,
    CaseKind,
    CaseNote,
    CaseState,
    Inquiry,
    Misconduct,
    OutsideFile,
    Result,
    StepKind,
)
from supervision.queries import matters
from supervision.rules import CaseClosed
from supervision.rules.verifying import MayReveal, NotHeard, NotPossibleNow, NotVerified
from supervision.services import asking, concluding, evidencing
from tests import uploads as files
from tests.factories import Make

SignIn = Callable[[User], FlaskClient]
CASES = "/desk/supervision/cases"


def point(case: Case, result: Result = Result.SUBSTANTIATED, **given: object) -> PointEntry:
    key = f"a:{case.agency_id}" if case.agency_id else f"u:{case.applicant_id}"
    values = {
        "party": key,
        "misconduct": Misconduct.FALSIFIED,
        "clause": "JL-22-3",
        "facts": "少报",
        "evidence": "账单",
    }
    return PointEntry(**{**values, "result": result, **given})  # type: ignore[arg-type]


def main(page: str) -> str:
    """What a page says itself: its frame leads everybody to the form of complaints."""
    return page.partition("<main")[2].partition("</main>")[0]


def events(app: Flask, kind: str) -> list[str]:
    with app.app_context():
        rows = select(Notice.event).where(Notice.audience_kind == kind).order_by(Notice.id)
        return list(db.session.scalars(rows))


def test_the_other_side_is_asked_opens_it_answers_with_files_and_never_sees_the_case(
    app: Flask, make: Make, sign_in: SignIn
) -> None:
    agency, officer = make.agency(), make.officer("reviewer")
    case = make.case(CaseKind.COMPLAINT, agency=agency, by=officer)
    evidence = make.evidence(case, by=officer, cleared=True)
    unseen = make.evidence(case, "内部材料", by=officer)
    row = make.inquiry(case, evidence=[evidence], by=officer)
    client, url = sign_in(make.user_of(agency)), f"/matters/inquiries/{row.id}"

    page = client.get(url).text
    assert row.number in page
    assert "用电量" not in page  # it is opened by a button, and that is kept
    assert client.get(f"{url}/files/{evidence.cleared_file_id}").status_code == 404
    assert client.post(f"{url}/answer", data={"version": 1, "text": "先答"}).status_code == 409
    client.post(f"{url}/open")
    with app.app_context():
        opened = db.session.get_one(Inquiry, row.id).opened_at
    client.post(f"{url}/open")

    page = client.get(url).text
    assert "用电量" in page
    assert evidence.title in page
    for word in (case.number, "案〔", "举报", "内部材料", "zhangsan", officer.display_name):
        assert word not in main(page)
    copy = client.get(f"{url}/files/{evidence.cleared_file_id}/download")
    assert documents.examine(copy.data).pages == 1
    assert "zhangsan" not in copy.headers["Content-Disposition"]
    for file_id in (evidence.file_id, unseen.file_id):
        assert client.get(f"{url}/files/{file_id}").status_code == 404

    given = {"version": 2, "text": "抄表日期不同", "files": (BytesIO(files.blank_pdf(1)), "说明.pdf")}
    assert client.post(f"{url}/answer", data=given).location == url
    again = client.post(f"{url}/answer", data={"version": 2, "text": "再点一次"})
    assert again.status_code == 409
    assert client.post(f"{url}/answer", data={"version": 3, "text": "附账单"}).location == url
    with app.app_context():
        found = db.session.get_one(Inquiry, row.id)
        assert found.opened_at == opened
        assert found.answer is not None
        assert found.answer.startswith("抄表日期不同\n")
        assert "附账单" in found.answer
        assert db.session.query(OutsideFile).filter_by(inquiry_id=row.id).count() == 1
        assert [each.number for each in matters.of_party(db.session(), agency_id=agency.id)] == [row.number]
        logged = set(db.session.scalars(select(AuditEntry.action)))
    assert {"inquiry.sent", "inquiry.opened", "inquiry.answered", "case.evidence_cleared"} <= logged
    assert events(app, "agency") == ["inquiry_sent"]
    assert events(app, "account").count("inquiry_answered") == 2
    assert "抄表日期不同" in sign_in(officer).get(f"{CASES}/{case.id}").text


def test_an_inquiry_is_shown_to_nobody_else(make: Make, sign_in: SignIn) -> None:
    row, other = make.inquiry(agency=make.agency()), make.user_of(make.agency())
    applicant = make.user_of_applicant(make.applicant())
    for user in (other, applicant, make.officer("approver"), make.officer("admin")):
        client = sign_in(user)
        assert client.get(f"/matters/inquiries/{row.id}").status_code == 404
        assert client.post(f"/matters/inquiries/{row.id}/answer", data={"version": 1, "text": "x"}).status_code == 404


def test_a_listed_unit_is_asked_on_its_own_pages(make: Make, sign_in: SignIn) -> None:
    applicant = make.applicant()
    row = make.inquiry(applicant=applicant)
    client, url = sign_in(make.user_of_applicant(applicant)), f"/matters/inquiries/{row.id}"
    client.post(f"{url}/open")
    assert client.post(f"{url}/answer", data={"version": 2, "text": "已核对"}).location == url
    assert "已答复" in client.get(url).text


@pytest.mark.clause("JL-24-2")
@pytest.mark.usefixtures("context")
def test_nothing_is_held_against_whom_nobody_asked_until_the_term_is_over(make: Make) -> None:
    agency, officer = make.agency(), make.officer("reviewer")
    case = make.case(CaseKind.INSPECTION, agency=agency, by=officer)

    def conclude() -> Result:
        return concluding.conclude(case.id, version=make.version(case), by=officer)

    with pytest.raises(NotVerified):
        conclude()
    concluding.add_point(case.id, point(case), version=make.version(case), by=officer)
    with pytest.raises(NotHeard):
        conclude()
    row = make.inquiry(case, due=clock.today() + timedelta(days=5), by=officer)
    with pytest.raises(NotHeard):
        conclude()
    end = clock.end_of(row.due)
    with clock.frozen(end - timedelta(seconds=1)), pytest.raises(NotHeard):
        conclude()
    with clock.frozen(end):
        assert conclude() is Result.SUBSTANTIATED
    asking.open_(row.id, by=officer)
    version = db.session.get_one(Inquiry, row.id).version
    with pytest.raises(NotPossibleNow):  # late answers are taken until then, and no longer
        asking.answer(row.id, "晚了", [], version=version, by=officer)


@pytest.mark.usefixtures("context")
def test_what_is_not_substantiated_needs_no_hearing_and_nothing_is_edited_afterwards(make: Make) -> None:
    officer, approver = make.officer("reviewer"), make.officer("approver")
    case = make.case(CaseKind.INSPECTION, agency=make.agency(), by=officer)
    entry = point(case, Result.UNSUBSTANTIATED)
    concluding.add_point(case.id, entry, version=make.version(case), by=officer)
    assert concluding.conclude(case.id, version=make.version(case), by=officer) is Result.UNSUBSTANTIATED
    for act in (
        lambda version: concluding.add_point(case.id, entry, version=version, by=officer),
        lambda version: evidencing.add(case.id, "补", [], version=version, by=officer),
        lambda version: asking.send(
            case.id, InquiryEntry(entry.party, "再问", clock.today() + timedelta(days=3)), version=version, by=officer
        ),
    ):
        with pytest.raises(NotPossibleNow):
            act(make.version(case))
    with pytest.raises(CaseClosed):
        concluding.reopen(case.id, reason="新证据", version=1, by=approver)
    concluding.reopen(case.id, reason="新证据", version=make.version(case), by=approver)
    assert db.session.get_one(Case, case.id).state is CaseState.OPEN
    concluding.add_point(case.id, entry, version=make.version(case), by=officer)


@pytest.mark.usefixtures("context")
def test_a_text_that_may_give_the_source_away_is_looked_over_first(make: Make) -> None:
    officer = make.officer("reviewer")
    complaint = make.case(CaseKind.COMPLAINT, agency=make.agency(), by=officer)
    inspection = make.case(CaseKind.INSPECTION, agency=make.agency(), by=officer)

    def send(case: Case, text: str, *, looked_over: bool = False) -> Inquiry:
        due = clock.today() + timedelta(days=5)
        entry = InquiryEntry(f"a:{case.agency_id}", text, due, looked_over=looked_over)
        return asking.send(case.id, entry, version=make.version(case), by=officer)

    for text in ("据员工反映，数据不实", "有人举报", "联系 138 0431 0002 核对"):
        with pytest.raises(MayReveal):
            send(complaint, text)
    assert send(complaint, "前任会计移交的账册", looked_over=True).id
    assert send(inspection, "据员工反映，数据不实").id  # nobody is to be protected there
    for case in (complaint, inspection):
        with pytest.raises(MayReveal):
            send(case, f"见 {case.number}", looked_over=True)


@pytest.mark.usefixtures("context")
def test_a_copy_is_made_of_the_chosen_pages_looked_at_and_then_cleared_for_good(make: Make) -> None:
    officer = make.officer("reviewer")
    case = make.case(CaseKind.INSPECTION, agency=make.agency(), by=officer)
    row = make.evidence(case, by=officer)
    with pytest.raises(NotVerified):
        evidencing.clear(case.id, row.id, version=make.version(case), looked_over=True, by=officer)
    evidencing.prepare(case.id, row.id, [2], version=make.version(case), by=officer)
    with pytest.raises(NotVerified):  # seen by nobody yet
        make.inquiry(case, evidence=[row], by=officer)
    evidencing.clear(case.id, row.id, version=make.version(case), looked_over=False, by=officer)
    with pytest.raises(evidencing.AlreadyCleared):
        evidencing.prepare(case.id, row.id, [1, 2], version=make.version(case), by=officer)
    found = db.session.get_one(CaseFile, row.id)
    assert found.cleared is not None
    assert (found.cleared_pages, found.cleared.pages, found.cleared.name) == ([2], 1, f"证据 {row.id}.pdf")
    assert uploads.store().open(found.cleared.digest).count(b"/DCTDecode") == 1


@pytest.mark.usefixtures("context")
def test_on_site_go_two_and_what_they_saw_stays(make: Make) -> None:
    officer = make.officer("reviewer")
    case = make.case(CaseKind.INSPECTION, agency=make.agency(), by=officer)
    for second, day in (("李 核查", 0), ("王核查", 1)):
        entry = OnSiteEntry("李核查", second, clock.today() + timedelta(days=day), "一号车间", "台账缺三个月")
        with pytest.raises(NotVerified):
            evidencing.on_site(case.id, entry, None, version=make.version(case), by=officer)
    entry = OnSiteEntry("李核查", "王核查", clock.today(), "一号车间", "台账缺三个月")
    evidencing.on_site(case.id, entry, None, version=make.version(case), by=officer)
    (note,) = db.session.query(CaseNote).filter_by(case_id=case.id, kind=StepKind.ON_SITE)
    assert "李核查、王核查" in note.text


@pytest.mark.every_zone
@pytest.mark.usefixtures("context")
def test_both_sides_are_reminded_three_days_before_the_end_and_when_it_is_over_once_each(
    app: Flask, make: Make
) -> None:
    row = make.inquiry(agency=make.agency(), due=clock.today() + timedelta(days=10))
    rectification = make.rectification(applicant=make.applicant())
    for what, due, side in (("inquiry", row.due, "agency"), ("rectification", rectification.due, "applicant")):
        for day, told in ((-4, []), (-3, ["due"]), (0, ["due"]), (1, ["due", "over"]), (2, ["due", "over"])):
            jobs.remind_terms(due + timedelta(days=day))
            assert [each for each in events(app, side) if each.startswith(f"{what}_")][1:] == [
                f"{what}_{word}" for word in told
            ]
    assert [each for each in events(app, "role") + events(app, "account") if each.endswith("_desk")] == [
        "inquiry_due_desk", "inquiry_over_desk", "rectification_due_desk", "rectification_over_desk",
    ]  # fmt: skip


def test_the_course_of_a_case_through_its_pages(app: Flask, make: Make, sign_in: SignIn) -> None:
    agency, officer = make.agency(), make.officer("reviewer")
    case = make.case(CaseKind.INSPECTION, agency=agency, by=officer)
    desk, url = sign_in(officer), f"{CASES}/{case.id}"
    assert "询问对方" in desk.get(url).text
    version = iter(range(1, 99))
    pdf = (BytesIO(files.blank_pdf(2)), "账单.pdf")
    desk.post(f"{url}/evidence/new", data={"version": next(version), "title": "账单", "files": pdf})
    copy = f"{url}/evidence/1/copy"
    assert desk.post(copy, data={"version": 2, "pages": "3"}).status_code == 422
    assert desk.post(copy, data={"version": next(version), "pages": "1-2"}).location.startswith(copy)
    assert "副本第 2 页" in desk.get(copy).text
    desk.post(f"{url}/evidence/1/clear", data={"version": next(version)})
    due = (clock.today() + timedelta(days=9)).isoformat()
    asked = {"version": next(version), "party": f"a:{agency.id}", "text": "请说明", "due": due, "evidence": ["1"]}
    desk.post(f"{url}/inquiries/new", data=asked)
    assert "等待答复" in desk.get(url).text
    desk.post(f"{url}/inquiries/1/answer", data={"version": next(version), "text": "书面答复：属实"})
    assert "写明核实结论" in desk.get(url).text
    entry = {
        "version": next(version), "party": f"a:{agency.id}", "misconduct": "inaccurate", "result": "substantiated",
        "clause": "JL-22-1a", "facts": "抄错一位", "evidence": "账单",
    }  # fmt: skip
    wrong = desk.post(f"{url}/points/new", data=entry | {"clause": "JL-22-3"})
    assert wrong.status_code == 422
    assert "条款和违规情形不相配" in wrong.text
    desk.post(f"{url}/points/new", data=entry)
    assert desk.post(f"{url}/conclude", data={"version": next(version)}).status_code == 302
    page = desk.get(url).text
    assert "已核实，待处理" in page
    assert "要求整改" in page
    assert "提出通报并三年不予采信" not in page  # an honest error never leads there
    assert "已纠正，办结" in page
    form = {"version": next(version), "outcome": "corrected", "reason": "已更正报告"}
    assert desk.post(f"{url}/close", data=form).location == url
    with app.app_context():
        assert db.session.get_one(Case, case.id).state is CaseState.CLOSED
    assert "inquiry_ended" in events(app, "agency")
    assert "case_closed" not in events(app, "agency")  # it can't tell an inspection from a complaint
