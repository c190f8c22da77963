"""What is published of decisions: the list, one page each, the agency's page under its old and new name, the feed."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from agency import naming
from agency.models import Agency
from agency.publishing import publish
from agency.queries import particulars_of
from core import clock
from core.db import transaction
from sanctions.models import Measure, Proceeding, State
from tests.factories import Make

pytestmark = pytest.mark.clause("JL-22-3")
ATOM = "{http://www.w3.org/2005/Atom}"


def changed(make: Make, proceeding: Proceeding, **values: object) -> None:
    with make.app.app_context(), transaction() as session:
        row = session.get_one(Proceeding, proceeding.id)
        for name, value in values.items():
            setattr(row, name, value)


@pytest.mark.parametrize("state", [state for state in State if state not in (State.PUBLISHED, State.ANNULLED)])
def test_what_is_not_published_is_nowhere(make: Make, client: FlaskClient, state: State) -> None:
    proceeding = make.proceeding(state)
    assert client.get(f"/circulars/{proceeding.id}").status_code == 404
    for address in ("/circulars", "/circulars.atom"):
        page = client.get(address).text
        assert proceeding.number not in page
        assert f"/circulars/{proceeding.id}" not in page


def test_a_published_circular_says_who_which_measure_and_which_days(make: Make, client: FlaskClient) -> None:
    proceeding = make.proceeding(State.PUBLISHED)
    changed(make, proceeding, published_text="现将有关情况通报如下。\n<b>全文</b>")
    listed, page = client.get("/circulars").text, client.get(f"/circulars/{proceeding.id}").text
    assert proceeding.document is not None
    for text in (listed, page):
        assert proceeding.document in text
    assert "&lt;b&gt;全文&lt;/b&gt;" in page
    assert "不予采信期内" in page
    for inside in (proceeding.number, proceeding.facts, proceeding.evidence):
        assert inside not in page


def test_an_annulled_one_says_so_and_stays(make: Make, client: FlaskClient) -> None:
    proceeding = make.proceeding(State.PUBLISHED)
    changed(
        make, proceeding, state=State.ANNULLED, annulled_at=clock.now(), annulled_document="吉政复决〔2026〕3号",
        annulled_reason="内部说明",
    )  # fmt: skip
    page = client.get(f"/circulars/{proceeding.id}").text
    assert "这一决定已经撤销" in page
    assert "吉政复决〔2026〕3号" in page
    assert "内部说明" not in page
    assert "决定已撤销" in client.get("/circulars.atom").text


def test_a_decision_on_paper_shows_number_and_days_but_not_what_was_found(make: Make, client: FlaskClient) -> None:
    period = make.non_adoption(make.filed_agency())
    page = client.get("/circulars").text
    assert period.document in page
    assert str(period.last_day) in page
    assert period.basis not in page


def test_an_agency_is_found_by_its_old_name_and_shows_its_periods(make: Make, client: FlaskClient) -> None:
    agency = make.filed_agency()
    old = agency.name
    with make.app.app_context(), transaction() as session:
        row = session.get_one(Agency, agency.id)
        naming.set_name(session, row, "吉林省新名评价有限公司", on=clock.today())
        publish(row, particulars_of(session, row))
    period = make.non_adoption(agency)
    over = make.non_adoption(agency, clock.today() - timedelta(days=700))
    found = client.get("/register", query_string={"q": old}).text
    assert "吉林省新名评价有限公司" in found
    assert "评价结果不予采信" in found
    assert "吉林省新名评价有限公司" in client.get("/circulars", query_string={"q": old}).text
    page = client.get(f"/register/{agency.credit_code}").text
    assert old in page
    assert "曾用名" in page
    for each in (period, over):
        assert each.document in page


def test_the_mark_stands_on_the_register_on_the_days_of_the_period_alone(make: Make, client: FlaskClient) -> None:
    agency, today = make.filed_agency(), clock.today()
    make.non_adoption(agency, today + timedelta(days=1))
    assert "不予采信</span>" not in client.get("/register").text
    assert agency.name not in client.get("/register?status=barred").text
    with clock.frozen(clock.now() + timedelta(days=1)):
        assert agency.name in client.get("/register?status=barred").text
        assert client.get("/register.xlsx?status=barred").status_code == 200


def test_the_list_and_the_feed_ask_a_fixed_number_of_queries(
    make: Make, client: FlaskClient, count_queries: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    make.proceeding(State.PUBLISHED)
    counts = []
    for _ in range(2):
        with count_queries() as queries:
            client.get("/circulars")
            feed = client.get("/circulars.atom")
        counts.append(len(queries))
        make.proceeding(State.PUBLISHED)
        make.proceeding(State.PUBLISHED, measure=Measure.CIRCULAR)
    assert counts[0] == counts[1]
    entries = ElementTree.fromstring(feed.data).findall(f"{ATOM}entry")  # noqa: S314 - our own
    assert len(entries) == 3


def test_search_takes_signs_of_sql_literally(make: Make, client: FlaskClient) -> None:
    make.proceeding(State.PUBLISHED)
    for word in ("%", "_", "'", "\\", "<script>"):
        page = client.get("/circulars", query_string={"q": word, "measure": "nonsense", "page": word})
        assert page.status_code == 200
    assert "没有符合条件" in client.get("/circulars?q=%25").text
