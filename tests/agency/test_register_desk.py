"""The desk's register of all agencies: search, filters, pages, export."""

import io
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from accounts.models import User
from agency.models import FilingStatus
from agency.services import ledgers
from tests.factories import Make
from tests.ledgers import FIRST, LONELY, SECOND, bring

AGENCIES = "/desk/agencies"


@pytest.fixture
def desk(make: Make, sign_in: Callable[[User], FlaskClient]) -> FlaskClient:
    return sign_in(make.officer("municipal", bureau="tonghua"))


@pytest.fixture
def agencies(app: Flask, make: Make) -> None:
    """One filed in 长春, one registered in 通化, two known."""
    make.agency(name="衡准绿色技术有限公司", filing_status=FilingStatus.FILED, filing_number="JL-0001")
    make.agency(name="海兰绿色评价有限公司", division="220502")
    with app.app_context():
        brought = bring(LONELY, FIRST)
        ledgers.settle_rest(brought.ledger_id or 0, by=None)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", {"衡准", "海兰绿色", LONELY, FIRST}),
        ("?q=海兰", {"海兰绿色", LONELY}),
        ("?standing=known", {LONELY, FIRST}),
        ("?standing=registered", {"衡准", "海兰绿色"}),
        ("?bureau=tonghua", {"海兰绿色"}),
        ("?filing=filed", {"衡准"}),
        ("?standing=known&q=海兰", {LONELY}),
        ("?standing=nonsense&bureau=nowhere", {"衡准", "海兰绿色", LONELY, FIRST}),
    ],
)
@pytest.mark.usefixtures("agencies")
def test_agencies_are_found_by_word_and_filter(desk: FlaskClient, asked: str, found: set[str]) -> None:
    page = desk.get(AGENCIES + asked).text
    everything = {"衡准", "海兰绿色", LONELY, FIRST}
    assert {name for name in everything if f">{name}" in page} == found
    assert f"找到 {len(found)} 家机构" in page


def test_a_spelling_finds_the_agency_and_is_shown(app: Flask, make: Make, desk: FlaskClient) -> None:
    make.agency(name=SECOND)
    with app.app_context():
        ledgers.settle_rest(bring(FIRST).ledger_id or 0, by=None)
    assert f"又写作：{FIRST}" in desk.get(f"{AGENCIES}?q=（吉林）研究").text


def test_nothing_found_says_what_to_do(desk: FlaskClient) -> None:
    assert "还没有机构" in desk.get(AGENCIES).text
    assert "没有符合条件的机构" in desk.get(f"{AGENCIES}?q=无此机构").text


def test_pages_follow_each_other(app: Flask, desk: FlaskClient) -> None:
    with app.app_context():
        brought = bring(
            *(f"松江{chr(0x4E00 + number * 37)}{chr(0x5E00 + number * 53)}检测评价中心" for number in range(30))
        )
        assert brought.proposals == 0
        ledgers.settle_rest(brought.ledger_id or 0, by=None)
    first = desk.get(AGENCIES)
    link = first.text.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = desk.get(link)
    assert first.text.count('<th scope="row"') == 20
    assert second.text.count('<th scope="row"') == 10


@pytest.mark.usefixtures("agencies")
def test_the_export_holds_what_is_filtered(desk: FlaskClient) -> None:
    answer = desk.get(f"{AGENCIES}/export.xlsx?standing=registered")
    rows = list(load_workbook(io.BytesIO(answer.data)).active.iter_rows(values_only=True))
    assert rows[0][:3] == ("机构名称", "统一社会信用代码", "登记")
    assert {row[0] for row in rows[1:]} == {"衡准绿色技术有限公司", "海兰绿色评价有限公司"}
    assert "JL-0001" in {row[6] for row in rows[1:]}


def test_what_has_no_place_in_the_navigation_is_linked_from_the_register(
    make: Make, sign_in: Callable[[User], FlaskClient]
) -> None:
    doors = {"shared-persons", "code-checks", "titles", "majors"}
    for role, open_to in (("reviewer", doors), ("municipal", {"titles", "majors"})):
        desk = sign_in(make.officer(role, bureau="tonghua" if role == "municipal" else None))
        page = desk.get("/desk/agencies").text
        assert {door for door in doors if f'href="/desk/agencies/{door}"' in page} == open_to
        for door in open_to:
            assert desk.get(f"/desk/agencies/{door}").status_code == 200
