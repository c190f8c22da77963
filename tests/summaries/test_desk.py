"""The desk's pages of a year: who sees what, reading beside the register, accepting, returning, bringing together."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date, datetime
from io import BytesIO

import pytest
from docx import Document
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select

from accounts.models import User
from agency.models import Agency, FilingStatus
from core import clock
from core.db import db
from notices.models import Notice
from summaries import consolidation, document
from summaries.entries import DraftEntry
from summaries.figures import Stated
from summaries.models import Summary
from summaries.queries import consolidating, years
from summaries.rules import NotPossibleNow, NotReady, Texts
from summaries.services import drafting, handing_in, opening, reading
from summaries.states import State
from tests.factories import Make
from tests.factories.summaries import TEXTS

SignIn = Callable[[User], FlaskClient]
CountQueries = Callable[[], AbstractContextManager[list[str]]]
NOVEMBER = datetime(2026, 11, 21, 9, tzinfo=clock.SHANGHAI)


@pytest.fixture(autouse=True)
def november() -> Iterator[None]:
    with clock.frozen(NOVEMBER):
        yield


@pytest.fixture
def agency(make: Make, context: None) -> Agency:
    """One that evaluates in 2026, two days before the desk looks."""
    made = make.filed_agency()
    with clock.frozen(datetime(2026, 11, 2, 9, tzinfo=clock.SHANGHAI)):
        make.evaluation("registered", agency=made, begun_on=date(2026, 11, 2))
    return made


@pytest.fixture
def summary(make: Make, agency: Agency) -> Summary:
    return make.summary("handed_in", agency=agency, stated={"advice": Stated(7, "两条写在报告正文中")})


@pytest.fixture
def client(make: Make, sign_in: SignIn) -> FlaskClient:
    return sign_in(make.officer("reviewer"))


def again(make: Make, summary: Summary, texts: Texts, stated: dict[str, Stated]) -> None:
    agency = db.session.get_one(Agency, summary.agency_id)
    user, version = make.user_of(agency), make.summary_now(summary).version
    version = drafting.save(agency.id, 2026, DraftEntry(texts, stated), version=version, by=user)
    handing_in.hand_in(agency.id, 2026, version=version, by=user)


def events() -> list[str]:
    db.session.expire_all()
    rows = select(Notice.event).where(Notice.audience_kind == "agency", Notice.event.like("summary_%"))
    return list(db.session.scalars(rows.order_by(Notice.id)))


# ── reading, accepting, returning ─────────────────────────────────────────────────────────────────────────────────────


def test_a_summary_is_read_beside_the_register_with_the_reason_of_what_differs(
    client: FlaskClient, summary: Summary
) -> None:
    page = client.get(f"/desk/summaries/reports/{summary.id}").text
    assert "1 项数字与登记不一致" in page
    assert "两条写在报告正文中" in page
    assert TEXTS.account in page


def test_what_the_register_learned_since_is_marked(make: Make, client: FlaskClient, summary: Summary) -> None:
    make.evaluation("registered", agency=make.filed_agency(), begun_on=date(2026, 11, 20))
    page = client.get(f"/desk/summaries/reports/{summary.id}").text
    assert "上报后有变化" in page


@pytest.mark.clause("JL-22-1c")
def test_a_returned_summary_comes_back_and_is_accepted_and_stays_in_time(
    make: Make, client: FlaskClient, summary: Summary
) -> None:
    address = f"/desk/summaries/reports/{summary.id}"
    points = {"version": summary.version, "points": "请补充自查发现的问题\n\n 培训次数请核对 "}
    assert client.post(f"{address}/return", data=points).status_code == 302
    returned = make.summary_now(summary)
    assert (returned.state, returned.return_reason) == (State.RETURNED, "请补充自查发现的问题\n培训次数请核对")
    with clock.frozen(datetime(2026, 12, 20, 9, tzinfo=clock.SHANGHAI)):
        again(make, summary, Texts("改写后的情况", "自查两处", "", "计划"), {"trainings": Stated(3, "一次未登记")})
    versions = client.get(f"{address}/versions").text
    assert "改写后的情况" in versions
    assert "3（一次未登记）" in versions
    shown = make.summary_now(summary).version
    assert "总结的内容不再修改；2027 年 1 月底前可作补充报告。" in client.get(f"{address}/accept").text
    assert client.post(f"{address}/accept", data={"version": shown, "remark": "来年早报"}).status_code == 302
    accepted = make.summary_now(summary)
    assert (accepted.state, accepted.days_late, accepted.remark) == (State.ACCEPTED, 0, "来年早报")
    assert events()[-2:] == ["summary_received", "summary_accepted"]


def test_what_the_agency_rewrites_is_not_seen_before_it_is_handed_in_again(
    make: Make, client: FlaskClient, agency: Agency
) -> None:
    summary = make.summary("returned", agency=agency)
    entry = DraftEntry(Texts(account="还没有写完的话"), {})
    drafting.save(agency.id, 2026, entry, version=make.summary_now(summary).version, by=make.user_of(agency))
    page = client.get(f"/desk/summaries/reports/{summary.id}").text
    assert "还没有写完的话" not in page
    assert TEXTS.account in page


def test_a_draft_is_its_agencys_own_business(make: Make, client: FlaskClient, agency: Agency) -> None:
    summary = make.summary(agency=agency)
    assert client.get(f"/desk/summaries/reports/{summary.id}").status_code == 404


def test_the_second_of_two_officers_is_told_that_it_moved_on(make: Make, client: FlaskClient, summary: Summary) -> None:
    reading.accept(summary.id, version=summary.version, remark="", by=make.officer("approver"))
    page = client.post(
        f"/desk/summaries/reports/{summary.id}/return", data={"version": summary.version, "points": "请改"}
    )
    assert page.status_code == 409
    assert "已接收" in page.text


def test_nothing_is_returned_without_a_point(make: Make, client: FlaskClient, summary: Summary) -> None:
    with pytest.raises(NotReady):
        reading.return_(summary.id, (), version=summary.version, by=make.officer("reviewer"))
    page = client.post(
        f"/desk/summaries/reports/{summary.id}/return", data={"version": summary.version, "points": " \n "}
    )
    assert page.status_code == 422
    assert make.summary_now(summary).state is State.HANDED_IN


@pytest.mark.parametrize("state", [State.RETURNED, State.ACCEPTED])
def test_only_what_waits_is_accepted(make: Make, agency: Agency, state: State) -> None:
    summary = make.summary(state, agency=agency)
    with pytest.raises(NotPossibleNow):
        reading.accept(summary.id, version=summary.version, remark="", by=make.officer("reviewer"))


# ── the year ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_filter_stands_in_the_address_and_narrows_the_export(
    make: Make, client: FlaskClient, agency: Agency, summary: Summary
) -> None:
    other = make.agency(filing_status=FilingStatus.FILED, division="220502")
    opening.open_due(2026, on=clock.today())
    assert other.name in client.get("/desk/summaries/2026").text
    assert other.name not in client.get("/desk/summaries/2026?standing=to_read").text
    book = load_workbook(BytesIO(client.get("/desk/summaries/2026/export.xlsx?duty=invited").data))
    names = [row[0] for row in book.active.iter_rows(min_row=2, values_only=True)]
    assert names == [other.name]


def test_two_clicks_remind_once(make: Make, client: FlaskClient, agency: Agency) -> None:
    opening.open_due(2026, on=clock.today())
    client.post("/desk/summaries/2026/remind")
    page = client.post("/desk/summaries/2026/remind", follow_redirects=True)
    assert "今天已经提醒过" in page.text
    assert events().count("summary_reminded") == 1


def test_only_the_ticked_are_reminded(make: Make, client: FlaskClient, agency: Agency) -> None:
    make.agency(filing_status=FilingStatus.FILED)
    opening.open_due(2026, on=clock.today())
    page = client.post("/desk/summaries/2026/remind", data={"only": "ticked"}, follow_redirects=True)
    assert "没有勾选机构" in page.text
    row_id = db.session.scalars(select(Summary.id).where(Summary.agency_id == agency.id)).one()
    client.post("/desk/summaries/2026/remind", data={"only": "ticked", "id": [row_id]})
    assert events().count("summary_reminded") == 1


def test_a_year_that_nobody_opened_is_no_page(client: FlaskClient, context: None) -> None:
    assert client.get("/desk/summaries/2026").status_code == 200
    assert client.get("/desk/summaries/2031").status_code == 404
    assert client.get("/desk/summaries/1999").status_code == 404


# ── brought together ──────────────────────────────────────────────────────────────────────────────────────────────────


def together() -> consolidation.Consolidation:
    return consolidating.consolidated(db.session(), years.dates_of(db.session(), 2026), today=clock.today())


def test_sums_are_of_what_was_handed_in_beside_the_register(make: Make, agency: Agency, summary: Summary) -> None:
    year = together()
    advice = year.figure["advice"]
    assert (advice.sum.stated, advice.sum.at_hand_in, advice.sum.differing, advice.now) == (7, 0, 1, 0)
    assert (year.evaluations, year.totals.must, year.totals.owed_handed_in) == (1, 1, 1)
    city = next(row for row in year.cities if row.key == agency.bureau)
    assert (city.stated, city.made, city.totals.must) == (1, 1, 1)


def test_a_returned_one_counts_with_what_it_last_said(make: Make, agency: Agency) -> None:
    summary = make.summary("returned", agency=agency, stated={"advice": Stated(7, "写在报告中")})
    entry = DraftEntry(TEXTS, {"advice": Stated(70, "正在改")})
    drafting.save(agency.id, 2026, entry, version=make.summary_now(summary).version, by=make.user_of(agency))
    assert together().figure["advice"].sum.stated == 7
    row = next(iter(consolidating.agency_rows(db.session(), years.dates_of(db.session(), 2026), today=clock.today())))
    assert row.stated["advice"] == 7


def test_the_sheet_opens_with_its_pages_and_a_line_for_each_agency(
    make: Make, client: FlaskClient, agency: Agency, summary: Summary
) -> None:
    make.agency(name="吉林=1+1公式有限公司", filing_status=FilingStatus.FILED)
    opening.open_due(2026, on=clock.today())
    book = load_workbook(BytesIO(client.get("/desk/summaries/2026/consolidated.xlsx").data))
    assert "现在登记（全部机构）" in client.get("/desk/summaries/2026/consolidated").text
    assert book.sheetnames == ["上报情况", "主要数字", "分地区", "类别和级别", "机构明细"]
    lines = list(book["机构明细"].iter_rows(values_only=True))
    assert {line[0] for line in lines[1:]} == {agency.name, "吉林=1+1公式有限公司"}
    stated = {row[0]: row[2] for row in book["主要数字"].iter_rows(min_row=2, values_only=True)}
    assert stated["提出的提升建议（第二十三条）"] == 7


def test_the_document_opens_in_the_layout_of_official_papers(
    make: Make, client: FlaskClient, agency: Agency, summary: Summary
) -> None:
    answer = client.get("/desk/summaries/2026/consolidated.docx")
    paper = Document(BytesIO(answer.data))
    headings = [each.text for each in paper.paragraphs if each.style.name == "Heading 1"]
    assert headings[:3] == ["一、上报情况", "二、评价开展情况", "三、报告和得分"]
    assert "应当上报的机构 1 家，已上报 1 家" in "".join(each.text for each in paper.paragraphs)
    assert all(table.rows[0]._tr.trPr.find(f"{W}tblHeader") is not None for table in paper.tables)
    assert "PAGE" in paper.sections[0].footer._element.xml
    assert 'w:eastAsia="仿宋"' in paper.styles["Normal"].element.xml


W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def test_the_same_year_makes_the_same_bytes(make: Make, summary: Summary) -> None:
    dates = years.dates_of(db.session(), 2026)
    rows = list(consolidating.agency_rows(db.session(), dates, today=clock.today()))
    assert document.document(together(), rows).read() == document.document(together(), rows).read()


def test_no_person_is_in_what_is_sent_on(make: Make, client: FlaskClient, agency: Agency, summary: Summary) -> None:
    paper = Document(BytesIO(client.get("/desk/summaries/2026/consolidated.docx").data))
    texts = [each.text for each in paper.paragraphs]
    texts += [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    book = load_workbook(BytesIO(client.get("/desk/summaries/2026/consolidated.xlsx").data))
    texts += [str(value) for sheet in book for row in sheet.iter_rows(values_only=True) for value in row if value]
    assert [text for text in texts if "王法定" in text or "职员" in text or "1380431" in text] == []
