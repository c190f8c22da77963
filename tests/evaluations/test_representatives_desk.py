"""The desk's pages of those near the cap."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from accounts.models import User
from agency import places
from agency.models import Agency, Representation
from core import clock
from core.db import db, transaction
from tests.factories import Make
from tests.factories.agencies import made_up_number
from tests.factories.places import bare_evaluation

LIST = "/desk/evaluations/representatives"
SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def reviewer(make: Make, sign_in: SignIn) -> FlaskClient:
    return sign_in(make.officer("reviewer"))


def fill(app: Flask, agency: Agency, count: int, *, on: date | None = None) -> None:
    day = on or clock.today()
    with app.app_context(), transaction() as session:
        for _ in range(count):
            evaluation = bare_evaluation(session, agency.id, begun_on=day)
            places.take_what_is_free(session, evaluation.id, [agency.id], counted_on=day)


def representative(app: Flask, agency: Agency) -> int:
    with app.app_context():
        rows = select(Representation.person_id).where(Representation.agency_id == agency.id)
        return db.session.scalars(rows).one()


def test_those_near_the_cap_come_first_with_all_their_agencies(app: Flask, make: Make, reviewer: FlaskClient) -> None:
    number = made_up_number()
    first, second = (make.agency(representative_number=number) for _ in range(2))
    far = make.agency()
    fill(app, first, 9)
    fill(app, second, 7)
    fill(app, far, 2)
    page = reviewer.get(LIST).text
    assert f"{first.name} 9 项" in page
    assert f"{second.name} 7 项（其中超额 1 项）" in page
    assert far.name not in page
    assert far.name in reviewer.get(LIST, query_string={"least": "1"}).text
    found = reviewer.get(LIST, query_string={"least": "1", "q": far.name}).text
    assert far.name in found
    assert first.name not in found
    assert number not in page


def test_nothing_near_the_cap_says_where_the_others_are(reviewer: FlaskClient) -> None:
    assert "没有接近上限的" in reviewer.get(LIST).text
    assert "在“已用名额”中选“全部”查看" in reviewer.get(LIST).text
    assert reviewer.get(LIST, query_string={"year": "abc", "least": "x", "page": "?"}).status_code == 200


def test_a_representatives_page_shows_each_place_and_what_is_over(
    app: Flask, make: Make, reviewer: FlaskClient
) -> None:
    number = made_up_number()
    agency = make.agency(representative_number=number)
    fill(app, agency, 16)
    page = reviewer.get(f"{LIST}/{representative(app, agency)}").text
    assert "共 15 个，已用 16 个，剩余 0 个，超额 1 项" in page
    assert page.count('<li class="mine">') == 16  # fifteen places and the line that says whose they are
    assert page.count('<li class="over">') == 2
    assert page.count("长春基石") >= 16
    assert agency.name in page
    assert number not in page
    assert "2025 年国家级评价名额" in reviewer.get(f"{LIST}/{representative(app, agency)}?year=2025").text
    own = reviewer.get(f"{LIST}/agencies/{agency.id}").text
    assert "已用 16 个" in own


def test_a_person_who_never_represented_an_agency_has_no_page(make: Make, reviewer: FlaskClient) -> None:
    assert reviewer.get(f"{LIST}/999").status_code == 404


@pytest.mark.parametrize("role", ["municipal", "admin", "agency"])
def test_whom_a_person_represents_is_the_provincial_desks_business(make: Make, sign_in: SignIn, role: str) -> None:
    user = make.user_of(make.agency()) if role == "agency" else make.officer(role, bureau="changchun")
    assert sign_in(user).get(LIST).status_code == 403


def test_the_list_asks_a_fixed_number_of_queries(
    app: Flask, make: Make, reviewer: FlaskClient, count_queries: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    counts = []
    for _ in range(2):
        fill(app, make.agency(), 12)
        with count_queries() as queries:
            reviewer.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1]
