"""The register: who is in it, what finds them, what of them is shown."""

from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest

from agency import naming, publishing
from agency.models import Agency, FilingStatus, Flag, FlagKind, Standing
from agency.particulars import Capability
from agency.queries import particulars_of
from core import clock
from core.db import db, transaction
from core.paging import bounded_count
from public import queries
from public.queries import Status, Wanted


@pytest.fixture
def listed(app, make):
    """`listed(name, **columns)` puts an agency straight into the register."""

    def put(name, **columns):
        agency = make.agency(name=name)
        values = {"filing_status": FilingStatus.FILED} | columns
        with app.app_context(), transaction() as session:
            row = session.get_one(Agency, agency.id)
            for column, value in values.items():
                setattr(row, column, value)
            publishing.publish(row, particulars_of(session, row))
        return agency

    return put


@pytest.fixture
def names(app):
    """`names(word=…)`: the names that the register answers with."""

    def asked(**wanted):
        with app.app_context():
            return [entry.name for entry in queries.register(db.session(), Wanted(**wanted)).entries]

    return asked


def mark(app, agency, **columns):
    with app.app_context(), transaction() as session:
        values = {"kind": FlagKind.CONDITIONS_NOT_MET, "since": clock.today(), "facts": "王某某离职"} | columns
        session.add(Flag(agency_id=agency.id, **values))


def test_only_who_has_handed_in_a_filing_is_in_it(listed, names, make):
    listed("长春甲公司")
    listed("长春乙公司", filing_status=FilingStatus.PENDING)
    listed("长春丙公司", filing_status=FilingStatus.CANCELLED)
    listed("长春丁公司", filing_status=FilingStatus.NONE)
    listed("长春戊公司", standing=Standing.KNOWN)
    assert sorted(names()) == sorted(["长春甲公司", "长春乙公司", "长春丙公司"])


def test_it_is_ordered_by_pinyin(listed, names):
    for name in ("松原公司", "白山公司", "长春公司", "延边公司"):
        listed(name)
    assert names() == ["白山公司", "长春公司", "松原公司", "延边公司"]


def test_a_part_of_the_name_or_of_the_code_finds_an_agency(listed, names):
    agency = listed("吉林江澜环境技术有限公司")
    listed("松原查干环境工程有限公司")
    for word in ("江", "江澜", "江 澜", "吉林江澜环境技术有限公司", agency.credit_code, agency.credit_code.lower()):
        assert names(word=word) == ["吉林江澜环境技术有限公司"], word
    assert len(names(word="环境")) == 2
    assert len(names(word=agency.credit_code[:8])) == 2
    assert names(word="江干") == names(word="%") == names(word="_") == []


def test_filters_narrow_it(app, listed, names):
    listed("通化甲", bureau="tonghua", does_parks=False)
    listed("外省乙", bureau="", filing_status=FilingStatus.PENDING)
    flagged = listed("白山丙", bureau="baishan", does_parks=False)
    mark(app, flagged)
    mended = listed("白山丁", bureau="baishan", does_parks=False)
    mark(app, mended, cleared_on=clock.today())
    assert names(city="tonghua") == ["通化甲"]
    assert names(city="outside") == ["外省乙"]
    assert names(capability=queries.Capability.PARK) == ["外省乙"]
    assert names(status=Status.PENDING) == ["外省乙"]
    assert names(status=Status.UNMET) == ["白山丙"]
    # the mark stands beside the filing, not in its place
    assert sorted(names(status=Status.FILED)) == sorted(["通化甲", "白山丙", "白山丁"])
    assert names(status=Status.FILED, city="baishan", word="丙") == ["白山丙"]


def test_a_page_takes_a_fixed_number_of_queries(app, listed, client, count_queries):
    def asked(address):
        with count_queries() as queries_run:
            assert client.get(address).status_code == 200
        return len(queries_run)

    for number in range(25):
        listed(f"环境公司{number}")
    assert asked("/register") == 5
    assert asked("/register?q=环境&city=changchun&capability=park&status=filed") == 6


def test_one_can_leaf_through_it(listed, client):
    for number in range(23):
        listed(f"机构{number:02d}")
    first = client.get("/register")
    assert first.text.count("<tr>") == 21
    assert "前一页" not in first.text
    link = first.text.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = client.get(link)
    assert "机构22" in second.text
    assert "机构19" not in second.text
    assert "后一页" not in second.text
    assert 'rel="prev"' in second.text


def test_it_counts_no_further_than_it_must(app, listed):
    for number in range(3):
        listed(f"机构{number}")
    with app.app_context():
        assert queries.register(db.session(), Wanted(), cursor=None).found == 3  # they fit on the page
        rows = queries._asked_for(db.session(), Wanted())
        assert bounded_count(db.session(), rows, most=3) == 3
        assert bounded_count(db.session(), rows, most=2) is None


@pytest.mark.parametrize(
    "address", ["/register?q=没有的机构", "/register?q=%00", "/register?q=%25", "/register?page=x"]
)
def test_an_empty_answer_says_what_to_do(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    assert "查看全部机构" in answer.text or "名录中还没有机构" in answer.text


def test_a_filter_that_does_not_exist_filters_nothing(listed, client):
    listed("长春甲公司")
    page = client.get("/register?city=atlantis&status=x&capability=x&status=y")
    assert "长春甲公司" in page.text
    assert "清除条件" not in page.text


def test_what_is_filtered_can_be_taken_away_as_a_spreadsheet(app, listed, client):
    listed("=1+1公司")
    flagged = listed("白山丙公司", bureau="baishan", filing_number="〔2026〕001", first_filed_on=clock.today())
    mark(app, flagged, mend_by=clock.today() + timedelta(days=9))
    answer = client.get("/register.xlsx?q=公司")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    rows = list(openpyxl.load_workbook(BytesIO(answer.data)).active.iter_rows(values_only=True))
    assert [row[0] for row in rows] == ["机构名称", "=1+1公司", "白山丙公司"]
    assert rows[2][3] == "白山市"
    assert rows[2][5] == "王法定"
    assert rows[2][7:9] == ("已备案", "〔2026〕001")
    assert rows[2][13].date() == clock.today() + timedelta(days=9)
    for narrower in ("city=baishan", "status=unmet"):
        narrowed = client.get(f"/register.xlsx?{narrower}")
        assert openpyxl.load_workbook(BytesIO(narrowed.data)).active.max_row == 2, narrower


def test_an_agencys_page_shows_what_was_filed_and_nobody_of_its_staff(make, client, app):
    agency = make.qualified_agency(name="吉林江澜环境技术有限公司")
    make.filing("filed", agency=agency)
    page = client.get(f"/register/{agency.credit_code}").text
    for words in ("吉林江澜环境技术有限公司", "已备案", "王法定", "11 人", "6 人", "绿色工业园区", agency.address):
        assert words in page
    for words in ("职员", "13804310001", "1380", "李联系", "contact@example.com", "service@example.com"):
        assert words not in page


def test_a_change_shows_once_its_filing_is_in_force(app, make, client):
    agency = make.qualified_agency()
    make.filing("filed", agency=agency)
    with app.app_context(), transaction() as session:
        session.get_one(Agency, agency.id).address = "吉林省长春市净月大街 99 号"
    assert "净月大街" not in client.get(f"/register/{agency.credit_code}").text
    make.filing("filed", agency=agency)
    assert "净月大街" in client.get(f"/register/{agency.credit_code}").text


def test_a_mark_is_shown_with_its_days_and_without_its_facts(app, make, client):
    agency = make.qualified_agency()
    make.filing("filed", agency=agency)
    mark(app, agency, mend_by=clock.today() + timedelta(days=30))
    for address in ("/register", f"/register/{agency.credit_code}"):
        page = client.get(address).text
        assert "条件不符" in page
        assert f"{clock.today() + timedelta(days=30)} 前补正" in page
        assert "王某某" not in page


@pytest.mark.parametrize("state", ["draft", "withdrawn"])
def test_an_agency_that_is_not_public_has_no_page(make, client, state):
    agency = make.qualified_agency()
    make.filing(state, agency=agency)
    assert client.get(f"/register/{agency.credit_code}").status_code == 404


def test_nonsense_has_no_page(client):
    for code in ("x", "91220101MA0TE5T16T", "%00", "'"):
        assert client.get(f"/register/{code}").status_code == 404


def test_a_cancelled_filing_says_since_when(app, make, client):
    filing = make.filing("cancelled")
    page = client.get(f"/register/{filing.agency.credit_code}").text
    assert "已注销备案" in page
    assert f"已于 {clock.today()} 注销" in page


def test_what_an_agency_edits_later_is_not_shown_before_its_change_is_accepted(app, make, names):
    filing = make.filing("filed")
    with app.app_context():
        agency = db.session.get(Agency, filing.agency_id)
        filed_name = agency.name
        with transaction() as session:
            row = session.get_one(Agency, filing.agency_id)
            naming.set_name(session, row, "全国绿色第一评价中心有限公司", on=clock.today())
            row.does_factories = False
    assert names(word="第一评价中心") == []
    assert names(word=filed_name[2:6]) == [filed_name]
    assert names(capability=Capability.FACTORY) == [filed_name]
