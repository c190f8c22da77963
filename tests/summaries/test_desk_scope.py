"""The desk's pages of a year as several users open them: scope, lateness to the second, a fixed number of queries."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from accounts.models import User
from agency.models import Agency, FilingStatus
from core import clock
from core.db import db
from summaries.services import opening
from tests.factories import Make

SignIn = Callable[[User], FlaskClient]
CountQueries = Callable[[], AbstractContextManager[list[str]]]


@pytest.fixture(autouse=True)
def november() -> Iterator[None]:
    with clock.frozen(datetime(2026, 11, 21, 9, tzinfo=clock.SHANGHAI)):
        yield


@pytest.fixture
def agency(make: Make) -> Agency:
    """One that evaluates in 2026."""
    made = make.filed_agency()
    with clock.frozen(datetime(2026, 11, 2, 9, tzinfo=clock.SHANGHAI)):
        make.evaluation("registered", agency=made, begun_on=date(2026, 11, 2))
    return made


def opens(app: Flask) -> None:
    with app.app_context():
        opening.open_due(2026, on=clock.today())
        db.session.remove()


def rows_of(page: TestResponse) -> str:
    return page.text.partition("<tbody")[2] if page.text.count("<tbody") == 1 else page.text.rpartition("<tbody")[2]


def test_a_bureau_reads_what_its_own_agencies_handed_in_and_no_others(
    make: Make, sign_in: SignIn, agency: Agency
) -> None:
    own, other = (sign_in(make.officer("municipal", bureau=key)) for key in (agency.bureau, "tonghua"))
    summary = make.summary("handed_in", agency=agency)
    address = f"/desk/summaries/reports/{summary.id}"
    assert (own.get(address).status_code, other.get(address).status_code) == (200, 404)
    assert agency.name in own.get("/desk/summaries/2026").text
    assert agency.name not in other.get("/desk/summaries/2026").text
    assert agency.name not in other.get("/desk/summaries/2026?bureau=changchun").text
    assert own.post(f"{address}/accept", data={"version": summary.version}).status_code == 403
    assert own.get("/desk/summaries/2026/consolidated").status_code == 403


def test_the_overview_says_who_is_late_and_by_how_many_days(
    make: Make, app: Flask, sign_in: SignIn, agency: Agency
) -> None:
    opens(app)
    assert "逾期" not in rows_of(sign_in(make.officer("reviewer")).get("/desk/summaries/2026"))
    with clock.frozen(datetime(2026, 12, 15, 23, 59, 59, tzinfo=clock.SHANGHAI)):
        assert "逾期" not in rows_of(sign_in(make.officer("reviewer")).get("/desk/summaries/2026"))
    with clock.frozen(datetime(2026, 12, 18, tzinfo=clock.SHANGHAI)):
        page = sign_in(make.officer("reviewer")).get("/desk/summaries/2026?standing=overdue")
    assert "逾期 3 天未报" in rows_of(page)


def test_pages_of_the_year_take_the_same_queries_however_many_agencies(
    make: Make, app: Flask, sign_in: SignIn, agency: Agency, count_queries: CountQueries
) -> None:
    make.summary("handed_in", agency=agency)
    client = sign_in(make.officer("reviewer"))
    addresses = [f"/desk/summaries{end}" for end in ("", "/2026", "/2026/consolidated", "/2026/consolidated.xlsx")]

    def costs() -> list[int]:
        found = []
        for address in addresses:
            with count_queries() as queries:
                assert client.get(address).status_code == 200
            found.append(len(queries))
        return found

    opens(app)
    costs()
    few = costs()
    for _ in range(5):
        make.agency(filing_status=FilingStatus.FILED)
    opens(app)
    assert costs() == few
