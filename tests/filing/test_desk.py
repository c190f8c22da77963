"""The officers' side: the list, the review page, each step with its form, and who may not."""

import re
from collections.abc import Callable
from io import BytesIO

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from accounts.models import User
from agency.models import Office, StaffMember
from agency.particulars import Employment
from core import clock
from core.db import db, transaction
from filing import queries
from filing.models import Filing
from filing.rules import State
from tests.factories import Make

SignIn = Callable[[User], FlaskClient]
TABS = ("", "?tab=particulars", "?tab=materials", "?tab=changes", "?tab=history")
REVIEWERS = ("take", "take-over", "return", "pass")
APPROVERS = ("approve", "refuse", "send-back")


def doubtful_filing(app: Flask, make: Make, reviewer: User) -> tuple[Filing, str]:
    """Under review, the fifth senior re-employed after retirement; and the point to judge."""
    agency = make.qualified_agency(seniors=5)
    with app.app_context(), transaction() as session:
        member = session.scalars(select(StaffMember).where(StaffMember.agency_id == agency.id)).first()
        assert member is not None
        member.employment = Employment.REHIRED
        point = f"staff:{member.id}:full_time"
    return make.filing("under_review", agency=agency, reviewer=reviewer), point


def test_a_filing_is_taken_passed_and_approved_by_two_officers(make: Make, sign_in: SignIn) -> None:
    filing = make.filing("submitted")
    at = f"/desk/filings/{filing.id}"
    reviewer, approver = sign_in(make.officer("reviewer")), sign_in(make.officer("approver"))
    assert "请受理" in reviewer.get(at).text
    assert reviewer.post(f"{at}/take", data={"version": filing.version}).status_code == 302
    assert "审核通过" in reviewer.get(at).text
    passed = reviewer.post(f"{at}/pass", data={"version": filing.version + 1, "reason": "材料齐全"})
    assert passed.status_code == 302
    assert "请审批" in approver.get(at).text
    approved = approver.post(f"{at}/approve", data={"version": filing.version + 2, "reason": "同意"})
    assert approved.status_code == 302
    page = approver.get(at).text
    assert f"〔{clock.today().year}〕001" in page
    assert make.filing_now(filing.id).state is State.FILED


def test_the_reviewer_sees_the_snapshot_and_never_a_moving_target(app: Flask, make: Make, sign_in: SignIn) -> None:
    reviewer = make.officer("reviewer")
    filing = make.filing("under_review", reviewer=reviewer)
    client = sign_in(reviewer)

    def pages() -> dict[str, str]:
        texts = {tab: client.get(f"/desk/filings/{filing.id}{tab}").text for tab in TABS}
        return {tab: re.sub(r'name="csrf_token" value="[^"]*"', "", text) for tab, text in texts.items()}

    before = pages()
    with app.app_context(), transaction() as session:
        session.scalars(select(Office).where(Office.agency_id == filing.agency_id)).one().address = "别处"
        for member in session.scalars(select(StaffMember).where(StaffMember.agency_id == filing.agency_id)):
            member.title, member.name = "技术员", "换了的人"
    assert pages() == before


def test_open_points_are_judged_on_the_review_page(app: Flask, make: Make, sign_in: SignIn) -> None:
    reviewer = make.officer("reviewer")
    filing, point = doubtful_filing(app, make, reviewer)
    client, at = sign_in(reviewer), f"/desk/filings/{filing.id}"
    page = client.get(at).text
    assert "有 1 项待您判断" in page
    assert "退休返聘，是否认可为专职待判断" in page
    form = {"version": filing.version, "points-0-point": point, "points-0-accepted": "yes", "points-0-reason": ""}
    refused = client.post(f"{at}/judge", data=form)
    assert refused.status_code == 422
    assert "请写明判断的理由" in refused.text
    assert client.post(f"{at}/judge", data=form | {"points-0-reason": "全日制工作"}).status_code == 302
    page = client.get(at).text
    assert "各项条件符合" in page
    assert "全日制工作" in page


def test_a_title_is_not_accepted_without_its_level(app: Flask, make: Make, sign_in: SignIn) -> None:
    reviewer = make.officer("reviewer")
    agency = make.qualified_agency(seniors=5)
    with app.app_context(), transaction() as session:
        member = session.scalars(select(StaffMember).where(StaffMember.agency_id == agency.id)).first()
        assert member is not None
        member.title = "首席能效顾问"
        point = f"staff:{member.id}:title"
    filing = make.filing("under_review", agency=agency, reviewer=reviewer)
    client, at = sign_in(reviewer), f"/desk/filings/{filing.id}"
    form = {"version": filing.version, "points-0-point": point, "points-0-accepted": "yes", "points-0-reason": "证书"}
    refused = client.post(f"{at}/judge", data=form)
    assert refused.status_code == 422
    assert "请选择认定的级别" in refused.text
    assert client.post(f"{at}/judge", data=form | {"points-0-level": "deputy_senior"}).status_code == 302


def test_an_agency_reads_the_judgement_with_the_decision_and_not_before(
    app: Flask, make: Make, sign_in: SignIn
) -> None:
    reviewer, approver = make.officer("reviewer"), make.officer("approver")
    filing, point = doubtful_filing(app, make, reviewer)
    client, at = sign_in(reviewer), f"/desk/filings/{filing.id}"
    own = sign_in(make.user_of(filing.agency))
    form = {"points-0-point": point, "points-0-accepted": "yes", "points-0-reason": "返聘合同约定全日制"}
    client.post(f"{at}/judge", data=form | {"version": filing.version})
    assert "返聘合同约定全日制" not in own.get("/filing").text
    client.post(f"{at}/pass", data={"version": filing.version + 1, "reason": "齐全"})
    sign_in(approver).post(f"{at}/approve", data={"version": filing.version + 2, "reason": "同意"})
    assert "返聘合同约定全日制" in own.get("/filing").text


def test_officers_read_who_else_claims_a_person_and_agencies_do_not(app: Flask, make: Make, sign_in: SignIn) -> None:
    first = make.filing("filed", agency=make.qualified_agency(name="吉林先报绿色技术有限公司"))
    later = make.qualified_agency(seniors=5)
    with app.app_context(), transaction() as session:
        there = session.scalars(select(StaffMember).where(StaffMember.agency_id == first.agency_id)).first()
        here = session.scalars(select(StaffMember).where(StaffMember.agency_id == later.id)).first()
        assert there is not None
        assert here is not None
        here.person_id = there.person_id
    reviewer = make.officer("reviewer")
    filing = make.filing("under_review", agency=later, reviewer=reviewer)
    assert "吉林先报绿色技术有限公司" in sign_in(reviewer).get(f"/desk/filings/{filing.id}").text
    own = sign_in(make.user_of(later)).get("/filing").text
    assert "吉林先报绿色技术有限公司" not in own
    assert "该人员另有任职申报，待核" in own


def test_a_return_offers_the_desks_remarks_and_needs_one_item(make: Make, sign_in: SignIn) -> None:
    reviewer = make.officer("reviewer")
    filing = make.filing("under_review", reviewer=reviewer)
    client, at = sign_in(reviewer), f"/desk/filings/{filing.id}"
    client.post(f"{at}/comment", data={"target": "material:office", "text": "合同缺最后一页"})
    assert "合同缺最后一页" in client.get(f"{at}?tab=materials").text
    page = client.get(f"{at}/return").text
    assert "合同缺最后一页" in page.split("内部意见，机构看不到")[1]
    boxes = re.findall(r"<textarea[^>]*>([^<]*)</textarea>", page)
    assert boxes
    assert not any(box.strip() for box in boxes)  # what is sent to the agency is written for it
    empty = client.post(f"{at}/return", data={"version": filing.version, "material-office": "  "})
    assert empty.status_code == 422
    assert "至少写明一项" in empty.text
    done = client.post(f"{at}/return", data={"version": filing.version, "material-office": "请补全合同"})
    assert done.status_code == 302
    assert [(item.target, item.text) for item in make.filing_now(filing.id).return_items] == [
        ("material:office", "请补全合同")
    ]
    assert "合同缺最后一页" not in sign_in(make.user_of(filing.agency)).get("/filing").text


def test_an_empty_remark_is_refused_with_what_would_be_right(make: Make, sign_in: SignIn) -> None:
    filing = make.filing("submitted")
    answer = sign_in(make.officer("reviewer")).post(
        f"/desk/filings/{filing.id}/comment", data={"target": "clause:JL-20-2", "text": " "}
    )
    assert answer.status_code == 422
    assert "请写明意见" in answer.text


def test_the_second_of_two_decisions_is_told_that_the_filing_moved_on(make: Make, sign_in: SignIn) -> None:
    filing = make.filing("reviewed")
    first, second = sign_in(make.officer("approver")), sign_in(make.officer("approver"))
    form = {"version": filing.version, "reason": "已核对，理由甲"}
    assert first.post(f"/desk/filings/{filing.id}/approve", data=form).status_code == 302
    late = second.post(f"/desk/filings/{filing.id}/refuse", data=form)
    assert late.status_code == 409
    assert "状态已经变化" in late.text
    assert "已核对，理由甲" in late.text  # what was typed stays


def test_nobody_approves_what_they_reviewed(make: Make, sign_in: SignIn) -> None:
    officer = make.officer("reviewer", "approver")
    filing = make.filing("reviewed", reviewer=officer)
    client, at = sign_in(officer), f"/desk/filings/{filing.id}"
    assert "您参与了审核，不审批同一备案" in client.get(at).text
    answer = client.post(f"{at}/approve", data={"version": filing.version, "reason": "同意"})
    assert answer.status_code == 422
    assert "审核人不得审批" in answer.text
    assert make.filing_now(filing.id).state is State.REVIEWED


def test_a_refusal_goes_out_with_reasons(make: Make, sign_in: SignIn) -> None:
    filing = make.filing("reviewed")
    client, at = sign_in(make.officer("approver")), f"/desk/filings/{filing.id}"
    assert "申请行政复议" in client.get(f"{at}/refuse").text
    assert client.post(f"{at}/refuse", data={"version": filing.version, "reason": ""}).status_code == 422
    assert client.post(f"{at}/refuse", data={"version": filing.version, "reason": "业绩不实"}).status_code == 302
    assert make.filing_now(filing.id).state is State.REFUSED


@pytest.mark.parametrize("tab", TABS)
def test_a_bureau_reads_but_does_nothing(make: Make, sign_in: SignIn, tab: str) -> None:
    filing = make.filing("submitted")
    client = sign_in(make.officer("municipal", bureau="changchun"))
    page = client.get(f"/desk/filings/{filing.id}{tab}")
    assert page.status_code == 200
    assert "<textarea" not in page.text
    for step in (*REVIEWERS, *APPROVERS, "comment"):
        assert client.post(f"/desk/filings/{filing.id}/{step}", data={"version": filing.version}).status_code == 403


def test_reviewing_and_deciding_are_different_posts(make: Make, sign_in: SignIn) -> None:
    filing = make.filing("submitted")
    reviewer, approver = sign_in(make.officer("reviewer")), sign_in(make.officer("approver"))
    for step in APPROVERS:
        assert reviewer.get(f"/desk/filings/{filing.id}/{step}").status_code == 403
    for step in REVIEWERS:
        assert approver.get(f"/desk/filings/{filing.id}/{step}").status_code == 403


def test_the_admin_and_agencies_have_no_access_and_visitors_sign_in(
    make: Make, sign_in: SignIn, client: FlaskClient
) -> None:
    filing = make.filing("submitted")
    at = f"/desk/filings/{filing.id}"
    assert client.get(at).status_code == 302
    assert sign_in(make.officer("admin")).get(at).status_code == 403
    assert sign_in(make.user_of(filing.agency)).get(at).status_code == 403
    assert sign_in(make.user_of(make.agency())).get(at).status_code == 404


def test_a_draft_is_nobodys_business_yet(make: Make, sign_in: SignIn) -> None:
    filing = make.filing("draft")
    client = sign_in(make.officer("reviewer"))
    assert client.get(f"/desk/filings/{filing.id}").status_code == 404
    assert filing.agency.name not in client.get("/desk/filings").text


def test_materials_are_shown_as_pictures_and_handed_out_as_attachments(app: Flask, make: Make, sign_in: SignIn) -> None:
    filing, other = make.filing("submitted"), make.filing("submitted")
    with app.app_context():
        material = queries.snapshot(db.session.get_one(Filing, filing.id)).materials[0]
    client, at = sign_in(make.officer("reviewer")), f"/desk/filings/{filing.id}/materials/{material.id}"
    assert client.get(at).status_code == 200
    picture = client.get(f"{at}/pages/1.jpg")
    assert (picture.status_code, picture.mimetype) == (200, "image/jpeg")
    file = client.get(f"{at}/file")
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert client.get(f"{at}?page=2").status_code == 404
    assert client.get(f"{at}/pages/2.jpg").status_code == 404
    assert client.get(f"/desk/filings/{other.id}/materials/{material.id}").status_code == 404


def test_the_list_is_filtered_by_its_address(make: Make, sign_in: SignIn) -> None:
    submitted = make.filing("submitted", agency=make.qualified_agency(name="长春市蓝天评价有限公司"))
    filed = make.filing("filed", agency=make.qualified_agency(name="吉林市碧水评价有限公司", division="220202"))
    client = sign_in(make.officer("reviewer"))

    def found(address: str) -> set[str]:
        page = client.get(f"/desk/filings?{address}").text
        return {filing.agency.name for filing in (submitted, filed) if filing.agency.name in page}

    both = {submitted.agency.name, filed.agency.name}
    assert found("") == both
    assert found("state=filed") == {filed.agency.name}
    assert found("q=蓝天") == {submitted.agency.name}
    assert found("bureau=jilin-city") == {filed.agency.name}
    assert found("kind=change") == set()
    assert found(f"year={clock.today().year}") == both
    assert found("year=2024") == set()
    assert found("state=nonsense&page=nonsense") == both


def test_the_list_goes_out_as_a_spreadsheet(make: Make, sign_in: SignIn) -> None:
    filing = make.filing("filed")
    make.filing("submitted")
    answer = sign_in(make.officer("reviewer")).get("/desk/filings/export.xlsx?state=filed")
    sheet = openpyxl.load_workbook(BytesIO(answer.data)).active
    assert sheet is not None
    head, *rows = sheet.iter_rows(values_only=True)
    assert head[:2] == ("机构名称", "统一社会信用代码")
    assert [(row[0], row[5]) for row in rows] == [(filing.agency.name, filing.number)]


def test_the_list_takes_as_many_queries_for_one_filing_as_for_many(app: Flask, make: Make, sign_in: SignIn) -> None:
    client = sign_in(make.officer("reviewer"))

    def queries_of(address: str) -> int:
        statements: list[str] = []

        def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
            statements.append(statement)

        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        assert client.get(address).status_code == 200
        event.remove(engine, "before_cursor_execute", note)
        return len(statements)

    filing = make.filing("under_review")
    few = queries_of("/desk/filings"), queries_of(f"/desk/filings/{filing.id}")
    for _ in range(3):
        make.filing("under_review")
    assert (queries_of("/desk/filings"), queries_of(f"/desk/filings/{filing.id}")) == few


def test_a_number_that_no_row_can_have_is_no_page(make: Make, sign_in: SignIn) -> None:
    client = sign_in(make.officer("reviewer"))
    assert client.get(f"/desk/filings/{2**31}").status_code == 404
    assert client.get(f"/desk/filings/{10**30}").status_code == 404
