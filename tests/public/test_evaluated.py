"""How many evaluations a year an agency makes is public; of whom and for how much is not."""

from io import BytesIO

import openpyxl
from flask import Flask
from flask.testing import FlaskClient

from agency.models import Agency
from core import clock
from core.db import db
from evaluations.rules.states import Level, State
from tests.factories import Make


def code_of(app: Flask, agency: Agency) -> str:
    with app.app_context():
        return db.session.get_one(Agency, agency.id).credit_code or ""


def test_the_page_shows_sums_by_year_and_level_and_nothing_of_the_applicants(
    app: Flask, make: Make, client: FlaskClient
) -> None:
    agency, year = make.filed_agency(), clock.today().year
    made = [make.evaluation(), make.evaluation(level=Level.PROVINCIAL), make.evaluation(level=Level.PROVINCIAL)]
    make.evaluation(State.WITHDRAWN)
    make.evaluation(begun_on=clock.today().replace(year=year - 1, day=1), level=Level.NATIONAL)
    page = client.get(f"/register/{code_of(app, agency)}").text
    cells = [
        f'<th scope="row">{year} 年</th>', '"国家级" class="num">0', '"省级" class="num">2', '"市级" class="num">1',
        '"合计" class="num">3', f'<th scope="row">{year - 1} 年</th>', '"国家级" class="num">1',
    ]  # fmt: skip
    places = [page.find(cell) for cell in cells]
    assert -1 not in places, cells[places.index(-1)]
    assert places[:6] == sorted(places[:6])
    assert not [row.applicant.name for row in made if row.applicant.name in page]
    assert "80,000" not in page
    assert "80000" not in page


def test_the_register_says_how_many_this_year(app: Flask, make: Make, client: FlaskClient) -> None:
    agency, idle = make.filed_agency(), make.filing("filed").agency
    waiting = make.filing("submitted").agency
    for _ in range(2):
        make.evaluation()
    make.evaluation(State.WITHDRAWN)
    counts = {}
    sheet = openpyxl.load_workbook(BytesIO(client.get("/register.xlsx").data)).active
    rows = list(sheet.iter_rows(values_only=True))
    column = rows[0].index("今年评价（项）")
    counts = {row[1]: row[column] for row in rows[1:]}
    assert counts == {code_of(app, agency): 2, code_of(app, idle): 0, code_of(app, waiting): None}
    page = client.get("/register").text
    assert page.count('data-label="今年评价" class="num">2<') == 1
    assert page.count('data-label="今年评价" class="num">0<') == 1
    assert page.count('data-label="今年评价" class="num">—<') == 1
